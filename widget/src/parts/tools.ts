// What the core hands to a part. A part is a file of its own, fetched or baked in only where a survey needs it; it
// imports types from the core, and nothing else.

import type { element, icon } from '../dom';
import type { Reply } from '../send';
import type { Ask } from '../steps/ask';
import type { Stored } from '../store';
import type { Text } from '../text';
import type { Attributes, Identity, Said, Settings } from '../wire';

/** One line of `lukewarm('explain')`. */
export interface Line {
  rule: string;
  verdict: string;
  why: string;
}

export interface Tools {
  element: typeof element;
  icon: typeof icon;
  ask: Ask;
  /** Words in the survey's language, the core's English laid under; a part lays its own English under these. */
  text: Text;
  settings: Settings;
  /** What the site's tag, or `start`, says beside. */
  said: Said;
  host: HTMLElement;
  root: ShadowRoot;
  /** For decisions in the page; they are sent only without Global Privacy Control. */
  attributes(): Attributes;
  /** Undefined where nobody was identified, and under Global Privacy Control. */
  identity(): Identity | undefined;
  /** `shown`: it came up by itself, and takes no focus. Does nothing when it stands open. */
  open(how: 'shown' | 'opened'): Promise<void>;
  close(): void;
  isOpen(): boolean;
  /** A row under the form, until the form was sent; without nodes the row is cleared. */
  foot(...nodes: Node[]): void;
  /** Never throws; for the page's life where storage is blocked. `write` tells whether the device took it. */
  store: { read(): Stored; write(change: (stored: Stored) => void): boolean };
  /** Counted once per page view. */
  outcome(name: string): void;
  /** The handler gets the DOM event; what happened is in its `detail`. */
  /** Tells the page: as a DOM event, and into `dataLayer` where there is one. Never the visitor's words. */
  tell(event: string, detail?: object): void;
  on(event: string, heard: (event: CustomEvent) => void): void;
  off(event: string, heard: (event: CustomEvent) => void): void;
  /** Posts a body, or asks when there is none; never rejects. */
  send(address: string, body?: string): Promise<Reply>;
  warn(...why: unknown[]): void;
  /** Aborted by `destroy`; whatever listens outside of the shadow root is given it. */
  signal: AbortSignal;
}

/** What the part `when` is: told of every change of route and every `track`. */
export interface When {
  explain(): Line[];
  track(name: string): void;
  route(): void;
  destroy(): void;
}
