// Reads its own tag, offers `lukewarm(…)` to the page, and mounts when the page is really there. Whatever goes
// wrong is said in the console and nowhere else.

import { warn } from './send';
import { language } from './text';
import { type Widget, widget } from './widget';

type Command = (name?: unknown) => void;

declare global {
  interface Window {
    lukewarm?: Command & { q?: unknown[][]; ready?: true };
  }
}

// Only now: `currentScript` is null in every callback. A tag manager may have bundled the code into another script.
const own = document.currentScript as HTMLScriptElement | null;
const script = own?.hasAttribute('data-site')
  ? own
  : document.querySelector<HTMLScriptElement>('script[data-site][src]');

const event = (name: string) => new Promise((go) => document.addEventListener(name, go));

const mount = async (): Promise<Widget> => {
  const said = script?.dataset ?? {};
  const { site, language: asked } = said;
  if (!script?.src || !site) throw 'the script tag needs a src and a data-site';
  // A prerendered page may never be seen.
  if ((document as { prerendering?: boolean }).prerendering) await event('prerenderingchange');
  if (!document.body) await event('DOMContentLoaded');
  const wanted = language(asked, document.documentElement.lang, navigator.language);
  return widget(new URL(script.src).origin, site, wanted, said);
};

const earlier = window.lukewarm;
if (earlier?.ready) warn('included twice; the second tag is ignored');
else {
  const mounted = mount();
  mounted.catch(warn);
  const command: Window['lukewarm'] = (name) => {
    mounted.then((made) => (name === 'open' ? made.open() : name === 'close' && made.close())).catch(warn);
  };
  command.ready = true;
  window.lukewarm = command;
  // Calls made before the script came, in their order.
  for (const call of earlier?.q ?? []) command(call[0]);
}
