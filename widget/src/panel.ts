// The card that holds one step at a time: non-modal, in the top layer, and deaf to the page around it (and the
// page to it, so that typing "s" never opens the host's search).

import { element } from './dom';

/** What stands in the panel: something to see, and where the keyboard goes. */
export interface Step {
  element: HTMLElement;
  /** What should have the keyboard; without one it is the close button. */
  first?(): HTMLElement;
}

export interface Panel {
  card_: HTMLElement;
  open_(): void;
  close_(): void;
  focus_(): void;
  show_(step: Step, text: { title: string; close: string }): void;
  foot_(...nodes: Node[]): void;
}

export const panel = (dismiss: () => void): Panel => {
  const title = element('h2', { id: 'title' });
  const cross = element('button', { class: 'close' }, '×');
  const inside = element('div');
  const foot = element('div', { class: 'row' });
  const card = element(
    'div',
    {
      class: 'panel',
      part: 'panel',
      role: 'dialog',
      'aria-labelledby': 'title',
      popover: 'manual',
      hidden: '',
    },
    element('div', { class: 'head' }, title, cross),
    element('div', { class: 'step' }, inside, foot),
  );
  let current: Step;

  cross.onclick = dismiss;
  card.onkeydown = (event) => {
    event.stopPropagation();
    // While a word is being composed, Escape belongs to the input method; 229 is how older engines say so.
    if (event.key !== 'Escape' || event.isComposing || event.keyCode === 229) return;
    // A modal dialog of the page, with the panel inside, would close as well.
    event.preventDefault();
    dismiss();
  };
  card.onkeypress = card.onkeyup = (event) => event.stopPropagation();

  const focus = () => (current.first?.() ?? cross).focus();
  return {
    card_: card,
    focus_: focus,
    open_: () => {
      // `hidden` alone decides where there are no popovers; there the card is an ordinary box.
      card.hidden = false;
      card.showPopover?.();
    },
    close_: () => {
      card.hidePopover?.();
      card.hidden = true;
    },
    show_: (step, text) => {
      current = step;
      title.textContent = text.title;
      cross.ariaLabel = text.close;
      inside.replaceChildren(step.element);
      if (!card.hidden) focus();
    },
    foot_: (...nodes) => foot.replaceChildren(...nodes),
  };
};
