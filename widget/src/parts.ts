// Where a part comes from: baked into the script, or fetched from the collector when it is wanted.

import type accent from './parts/accent';
import type languages from './parts/languages';
import type { After, Tools } from './parts/tools';
import { warn } from './warn';

/** What a site's own script holds beside the core; each but the first two is a function of the tools. */
export interface Parts {
  languages?: typeof languages;
  accent?: typeof accent;
  [name: string]: ((...given: never[]) => unknown) | undefined;
}

/** Throws when it does not come. A part whose address nobody told is asked for under a hash that leads to today's file. */
export const fetching =
  (tools: Tools, baked: Parts): Tools['part'] =>
  async (name) => {
    const path = () => tools.settings.parts?.[name] ?? `/w/1/${name}.0000000000000000.js`;
    return (baked[name] ?? (await import(tools.base + path())).default)(tools as never);
  };

/** What comes after the press; asked for again when it did not come. */
export const following = (part: Tools['part']): (() => Promise<After | undefined>) => {
  let coming: Promise<After> | undefined;
  return () => {
    coming ??= part('after') as Promise<After>;
    return coming.catch((why): undefined => {
      coming = undefined;
      warn(why);
    });
  };
};
