// What became of showing the form, in one message when the page hides. It holds no word of the visitor's, and nothing
// that tells one visitor from another.

import { pageOf } from '../../wire';

export interface Tally {
  /** What was not told yet, as a body; nothing when there is nothing to say. */
  report_(survey: string): string | undefined;
  /** Another page view begins. */
  anew_(): void;
}

/** `outcomes` is filled elsewhere; each name counts once. */
export const tally = (outcomes: string[]): Tally => {
  let reported = 0;
  let page = pageOf(location);
  return {
    report_: (survey) => {
      const fresh = outcomes.filter((name, at) => at >= reported && outcomes.indexOf(name) === at);
      reported = outcomes.length;
      return fresh[0] && JSON.stringify({ survey, page, outcomes: fresh });
    },
    anew_: () => {
      outcomes.length = reported = 0;
      page = pageOf(location);
    },
  };
};
