// A form that is sent once: its button, its error line and the rule that a second press while sending does
// nothing. What was typed stays until the collector has it.

import { element } from '../dom';
import type { Hear, Outbox } from '../outbox';
import type { Reply } from '../send';
import type { Entry } from '../store';
import type { Text } from '../text';

export interface Asked {
  element: HTMLFormElement;
  complain(words: string): void;
}

export type Ask = (
  text: Text,
  label: string,
  fields: (Node | string)[],
  beside: Node[],
  /** What to post, or nothing when the form has complained about itself instead. */
  pack: () => Omit<Entry, 'at'> | undefined,
  /** Given what the collector said to it. */
  taken: (said: Reply[1]) => void,
  /** Told of every reply, before anything is shown of it. */
  heard?: (reply: Reply) => void,
) => Asked;

export const asking =
  (post: Outbox['post']): Ask =>
  (text, label, fields, beside, pack, taken, heard) => {
    let sending = false;
    const error = element('p', { id: 'error', role: 'alert' });
    const button = element('button', { class: 'send' }, label);
    const form = element('form', {}, ...fields, error, element('div', { class: 'row' }, button, ...beside));
    const complain = (words: string) => {
      // The same words again, after another try by the clock, would be read out again.
      if (error.textContent !== words) error.textContent = words;
    };
    const busy = (now: boolean) => {
      sending = now;
      button.textContent = now ? text.sending : label;
      // Not `disabled`: that would drop the focus.
      button.setAttribute('aria-disabled', `${now}`);
    };
    const hear: Hear = (reply, kept) => {
      const [verdict, said] = reply;
      busy(false);
      heard?.(reply);
      complain(verdict === 'taken' ? '' : text[kept && verdict === 'failed' ? 'queued' : verdict]);
      if (verdict === 'taken') taken(said);
    };
    form.onsubmit = (event) => {
      event.preventDefault();
      if (sending) return;
      complain('');
      const packed = pack();
      if (!packed) return;
      busy(true);
      post(packed, hear);
    };
    return { element: form, complain };
  };
