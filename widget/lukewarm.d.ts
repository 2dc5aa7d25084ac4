// The types of `lukewarm(…)` for pages that are written in TypeScript: copy this file, or reference it. The script itself
// needs nothing of it.

/** A value the page knows about its visitor or itself, for rules and for the team. At most twenty, none of them secret. */
export type LukewarmAttributes = Record<string, string | number | boolean>;

/** Who the visitor is, signed by the site's own server. Nothing of it is sent under Global Privacy Control. */
export interface LukewarmIdentity {
  id: string;
  email?: string;
  phone?: string;
  /** Seconds since 1970. */
  expires: number;
  signature: string;
}

/** What a script tag says in its data- attributes. */
export interface LukewarmStart {
  /** The script's address, which also tells where the collector is. */
  src: string;
  /** The site's public key; a site's own script knows it. */
  site?: string;
  language?: string;
  position?: 'left' | 'right';
  theme?: 'auto' | 'light' | 'dark';
  launcher?: 'button' | 'tab' | 'element' | 'inline' | 'none';
  /** There, with whatever value: the form is shown and nothing is recorded. */
  test?: string;
  /** The survey's settings as JSON. */
  settings?: string;
}

/** What each event carries; never a word that the visitor wrote. */
export interface LukewarmEvents {
  /** The script is there. */
  ready: null;
  /** The form came up by itself. */
  shown: null;
  /** The visitor, or the page, opened it. */
  opened: null;
  closed: null;
  /** A number was picked; `sent` carries the one that was meant. */
  scored: { score: number };
  sent: { score: number; category: string };
  /** A follow-up question is asked. */
  offered: null;
  answered: null;
  /** Something did not arrive and waits on the device. */
  queued: null;
}

export type LukewarmListener<Name extends keyof LukewarmEvents> = (
  event: CustomEvent<LukewarmEvents[Name]>,
) => void;

export interface Lukewarm {
  (command: 'open' | 'close' | 'destroy' | 'explain'): void;
  (command: 'start', options: LukewarmStart): void;
  /** `undefined` forgets who it was, on signing out. */
  (command: 'identify', who: LukewarmIdentity | undefined): void;
  (command: 'set', attributes: LukewarmAttributes): void;
  /** Something happened that a survey may wait for. */
  (command: 'track', name: string): void;
  <Name extends keyof LukewarmEvents>(
    command: 'on' | 'off',
    event: Name,
    listener: LukewarmListener<Name>,
  ): void;
  /** Calls that were made before the script came. */
  q?: IArguments[] | unknown[][];
}

type LukewarmDomEvents = {
  [Name in keyof LukewarmEvents as `lukewarm:${Name}`]: CustomEvent<LukewarmEvents[Name]>;
};

declare global {
  var lukewarm: Lukewarm | undefined;
  interface DocumentEventMap extends LukewarmDomEvents {}
}
