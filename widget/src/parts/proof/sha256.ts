// SHA-256 (FIPS 180-4), as much of it as a proof of work needs. SubtleCrypto is missing on plain-http pages, and answers
// later, which costs more than the hash.

/** The first 32 bits of the fractional part. */
const fraction = (root: number): number => ((root % 1) * 2 ** 32) | 0;

const primes: number[] = [];
for (let n = 2; primes.length < 64; n++) if (primes.every((prime) => n % prime)) primes.push(n);
const rounds = Int32Array.from(primes, (prime) => fraction(Math.cbrt(prime)));
const start = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
type Eight = [number, number, number, number, number, number, number, number];

const words = new Int32Array(64);
const word = (at: number): number => words[at] as number;
const turned = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

/** The first word of the hash of at most 55 letters of ASCII. */
export const firstWord = (text: string): number => {
  words.fill(0, 0, 16);
  const put = (at: number, byte: number) => {
    words[at >> 2] = word(at >> 2) | (byte << (24 - (at & 3) * 8));
  };
  for (let at = 0; at < text.length; at++) put(at, text.charCodeAt(at));
  put(text.length, 128);
  words[15] = text.length * 8;
  let [a, b, c, d, e, f, g, h] = start as Eight;
  for (let at = 0; at < 64; at++) {
    if (at > 15) {
      const near = word(at - 2);
      const far = word(at - 15);
      words[at] =
        (turned(near, 17) ^ turned(near, 19) ^ (near >>> 10)) +
        word(at - 7) +
        (turned(far, 7) ^ turned(far, 18) ^ (far >>> 3)) +
        word(at - 16);
    }
    const one =
      h +
      (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) +
      ((e & f) ^ (~e & g)) +
      Number(rounds[at]) +
      word(at);
    const two = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  return (a + Number(start[0])) >>> 0;
};
