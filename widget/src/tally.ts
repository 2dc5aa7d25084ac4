// What became of showing the form, for the page and for the counts: events while it happens, and one message when the
// page hides. Neither holds a word of the visitor's, nor anything that tells one visitor from another.

import { send, warn } from './send';
import { pageOf } from './wire';

export interface Tally {
  /** Tells the page: as a DOM event, and into `dataLayer` where there is one. */
  tell(event: string, detail?: object): void;
  /** Counted once per page view. */
  outcome(name: string): void;
  had(name: string): boolean;
  /** Sends what was not sent yet. */
  report(survey: string | undefined): void;
  /** Another page view begins. */
  anew(): void;
}

/** Without an address nothing is sent. */
export const tally = (address: string | undefined): Tally => {
  let counted: string[] = [];
  let reported = 0;
  let page = pageOf(location);
  return {
    tell: (event, detail = {}) => {
      try {
        document.dispatchEvent(new CustomEvent(`lukewarm:${event}`, { detail }));
        window.dataLayer?.push({ event: `lukewarm_${event}`, ...detail });
      } catch (why) {
        warn(why);
      }
    },
    outcome: (name) => {
      if (!counted.includes(name)) counted.push(name);
    },
    had: (name) => counted.includes(name),
    report: (survey) => {
      const outcomes = counted.slice(reported);
      reported = counted.length;
      if (address && outcomes.length) send(address, JSON.stringify({ survey, page, outcomes }));
    },
    anew: () => {
      counted = [];
      reported = 0;
      page = pageOf(location);
    },
  };
};
