// The card that holds one step at a time: non-modal, in the top layer, and deaf to the page around it (and the
// page to it, so that typing "s" never opens the host's search).

import { element, icon } from './dom';
import type { Text } from './text';

/** What stands in the panel: something to see, and where the keyboard goes. */
export interface Step {
  element: HTMLElement;
  /** What should have the keyboard; without one it is the close button. */
  first?(): HTMLElement;
}

export interface Panel {
  element: HTMLElement;
  open(): void;
  close(): void;
  focus(): void;
  show(step: Step, text: Text): void;
  foot(...nodes: Node[]): void;
}

export const panel = (dismiss: () => void): Panel => {
  const title = element('h2', { id: 'title' });
  const cross = element('button', { class: 'close' }, icon('M6 6l12 12M18 6L6 18'));
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
  let first: Step['first'];

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

  const focus = () => (first?.() ?? cross).focus();
  return {
    element: card,
    focus,
    open: () => {
      // `hidden` alone decides where popovers are unknown; there the card is an ordinary fixed one.
      card.hidden = false;
      card.showPopover?.();
    },
    close: () => {
      card.hidePopover?.();
      card.hidden = true;
    },
    show: (step, text) => {
      first = step.first;
      title.textContent = text.title;
      cross.setAttribute('aria-label', text.close);
      inside.replaceChildren(step.element);
      if (!card.hidden) focus();
    },
    foot: (...nodes) => foot.replaceChildren(...nodes),
  };
};
