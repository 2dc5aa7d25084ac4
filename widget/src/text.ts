// Decides the interface's words. English is read at build time from the collector's own language file, so there
// is one source; every other language arrives with the survey and is laid over it. The core carries the words of the
// form, the part `after` those of what follows.

import { widget } from '../../collector/surveys/languages/en.json';

export type Text = typeof widget;

// One by one, so that the build leaves out the others; in the order that compresses best.
const english = {
  optional: widget.optional,
  launcher: widget.launcher,
  pick: widget.pick,
  failed: widget.failed,
  comment: widget.comment,
  close: widget.close,
  title: widget.title,
  privacy: widget.privacy,
  sending: widget.sending,
  send: widget.send,
  category: widget.category,
};

/** A language that lacks a line shows the English one rather than a hole. */
export const words = (theirs?: Partial<Text>): typeof english => ({ ...english, ...theirs });

/** The first that says something: the tag, the page, the browser. Many templates print `pt_BR` for `pt-BR`. */
export const language = (tag: string | undefined, page: string, browser: string): string =>
  (tag || page || browser).replace(/_/g, '-');

/** The exact language, else the longest that it begins with, else the first, which is the site's own. */
export const closest = <T>(there: Record<string, T>, asked: string): T | undefined => {
  const tags = Object.keys(there);
  const begins = (tag: string) => `${asked}-`.toLowerCase().startsWith(`${tag}-`.toLowerCase());
  return there[tags.filter(begins).sort().pop() ?? (tags[0] as string)];
};
