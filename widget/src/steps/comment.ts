// A place for words, with a line of help that stays in sight while they are written (a placeholder would vanish
// with the first letter, and is read out unreliably).

import { element } from '../dom';

export interface Comment {
  element: HTMLElement;
  /** Blanks alone are no words; any others are kept as they are. */
  value(): string;
  hint(help: string): void;
}

export const comment = (label: string, optional: string, describedBy: string): Comment => {
  const help = element('p', { class: 'hint', id: 'hint' });
  const field = element('textarea', {
    dir: 'auto',
    'aria-describedby': describedBy,
    maxlength: '4000',
    id: 'comment',
  });
  return {
    element: element(
      'div',
      { class: 'comment' },
      // The space keeps the two apart where the name is read out as one.
      element('label', { for: 'comment' }, `${label} `, element('small', {}, optional)),
      help,
      field,
    ),
    value: () => field.value.trim() && field.value,
    hint: (words) => {
      help.textContent = words;
    },
  };
};
