import type { LukewarmAttributes, LukewarmEvents, LukewarmIdentity, LukewarmStart } from '../lukewarm';

/** What is on the page; another value of any of them mounts the form anew. */
export interface Options extends Omit<LukewarmStart, 'test' | 'settings'> {
  /** Shows the form and records nothing. */
  test?: boolean;
}

/** Who the visitor is; may change at any time, and `undefined` is nobody. */
export interface Visitor {
  identity?: LukewarmIdentity | undefined;
  attributes?: LukewarmAttributes | undefined;
}

export type ReactProps = Options &
  Visitor & {
    [Name in keyof LukewarmEvents as `on${Capitalize<Name>}`]?: (detail: LukewarmEvents[Name]) => void;
  };

/** In templates an event is `@sent`, which is the property `onSent`. */
export type VueProps = ReactProps;

export type SvelteProps = Options &
  Visitor & { [Name in keyof LukewarmEvents as `on${Name}`]?: (detail: LukewarmEvents[Name]) => void };

export const EVENTS: readonly (keyof LukewarmEvents)[];

/** Puts the form on the page; one at a time. */
export function mount(
  options: Options,
  tell: <Name extends keyof LukewarmEvents>(event: Name, detail: LukewarmEvents[Name]) => void,
): {
  update(identity?: LukewarmIdentity, attributes?: LukewarmAttributes): void;
  destroy(): void;
};
