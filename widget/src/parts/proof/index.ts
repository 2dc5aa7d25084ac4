// What the collector asks for when very many submissions come: a number that takes a moment to find. Fetched only then.

import { firstWord } from './sha256';

/** Milliseconds at a time; then the page has its turn. */
const slice = 12;

/**
 * The challenge, a dot and the number after which the hash of the challenge's last part begins with as many zero bits as
 * its first part says: at most 32.
 */
export default async (challenge: string): Promise<string> => {
  const bits = Number.parseInt(challenge, 10);
  const signature = challenge.replace(/.*\./, '');
  for (let number = 0, since = performance.now(); ; number++) {
    if (Math.clz32(firstWord(`${signature}.${number}`)) >= bits) return `${challenge}.${number}`;
    if (number % 64 === 63 && performance.now() - since > slice) {
      await new Promise((done) => setTimeout(done));
      since = performance.now();
    }
  }
};
