// Decides how one response stays one. Its first body may have been stored although no receipt came, so the same body
// goes out again until there is a receipt; whatever differs from it follows as an amendment.

import { amendment } from './outbox';
import type { Reply } from './send';
import type { Entry } from './store';
import { body } from './wire';

export interface Letter {
  /** What has to be posted so that this content is the response's. */
  next(content: object): Omit<Entry, 'at'>;
  heard(reply: Reply): void;
}

export const letter = (address: string, head: object): Letter => {
  let first: string | undefined;
  let token: string | undefined;
  return {
    next: (content) => {
      const amended = body(content);
      if (token) return { address: amendment(address, token), body: amended };
      const whole = body({ ...head, ...content });
      first ??= whole;
      return { address, body: first, amend: first === whole ? undefined : amended };
    },
    heard: ([verdict, said]) => {
      if (verdict === 'taken') token ??= said.token;
      // Surely not stored: the next one may say something else under the same id.
      if (verdict === 'refused') first = undefined;
    },
  };
};
