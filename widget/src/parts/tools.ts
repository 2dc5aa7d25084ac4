// What the core hands to a part. A part is a file of its own, fetched or baked in only where a survey needs it. It may
// bundle the core's pure files; the core's state it meets here and nowhere else.

import type { element } from '../dom';
import type { Step } from '../panel';
import type { Ask } from '../steps/ask';
import type { choices } from '../steps/choices';
import type { comment } from '../steps/comment';
import type { Store } from '../store';
import type { words } from '../text';
import type { Attributes, Choice, Identity, Said, Settings } from '../wire';

/** One line of `lukewarm('explain')`. */
export interface Line {
  rule: string;
  verdict: string;
  why: string;
}

export interface Tools {
  element: typeof element;
  ask: Ask;
  choices: typeof choices;
  comment: typeof comment;
  /** Words in the survey's language, the core's English laid under; a part lays its own English under these. */
  text: ReturnType<typeof words> & Record<string, string>;
  settings: Settings;
  /** The collector's address. */
  base: string;
  site: string;
  /** What the site's tag, or `start`, says beside. */
  said: Said;
  host: HTMLElement;
  root: ShadowRoot;
  /** For decisions in the page; they are sent only without Global Privacy Control. */
  attributes: Attributes;
  /** Undefined where nobody was identified; not to be used under Global Privacy Control: see `parts/privacy.ts`. */
  identity?: Identity;
  /** `shown`: it came up by itself, and takes no focus. Does nothing when it stands open. */
  open(how: 'shown' | 'opened'): Promise<void>;
  close(): void;
  isOpen(): boolean;
  /** Puts a step into the panel; after the last one the next opening begins anew. */
  show(step: Step, last?: boolean): void;
  /** Announced by screen readers, and seen nowhere. */
  say(words: string): void;
  /** Brought by the part `after`, which comes before every other but `scales` and `inline`. */
  store: Store;
  /** Each name is counted once per page view. */
  outcomes: string[];
  /** Tells the page: as a DOM event, and into `dataLayer` where there is one. Never the visitor's words. */
  tell(event: string, detail?: object): void;
  /** The handler gets the DOM event; what happened is in its `detail`. */
  on(event: string, heard: (event: CustomEvent) => void): void;
  off(event: string, heard: (event: CustomEvent) => void): void;
  /** Another part; throws when it does not come. */
  part(name: string): Promise<unknown>;
  warn(...why: unknown[]): void;
  /** Aborted by `destroy`; whatever listens outside of the shadow root is given it. */
  signal: AbortSignal;
  /** There where the survey has rules for when it shows. */
  when?: When;
}

/**
 * A form that was opened, and what was said at each press for which the part `after` had not come. The core leaves it so on the
 * device, with whatever JSON takes of the tools. `mark` lies between 0 and 1.
 */
export type Left = [
  at: number,
  page: string,
  mark: number,
  of: Pick<Tools, 'base' | 'site' | 'settings' | 'said' | 'attributes' | 'identity'>,
  ...presses: Choice[],
];

/** Earlier cores hand over no more than this; a page that holds one is led to the part of today. */
export type Began = [at: number, page: string];

/** What the part `after` is: called once for each form, with how to read it and how it began, then at each press. */
export type After = (
  content: () => Choice,
  left: Left | Began,
) => (done: (complaint: string) => void) => void;

/** What the part `when` is: told of every change of route and every `track`. */
export interface When {
  explain(): Line[];
  track(name: string): void;
  route(): void;
}

/** What the part `contact` is: the step that asks for an address. */
export type ContactPart = (
  send: (body: string, done: (complaint: string) => void, refused: string, kept: () => void) => void,
  /** With what is to be announced, if not thanks. */
  done: (said: string) => void,
) => Step;
