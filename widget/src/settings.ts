// Decides what is known of the survey: nothing came and it may be asked for again, or it is closed to this page.

import { verdict } from './send';
import { warn } from './warn';
import type { Settings } from './wire';

/** Undefined when nothing useful came; a survey that is not open when the collector refused. Never rejects. */
export const settings = async (address: string): Promise<Settings | { open: false } | undefined> => {
  try {
    const answer = await fetch(address, { credentials: 'omit', signal: AbortSignal.timeout(2e4) });
    const said = await answer.json();
    if (answer.ok) return said;
    // A refusal is a problem+json (RFC 9457); its words are for the console, never for the visitor.
    warn(answer.status, said.title, said.detail);
    if (verdict(answer.status) === 'refused') return { open: false };
  } catch (why) {
    warn(why);
  }
  return;
};
