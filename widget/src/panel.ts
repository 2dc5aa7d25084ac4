// The card that holds one step at a time: non-modal, in the top layer.

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
  /** Has it laid out, unseen, where it will stand: the dear part of opening is paid before the press. */
  warm_(): void;
  focus_(): void;
  show_(step: Step, text: { title: string; close: string }): void;
}

export const panel = (dismiss: () => void): Panel => {
  const title = element('h2', { id: 'title' });
  const cross = element('button', { class: 'close' }, '×');
  const inside = element('div');
  const card = element(
    'div',
    {
      class: 'panel',
      role: 'dialog',
      part: 'panel',
      hidden: '',
      popover: 'manual',
      'aria-labelledby': 'title',
    },
    element('div', { class: 'head' }, title, cross),
    element('div', { class: 'step' }, inside),
  );
  let current: Step;
  let seen = false;

  /** Already in the top layer while it is warm: to get there later would have it laid out anew. */
  const raise = (look: string) => {
    card.className = `panel ${look}`;
    // `hidden` alone decides where there are no popovers; there the card is an ordinary box.
    card.hidden = false;
    card.showPopover?.();
  };
  cross.onclick = dismiss;
  const focus = () => (current.first?.() ?? cross).focus();
  return {
    card_: card,
    focus_: focus,
    warm_: () => {
      // What was taken away meanwhile would throw.
      if (!seen && card.isConnected) raise('warm');
    },
    open_: () => {
      seen = true;
      raise('panel');
    },
    close_: () => {
      seen = false;
      card.hidePopover?.();
      card.hidden = true;
    },
    show_: (step, text) => {
      current = step;
      title.textContent = text.title;
      cross.ariaLabel = text.close;
      inside.replaceChildren(step.element);
      if (seen) focus();
    },
  };
};
