// The one place of the visitor's device that is written to, under one key and only after an act of theirs: something
// was sent and did not arrive, or they said later, never, or no. Empty again, the key is gone.

/** A body on its way. `amend` is what has to follow as an amendment, once the receipt has come. */
export interface Entry {
  at: number;
  address: string;
  body: string;
  amend?: string | undefined;
}

export interface Stored {
  queue: Entry[];
  asked: Record<string, { at: number; verdict: string }>;
}

export interface Store {
  read(): Stored;
  /** Whether the device took it; else it is kept for the page's life. */
  write(change: (stored: Stored) => void): boolean;
}

const key = 'lukewarm';
const nothing = '{"queue":[],"asked":{}}';

/** `entry` reads what the core left in a line of its own; nothing of it need be kept. */
export const store = (entry: (line: string) => Entry[]): Store => {
  let held: Stored = JSON.parse(nothing);
  let blocked = false;
  /** Where cookies are blocked the mere access throws. */
  const attempt = (act: () => void) => {
    try {
      if (!blocked) act();
    } catch {
      blocked = true;
    }
  };
  const read = () => {
    attempt(() => {
      const [first, ...lines] = (localStorage.getItem(key) ?? '').split('\n');
      held = { ...JSON.parse(nothing), ...JSON.parse(first || '{}') };
      // The later line of a form holds what the earlier one does.
      for (const one of lines.flatMap(entry))
        held.queue = [...held.queue.filter(({ body }) => body !== one.body), one];
    });
    return held;
  };
  return {
    read,
    write: (change) => {
      change(read());
      attempt(() => {
        const text = JSON.stringify(held);
        if (text === nothing) localStorage.removeItem(key);
        else localStorage.setItem(key, text);
      });
      return !blocked;
    },
  };
};
