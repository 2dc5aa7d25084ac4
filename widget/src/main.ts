// Reads its own tag, offers `lukewarm(…)` to the page, and mounts when the page is really there. Whatever goes
// wrong is said in the console and nowhere else.

import type { Lukewarm } from '../lukewarm';
import type { Parts } from './parts';
import { settings } from './settings';
import { language } from './text';
import { warn } from './warn';
import { type Widget, widget } from './widget';
import type { Said, Settings } from './wire';

type Command = (name: string, ...rest: unknown[]) => void;

type Stub = Command & { q?: Parameters<Command>[]; ready?: boolean };

/** What the server puts in place of the literal, in the per-site script. */
interface Baked {
  site: string;
  base?: string;
  surveys: Record<string, Settings>;
  parts: Parts;
}

const baked = 'lukewarm:baked' as unknown as Baked;

// A tag manager may have bundled the code into another script, and for a module there is none. Only now: in a callback
// it is null.
const script =
  document.querySelector<HTMLScriptElement>('script[src*="/w/1/"]') ??
  (document.currentScript as HTMLScriptElement | null);

const event = (name: string) => new Promise((go) => document.addEventListener(name, go, { once: true }));

const mount = async (said: Said): Promise<Widget> => {
  // Empty for a script of the page's own origin.
  const base = (SITE ? baked.base : undefined) ?? said.src?.split('/w/1/')[0];
  const site = SITE ? baked.site : said.site;
  if (base == null || !site) throw 'data-site is missing';
  // A prerendered page may never be seen.
  if (document.prerendering) await event('prerenderingchange');
  if (!document.body) await event('DOMContentLoaded');
  if (SITE) {
    const { surveys, parts } = baked;
    const known = parts.languages ? parts.languages(surveys, said) : Object.values(surveys)[0];
    return widget(base, site, said, known, parts);
  }
  const wanted = language(said.language, document.documentElement.lang, navigator.language);
  const known = said.settings ? (JSON.parse(said.settings) as Settings) : undefined;
  return widget(base, site, said, known, {}, () =>
    settings(`${base}/v1/sites/${site}/survey?language=${wanted}`),
  );
};

// An element of the page's with that name or id is no earlier one of ours, whatever it has.
const earlier = window.lukewarm as unknown as Stub | undefined;
if (earlier?.ready === true) warn('included twice');
else {
  let mounted: Promise<Widget>;
  const start = (said: Said) => {
    command.ready = true;
    mounted = mount(said);
    mounted.catch(warn);
  };
  const command: Stub = (name, ...rest) => {
    if (name === 'start') {
      if (!command.ready) start(rest[0] as Said);
      return;
    }
    if (name === 'destroy') command.ready = false;
    mounted
      .then((made) => (made as unknown as Record<string, Command | undefined>)[name]?.(...(rest as [never])))
      .catch(warn);
  };
  const calls = (earlier?.call && earlier.q) || [];
  const first = calls.find(([name]) => name === 'start');
  start((first?.[1] as Said | undefined) ?? { ...script?.dataset, src: script?.src });
  window.lukewarm = command as unknown as Lukewarm;
  // Calls made before the script came, in their order.
  for (const call of calls) command(...call);
}
