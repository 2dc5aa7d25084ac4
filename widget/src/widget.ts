// The whole, put together: what stands in the page, the survey, the door to the form, and what the page can ask of it.

import { device } from './device';
import { element } from './dom';
import { door } from './door';
import { idle } from './idle';
import { keys } from './keys';
import { fetching, following, type Parts } from './parts';
import accent from './parts/accent';
import type { Tools, When } from './parts/tools';
import { asking } from './steps/ask';
import { choices } from './steps/choices';
import { comment } from './steps/comment';
import sheet from './style.css';
import { type Fetch, survey } from './survey';
import { hearing, off, tell } from './tell';
import { words } from './text';
import { warn } from './warn';
import type { Attributes, Identity, Said, Settings } from './wire';

/** What the page can ask of a mounted widget; `lukewarm('NAME', …)`. */
export interface Widget {
  open(): Promise<void>;
  close(): void;
  identify(who: Identity): void;
  set(more: Attributes): void;
  track(name: string): void;
  on: Tools['on'];
  off: Tools['off'];
  explain(): void;
  destroy(): void;
}

/** `said` is what the site's tag says; `known` are settings that came with it, which a site's own script always has. */
export const widget = (
  base: string,
  site: string,
  said: Said,
  known: Settings | undefined,
  baked: Parts,
  fetched?: Fetch,
): Widget => {
  const stop = new AbortController();
  const { signal } = stop;
  const on = hearing(signal);
  const button = element('button', { class: 'launcher', 'aria-haspopup': 'dialog', part: 'launcher' });
  // Filled later, but there from the start: a status line that arrives with its text is often not read out.
  const status = element('p', { class: 'away', role: 'status' });
  const box = element('div', { class: 'box', ...(SITE ? {} : { lang: 'en' }) }, status, button);
  // Session recorders know these names, and leave out what is inside.
  const host = element('div', {
    class: 'sentry-block rr-block ph-no-capture fs-exclude',
    'data-lukewarm': '',
  });
  const root = host.attachShadow({ mode: 'open' });
  const rules = new CSSStyleSheet();
  rules.replaceSync(sheet);
  root.adoptedStyleSheets = [rules];
  root.append(box);

  const wear = ({ position = '', theme = '', launcher = 'button' }: Said) =>
    Object.assign(box.dataset, { position, theme, launcher });

  /** What came with the settings is worn. */
  const dress = (settings: Settings) => {
    const { look, language, direction = 'ltr', text } = settings;
    box.lang = language;
    box.dir = direction;
    wear({ ...look, ...said });
    tools.settings = settings;
    tools.text = words(text) as Tools['text'];
    tools.ask = asking(tools.text.sending);
    button.textContent = tools.text.launcher;
    if (SITE) baked.accent?.(settings, rules);
    else accent(settings, rules);
  };

  // The door adds its verbs, the settings bring the rest.
  const tools = {
    site,
    tell,
    attributes: {},
    choices,
    ...(SITE ? {} : { text: words() }),
    root,
    on,
    off,
    comment,
    outcomes: [],
    base,
    host,
    said,
    warn,
    element,
    signal,
    say: (words: string) => {
      status.textContent = words;
    },
  } as unknown as Tools;
  tools.part = fetching(tools, baked);
  const after = following(tools.part);
  const asked = SITE ? undefined : survey(known, fetched, dress);
  const leave = door(tools, button, asked, after);
  keys(box, tools.isOpen, tools.close);

  if (SITE) dress(known as Settings);
  else {
    button.textContent = tools.text.launcher;
    wear(said);
  }
  const settle = async () => {
    const inline = () => /tab|inline|element/.test(box.dataset.launcher as string);
    if (!SITE && (!(known || inline()) || !(await asked?.load_()))) return;
    if (inline()) await tools.part('inline').catch(warn);
    if (!tools.settings.when) return;
    await after();
    tools.when = (await tools.part('when').catch(warn)) as When;
  };
  const settled = settle().catch(leave);
  // The first look at the storage takes as long as all the rest of the start.
  idle(() => {
    if (!device()) return;
    if (SITE) after();
    else
      asked?.load_().then((there) => {
        if (there) after();
      }, leave);
  });

  return {
    identify: (them) => {
      tools.identity = them;
    },
    destroy: () => stop.abort(),
    // Before the rules are there it waits for them.
    track: (name) => settled.then(() => tools.when?.track(name)),
    on,
    off,
    open: () => tools.open('opened'),
    explain: () => console.table(tools.when?.explain() ?? tools.settings ?? said),
    close: tools.close,
    set: (more) => {
      Object.assign(tools.attributes, more);
    },
  };
};
