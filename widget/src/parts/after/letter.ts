// Decides how one response stays one. Its first body may have been stored although no receipt came, so the same body
// goes out again until there is a receipt; whatever differs from it follows as an amendment.

import type { Reply } from '../../send';
import type { Entry } from '../../store';
import { amendment, body } from '../../wire';

/** What is posted to where; `amend` follows to the response's own address. */
export type Packed = Omit<Entry, 'at'>;

export interface Letter {
  /** What has to be posted so that this content is the response's. */
  next_(content: object): Packed;
  heard_(reply: Reply): void;
}

export const letter = (address: string, head: object): Letter => {
  let first: string | undefined;
  let token: string | undefined;
  return {
    next_: (content) => {
      const amend = body(content);
      if (token) return { address: amendment(address, token), body: amend };
      const whole = body({ ...head, ...content });
      first ??= whole;
      return first === whole ? { address, body: first } : { address, body: first, amend };
    },
    heard_: ([verdict, said]) => {
      if (verdict === 'taken') token ??= said.token;
      // Surely not stored: the next one may say something else under the same id.
      if (verdict === 'refused') first = undefined;
    },
  };
};
