// Never loses an answer: what was sent and did not arrive waits on the device and is sent again: by the clock, when
// the connection is back, and on the next page. Ids make it harmless if two tabs send the same.

import type { Reply, send } from '../../send';
import type { Entry, Store } from '../../store';
import { amendment } from '../../wire';
import type { Packed } from './letter';

/** Told of the reply, and again of every later try, with whether the body waits on the device. */
export type Hear = (reply: Reply, kept?: boolean) => void;

/** Seconds to the next try: at least what the collector asked for, longer each time up to minutes, with jitter. */
export const pause = (tries: number, after = 0, random: number = Math.random()): number =>
  Math.max(after, Math.min(2 ** tries, 60) * (2 + 2 * random));

/** At most nine entries, none older than seven days; the newest stay. */
export const fresh = (queue: Entry[], now: number): Entry[] =>
  queue.filter(({ at }) => now - at < 6048e5).slice(-9);

export interface Outbox {
  post_(packed: Packed, hear: Hear): Promise<void>;
  flush_(): void;
}

export const outbox = (
  { read, write }: Store,
  talk: typeof send,
  prove: (challenge: string) => Promise<string>,
  signal: AbortSignal,
  queued: () => void,
): Outbox => {
  const ears = new Map<string, Hear>();
  let tries = 0;
  let timer = 0;

  const attempt = async (entry: Entry): Promise<boolean> => {
    const keep = (failed: boolean) =>
      write((stored) => {
        const others = stored.queue.filter(({ body }) => body !== entry.body);
        stored.queue = fresh(failed ? [...others, entry] : others, Date.now());
      });
    let reply = await talk(entry.address, entry.body);
    const challenge = reply[1]?.challenge;
    if (challenge) {
      // It takes a moment, and whoever leaves meanwhile must not lose a word.
      keep(true);
      reply = await prove(challenge).then(
        (proof) => talk(`${entry.address}?proof=${proof}`, entry.body),
        () => reply,
      );
    }
    if (entry.amend && reply[0] === 'taken')
      reply = await talk(amendment(entry.address, reply[1].token), entry.amend);
    const failed = reply[0] === 'failed';
    const kept = keep(failed);
    clearTimeout(timer);
    if (!failed) tries = 0;
    else if (!signal.aborted) timer = setTimeout(flush, 1e3 * pause(tries++, reply[2]));
    ears.get(entry.body)?.(reply, kept);
    if (!failed) ears.delete(entry.body);
    return !failed;
  };

  const each = async () => {
    for (const entry of fresh(read().queue, Date.now())) if (!(await attempt(entry))) return;
  };

  const flush = () => {
    // One tab is enough, and who finds the lock taken need not wait. Without a secure context there are no locks, and
    // where storage is blocked each request for one is refused.
    if (navigator.locks)
      navigator.locks.request('lukewarm', { ifAvailable: true }, (lock) => lock && each()).catch(each);
    else each();
  };

  signal.addEventListener('abort', () => clearTimeout(timer));
  addEventListener('online', flush, { signal });
  return {
    post_: async (packed, hear) => {
      const entry = { at: Date.now(), ...packed };
      ears.set(entry.body, hear);
      if (await attempt(entry)) flush();
      else queued();
    },
    flush_: flush,
  };
};
