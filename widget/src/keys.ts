// What is typed inside never reaches the page's shortcuts, so that an "s" never opens its search; nor does what presses the
// launcher. Every other key on the launcher is the page's.

export const keys = (box: HTMLElement, open: () => unknown, close: () => void): void => {
  let leaving = false;
  box.onkeydown =
    box.onkeypress =
    box.onkeyup =
      (event) => {
        const { key, type } = event;
        if (open() || / |Enter/.test(key)) event.stopPropagation();
        if (!open() || key !== 'Escape') return;
        // While a word is being composed, Escape belongs to the input method; 229 is how older engines say so.
        if (type === 'keydown') leaving = !event.isComposing && event.keyCode !== 229;
        // Not before the key is let go: its end would reach the page, where the keyboard goes back to.
        else if (leaving) close();
        // A modal dialog of the page, with the panel inside, would close as well.
        if (leaving) event.preventDefault();
      };
};
