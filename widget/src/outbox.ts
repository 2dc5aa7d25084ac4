// Never loses an answer: what was sent and did not arrive waits on the device and is sent again: by the clock, when
// the connection is back, and on the next page. Ids make it harmless if two tabs send the same.

import { type Reply, send } from './send';
import type { Entry, Store } from './store';

/** Told of every try, so possibly again, much later; `kept` is whether it waits on the device. */
export type Hear = (reply: Reply, kept?: boolean) => void;

/** Seconds to the next try: what the collector asked for, or twice as long each time, with jitter, up to some minutes. */
export const pause = (tries: number, after = 0, random: number = Math.random()): number =>
  Math.max(after, Math.min(2 ** tries, 60) * (2 + 2 * random));

/** At most nine entries, none older than seven days; the newest stay. */
export const fresh = (queue: Entry[], now: number): Entry[] =>
  queue.filter(({ at }) => now - at < 6048e5).slice(-9);

/** The address at which a response is amended, from the one at which it was sent. */
export const amendment = (address: string, token: string): string =>
  `${new URL(`../../responses/${token}`, address)}`;

export interface Outbox {
  post(entry: Omit<Entry, 'at'>, hear: Hear): Promise<void>;
  flush(): void;
}

export const outbox = ({ read, write }: Store, signal: AbortSignal): Outbox => {
  const ears = new Map<string, Hear>();
  let tries = 0;
  let timer = 0;
  const attempt = async (entry: Entry, hear?: Hear): Promise<boolean> => {
    let reply = await send(entry.address, entry.body);
    if (entry.amend && reply[0] === 'taken')
      reply = await send(amendment(entry.address, reply[1].token), entry.amend);
    const failed = reply[0] === 'failed';
    const kept = write((stored) => {
      const others = stored.queue.filter(({ body }) => body !== entry.body);
      stored.queue = fresh(failed ? [...others, entry] : others, Date.now());
    });
    if (failed) {
      clearTimeout(timer);
      if (!signal.aborted) timer = setTimeout(flush, 1e3 * pause(tries++, reply[2]));
      if (hear) ears.set(entry.body, hear);
    } else {
      tries = 0;
      ears.delete(entry.body);
    }
    hear?.(reply, kept);
    return !failed;
  };
  const each = async () => {
    for (const entry of fresh(read().queue, Date.now()))
      if (!(await attempt(entry, ears.get(entry.body)))) return;
  };
  const flush = () => {
    // One tab is enough; and who finds the lock taken need not wait for it.
    if (navigator.locks) navigator.locks.request('lukewarm', { ifAvailable: true }, (lock) => lock && each());
    else each();
  };
  signal.addEventListener('abort', () => clearTimeout(timer));
  addEventListener('online', flush, { signal });
  return {
    post: async (entry, hear) => {
      if (await attempt({ at: Date.now(), ...entry }, hear)) flush();
    },
    flush,
  };
};
