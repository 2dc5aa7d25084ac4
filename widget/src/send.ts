// Decides how the collector is spoken to, and what its status means for the person who waits: taken, failed (the
// same may be tried again) or refused (trying again cannot help).

import { warn } from './warn';

export type Verdict = 'taken' | 'failed' | 'refused';

/** The verdict, what was said, and after how many seconds to come again. */
// biome-ignore lint/suspicious/noExplicitAny: whoever asked knows what it asked for.
export type Reply = [verdict: Verdict, said?: any, after?: number];

/** Worth another try: a time-out, a full house, a broken server. */
export const verdict = (status: number): Verdict =>
  status < 400 ? 'taken' : status > 499 || status === 408 || status === 429 ? 'failed' : 'refused';

/** Posts; never rejects. A 200 from a hotel's login page is not taken. */
export const send = async (address: string, body: string): Promise<Reply> => {
  try {
    const answer = await fetch(address, {
      method: 'POST',
      // A plain string is text/plain, which spares the preflight.
      body,
      credentials: 'omit',
      // Outlives the page; but browsers refuse it above 64 KiB, and a character is at most three bytes.
      keepalive: body.length < 2e4,
      // A hung connection must not leave "Sending" on the screen.
      signal: AbortSignal.timeout(2e4),
    });
    const meaning = verdict(answer.status);
    const said = await answer.json().catch(() => {});
    if (answer.status === 204 || (meaning === 'taken' && (said?.id || said?.state))) return [meaning, said];
    warn(answer.status, said?.title ?? '', said?.detail ?? '');
    return [meaning === 'taken' ? 'failed' : meaning, said, +(answer.headers.get('retry-after') ?? 0)];
  } catch (why) {
    warn(why);
    return ['failed'];
  }
};
