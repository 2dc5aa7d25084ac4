// A row of things that can be chosen: native radios or checkboxes, each lying over its words. Arrow keys, RTL, the
// single tab stop and forced colours come from the browser.

import { element } from '../dom';

export const choices = (
  type: 'radio' | 'checkbox',
  name: string,
  look: string,
  options: { key: string; label: string }[],
): HTMLElement =>
  element(
    'div',
    { class: look },
    ...options.map(({ key, label }) =>
      element(
        'label',
        { class: 'choice' },
        element('input', { type, name, value: key }),
        element('span', { dir: 'auto' }, label),
      ),
    ),
  );
