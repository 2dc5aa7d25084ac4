// Decides the interface's words. English is read at build time from the collector's own language file, so there
// is one source; every other language arrives with the survey and is laid over it.

import { widget } from '../../collector/surveys/languages/en.json';

export type Text = typeof widget;

/** A language that lacks a line shows the English one rather than a hole. */
export const words = (theirs?: Partial<Text>): Text => ({ ...widget, ...theirs });

/** The first that says something: the tag, the page, the browser. Many templates print `pt_BR` for `pt-BR`. */
export const language = (...asked: (string | undefined)[]): string =>
  (asked.find(Boolean) ?? 'en').replace(/_/g, '-');

/** The exact language, else its base, else the first, which is the site's own. */
export const closest = <T>(there: Record<string, T>, asked: string): T | undefined => {
  const tags = Object.keys(there);
  const wanted = asked.toLowerCase();
  const find = (tag?: string) => tags.find((known) => known.toLowerCase() === tag);
  return there[find(wanted) ?? find(wanted.split('-')[0]) ?? (tags[0] as string)];
};
