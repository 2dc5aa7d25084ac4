// The button that waits on the page. It says when a person comes near, so that the survey is there on the press.

import { element, icon } from './dom';

export interface Launcher {
  element: HTMLButtonElement;
  /** English until the survey has come in its own language. */
  label(words: string): void;
  busy(waiting: boolean): void;
}

const bubble = 'M6 4h12q3 0 3 3v7q0 3-3 3h-6l-5 4v-4H6q-3 0-3-3V7q0-3 3-3z';

export const launcher = (near: () => void, press: () => void): Launcher => {
  const button = element('button', { class: 'launcher', part: 'launcher', 'aria-haspopup': 'dialog' });
  button.onpointerenter = button.onfocus = near;
  button.onclick = press;
  return {
    element: button,
    label: (words) => {
      button.replaceChildren(icon(bubble), words);
    },
    busy: (waiting) => button.setAttribute('aria-busy', `${waiting}`),
  };
};
