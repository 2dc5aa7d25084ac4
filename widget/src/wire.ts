// The twin of the server's schemas: what travels, under which names and to which addresses. Property names here
// are the wire's own, which is why the build never mangles properties.

import type { Text } from './text';

/** A newer or an older collector may say more or less than this: only what a form cannot do without is required. */
export interface Settings {
  survey: string;
  open: true;
  language: string;
  direction?: 'ltr' | 'rtl';
  scale: { lowest: number; highest: number; lowest_label: string; highest_label: string };
  prompt: string;
  categories: { key: string; label: string; hint: string }[];
  look?: {
    launcher?: string;
    position?: string;
    theme?: string;
    accent?: { light: string; dark: string; on_light: string; on_dark: string } | null;
    scale?: string;
  };
  /** What was picked and left is kept unless this is false. */
  keep_partial?: boolean;
  contact?: { channels: string[]; version: string; consent: Record<string, string> } | null;
  when?: object | null;
  /** Name of a part to its path on the collector. */
  parts?: Record<string, string>;
  /** The interface in the survey's language; empty for English, which the widget carries itself. */
  text?: Partial<Text>;
  /** Names of the five steps, worst to best, where they are drawn. */
  faces?: string[];
}

/** What a site's tag says in its data- attributes, or a page by `lukewarm('start', …)`. It wins over the survey's look. */
export interface Said {
  src?: string | undefined;
  site?: string;
  language?: string;
  position?: string;
  theme?: string;
  launcher?: string;
  /** There, with whatever value: it shows and records nothing. */
  test?: string;
  /** Settings as JSON. */
  settings?: string;
}

export type Attributes = Record<string, string | number | boolean>;

export interface Identity {
  id: string;
  email?: string;
  phone?: string;
  expires: number;
  signature: string;
}

/** What a visitor chose and wrote so far. Nothing chosen is undefined; 0 is a score. */
export interface Choice {
  score: number | undefined;
  category: string;
  comment: string;
  /** Filled in by machines only. */
  trap: string;
}

/** What of a response can be amended; what was left empty is left out on the wire. */
export interface Content extends Choice {
  language: string;
  attributes?: Attributes | undefined;
  /** From opening to sending. */
  seconds?: number | undefined;
  partial?: true;
}

export interface FollowUp {
  token: string;
  question: string;
  kind: 'areas' | 'text' | 'both';
  areas: { key: string; label: string }[];
}

export interface Receipt {
  id: string;
  /** The response's own; missing from an older collector. */
  token?: string;
  follow_up: FollowUp | null;
}

/** The address at which a response is amended, from the one at which it was sent. */
export const amendment = (address: string, token: string): string =>
  address.replace(/sites.*/, `responses/${token}`);

/** Empty strings and lists are left out; a score of 0 is a score. */
export const body = (value: object): string =>
  JSON.stringify(value, (_, part) => (part?.length === 0 ? undefined : part));

/** The page without its fragment; empty for anything that is not http(s), such as a saved file. */
export const pageOf = (place: Pick<Location, 'origin' | 'pathname' | 'search'>): string =>
  /^http/.test(place.origin) ? place.origin + place.pathname + place.search : '';
