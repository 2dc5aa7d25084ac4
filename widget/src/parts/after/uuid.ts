// Makes the id of a submission: UUIDv7 (RFC 9562, section 5.7), so ids sort by the time the form was opened.
// crypto.randomUUID is missing on plain-http pages and makes version 4; getRandomValues is there on both.

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/** The bits of a number between 0 and 1, the highest first: what serves as random where the same id is made again. */
export const bits = (mark: number): Uint8Array =>
  Uint8Array.from({ length: 10 }, (_, at) => mark * 256 ** (at + 1));

/** 48 bits of milliseconds, the version, 12 random bits, the variant, 62 random bits. */
export const uuid = (
  now: number = Date.now(),
  random: Uint8Array = crypto.getRandomValues(new Uint8Array(10)),
): string => {
  const digits = Array.from(random, (byte, at) => hex(at === 2 ? (byte & 63) | 128 : byte, 2)).join('');
  return (hex(now, 12) + 7 + digits.slice(1)).replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
};
