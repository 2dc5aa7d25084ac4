// What kind of thing the visitor says it is: one each, or none. Radios cannot be taken back by themselves, so a
// second press on the chosen one clears it.

import { element } from '../dom';
import type { Settings } from '../wire';
import { choices } from './choices';

export const category = (
  { categories }: Settings,
  text: { category: string; optional: string },
  chose: (hint: string) => void,
): HTMLElement => {
  let key = '';
  const row = choices('radio', 'category', 'chips', categories);
  row.querySelectorAll('input').forEach((input, at) => {
    // Arrow keys arrive as clicks too, but always on a radio that was not the chosen one.
    input.onclick = () => {
      input.checked = key !== input.value;
      key = input.checked ? input.value : '';
      chose(key && (categories[at]?.hint as string));
    };
    // Browsers ignore the space bar on a chosen radio, and what a finger can take back, a key must too.
    input.onkeyup = (event) => {
      if (event.key !== ' ' || !input.checked) return;
      event.preventDefault();
      input.click();
    };
  });
  return element(
    'fieldset',
    { role: 'radiogroup' },
    element('legend', {}, `${text.category} `, element('small', {}, text.optional)),
    row,
  );
};
