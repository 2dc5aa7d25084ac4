// Decides how the collector is spoken to, and what its status means for the person who waits: taken, failed (the
// same press may be tried again) or refused (trying again cannot help).

export type Verdict = 'taken' | 'failed' | 'refused';

/** Worth another press: a time-out, a full house, a broken server. */
export const verdict = (status: number): Verdict =>
  status < 400 ? 'taken' : status > 499 || status === 408 || status === 429 ? 'failed' : 'refused';

export const warn = (...why: unknown[]): void => console.warn('lukewarm:', ...why);

/** Asks, or posts when there is a body; never rejects. What is not JSON is no reply. */
export const send = async (address: string, body?: string): Promise<[Verdict, unknown?]> => {
  try {
    const answer = await fetch(address, {
      method: body ? 'POST' : 'GET',
      // A plain string is text/plain, which spares the preflight.
      body: body ?? null,
      credentials: 'omit',
      // Outlives the page; but browsers refuse it above 64 KiB, and a character is at most three bytes.
      keepalive: !!body && body.length < 2e4,
      // A hung connection must not leave "Sending" on the screen.
      signal: AbortSignal.timeout(2e4),
    });
    const meaning = verdict(answer.status);
    const reply = await answer.json().catch(() => null);
    // A refusal is a problem+json (RFC 9457); its words are for the console, never for the visitor.
    if (meaning !== 'taken') warn(answer.status, reply?.title ?? '', reply?.detail ?? '');
    return [meaning, reply];
  } catch (why) {
    warn(why);
    return ['failed'];
  }
};
