// The twin of the server's schemas: what travels, under which names and to which addresses. Property names here
// are the wire's own, which is why the build never mangles properties.

import type { Text } from './text';

export interface Survey {
  survey: string;
  open: boolean;
  language: string;
  direction: 'ltr' | 'rtl';
  scale: { lowest: number; highest: number; lowest_label: string; highest_label: string };
  prompt: string;
  categories: { key: string; label: string; hint: string }[];
  /** The interface in the survey's language; left out for English, which the widget carries itself. */
  text?: Partial<Text>;
}

/** What was left empty is an empty string here, and left out on the wire. */
export interface Submission {
  id: string;
  survey: string;
  score: number;
  category: string;
  comment: string;
  page: string;
  language: string;
}

export interface FollowUp {
  token: string;
  question: string;
  kind: 'areas' | 'text' | 'both';
  areas: { key: string; label: string }[];
}

export interface Receipt {
  id: string;
  follow_up: FollowUp | null;
}

export interface Answer {
  areas: string[];
  text: string;
}

export interface StoredAnswer {
  state: string;
}

/** An address under /v1 of the collector; a key or a token is one step of the path, whatever it contains. */
export const address = (base: string, ...steps: string[]): string =>
  [`${base}/v1`, ...steps.map(encodeURIComponent)].join('/');

/** Empty strings and lists are left out; a score of 0 is a score. */
export const body = (value: Submission | Answer): string =>
  JSON.stringify(value, (_, part) => (part?.length === 0 ? undefined : part));

/** The page without its fragment; empty for anything that is not http(s), such as a saved file. */
export const pageOf = (place: Pick<Location, 'origin' | 'pathname' | 'search'>): string =>
  /^http/.test(place.origin) ? place.origin + place.pathname + place.search : '';
