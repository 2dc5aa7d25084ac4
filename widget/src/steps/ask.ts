// A form that is sent once: its button, its error line and the rule that a second press while sending does
// nothing. What was typed stays until the collector has it.

import { element } from '../dom';

export type Ask = (
  label: string,
  fields: (Node | string)[],
  beside: Node[],
  /** At each press; `done` is told what to complain of, or an empty string, and may be told again later. */
  press: (done: (complaint: string) => void) => void,
) => HTMLFormElement;

export const asking =
  (sending: string): Ask =>
  (label, fields, beside, press) => {
    const error = element('p', { id: 'error', role: 'alert' });
    const button = element('button', { class: 'send' });
    const busy = (now: boolean) => {
      button.textContent = now ? sending : label;
      // Not `disabled`: that would drop the focus.
      button.ariaDisabled = `${now}`;
    };
    const complain = (words: string) => {
      error.textContent = words;
    };
    const form = element('form', {}, ...fields, error, element('div', { class: 'row' }, button, ...beside));
    // Not at `change`, which comes with the press on a button, and would move the button away from under it.
    form.oninput = () => complain('');
    form.onsubmit = (event) => {
      event.preventDefault();
      if (button.ariaDisabled === 'true') return;
      complain('');
      busy(true);
      press((complaint) => {
        busy(false);
        complain(complaint);
      });
    };
    busy(false);
    return form;
  };
