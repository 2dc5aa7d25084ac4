// How the page hears what happens: as DOM events, and in its `dataLayer` where it has one.

import type { Tools } from './parts/tools';
import { warn } from './warn';

export const tell: Tools['tell'] = (event, detail) => {
  try {
    document.dispatchEvent(new CustomEvent(`lukewarm:${event}`, { detail }));
    window.dataLayer?.push({ event: `lukewarm_${event}`, ...detail });
  } catch (why) {
    warn(why);
  }
};

/** Until the signal. */
export const hearing =
  (signal: AbortSignal): Tools['on'] =>
  (event, heard) =>
    document.addEventListener(`lukewarm:${event}`, heard as EventListener, { signal });

export const off: Tools['off'] = (event, heard) =>
  document.removeEventListener(`lukewarm:${event}`, heard as EventListener);
