// A form that is sent once: its button, its error line and the rule that a second press while sending does
// nothing. What was typed stays until the collector has it.

import { element } from '../dom';
import { send, warn } from '../send';
import type { Text } from '../text';

export interface Ask {
  element: HTMLFormElement;
  button: HTMLButtonElement;
  complain(words: string): void;
}

export const ask = (
  text: Text,
  label: string,
  address: string,
  fields: (Node | string)[],
  beside: Node[],
  /** The body to send, or nothing when the form has complained about itself instead. */
  pack: () => string | undefined,
  /** Returns whether the reply is one; a 200 from a hotel's login page is not. */
  taken: (reply: unknown) => boolean,
  /** Told when the body was surely not stored; after any other failure it may have been. */
  refused: () => void = () => {},
): Ask => {
  let sending = false;
  const error = element('p', { id: 'error', role: 'alert' });
  const button = element('button', { class: 'send' }, label);
  const form = element('form', {}, ...fields, error, element('div', { class: 'row' }, button, ...beside));
  const complain = (words: string) => {
    error.textContent = words;
  };
  const busy = (now: boolean) => {
    sending = now;
    button.textContent = now ? text.sending : label;
    // Not `disabled`: that would drop the focus.
    button.setAttribute('aria-disabled', `${now}`);
  };
  form.onsubmit = async (event) => {
    event.preventDefault();
    if (sending) return;
    complain('');
    const body = pack();
    if (!body) return;
    busy(true);
    const [verdict, reply] = await send(address, body);
    busy(false);
    if (verdict === 'refused') refused();
    if (verdict !== 'taken') complain(text[verdict]);
    else if (!taken(reply)) {
      warn('not a reply of the collector');
      complain(text.failed);
    }
  };
  return { element: form, button, complain };
};
