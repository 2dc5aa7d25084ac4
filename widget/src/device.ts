// The core's way to what waits on the device: whether there is something, and one more press that could not be sent while
// the part that sends is not there. The part reads it: `parts/after/left.ts`.

/** What lies there, with `left` as one more line of it. Nothing where storage is blocked: there the mere access throws. */
export const device = (left?: object): string | undefined => {
  try {
    if (left) localStorage.lukewarm = [localStorage.lukewarm, JSON.stringify(left)].join('\n');
    return localStorage.lukewarm;
  } catch {}
  return;
};
