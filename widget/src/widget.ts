// The whole: one host element with an open shadow root, a launcher, a panel and a status line. It decides which
// step stands in the panel, when a form is begun anew, and where the keyboard goes back to.

import { element } from './dom';
import { idle } from './idle';
import { keys } from './keys';
import { panel } from './panel';
import { fetching, following, type Parts } from './parts';
import accent from './parts/accent';
import type { Tools, When } from './parts/tools';
import { place } from './place';
import { asking } from './steps/ask';
import { choices } from './steps/choices';
import { comment } from './steps/comment';
import { response } from './steps/response';
import type { Draw } from './steps/score';
import sheet from './style.css';
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

/** Settings; a survey that is not open when the collector refused; undefined when nothing came this time. */
export type Fetch = () => Promise<Settings | { open: false } | undefined>;

/** The element that really has the keyboard: each shadow root reports only its host to the outside. */
const focused = (): HTMLElement | null => {
  let here = document.activeElement;
  while (here?.shadowRoot?.activeElement) here = here.shadowRoot.activeElement;
  return here as HTMLElement | null;
};

/** Whether something lies on the device. Where storage is blocked the mere access throws. */
const waiting = () => {
  try {
    return localStorage.lukewarm;
  } catch {}
};

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
  let loading: Promise<boolean> | undefined;
  let made: Promise<void> | undefined;
  let start: () => void;
  const attributes: Attributes = {};
  let who: Identity | undefined;
  let wanted = '';
  let shown = '';
  let cameFrom: HTMLElement | null = null;

  const outcomes: string[] = [];
  const outcome = (name: string) => {
    outcomes.push(name);
  };

  /** A router may have thrown the body away, and the widget with it. */
  const visible = () => shown && host.isConnected;

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

  /** False when the survey did not come this time: it is forgotten, and whoever comes near next asks again. */
  const load = () => {
    loading ??= (async () => {
      const settings = known ?? (await fetched?.());
      if (settings?.open === false) throw 'no open survey';
      if (settings?.open) dress(settings);
      else loading = undefined;
      return !!settings?.open;
    })();
    return loading;
  };

  /** No survey, no widget: the page is as it was before. A later `open` asks again. */
  const leave = (why: unknown) => {
    loading = made = undefined;
    leave_();
    warn(why);
  };

  const show: Tools['show'] = (step, last) => {
    if (last) made = undefined;
    show_(step, tools.text);
  };

  const begin = async () => {
    const draw = tools.settings.faces && (await part('scales').catch(warn));
    const step = response(tools, draw as Draw | undefined, after);
    start = step.start_;
    show(step);
  };

  /** Whether the form is made. */
  const prepare = async () => {
    await ready;
    if (!SITE && !(await load())) return false;
    made ??= begin();
    await made;
    return true;
  };

  /** Somebody comes near: the form is made and laid out before they press. */
  const near = () => prepare().then((there) => there && setTimeout(warm_), leave);

  const open = async (how: 'shown' | 'opened') => {
    if (visible()) {
      if (how === 'opened') focus_();
      return;
    }
    cameFrom = focused();
    wanted = how;
    if (!SITE) busy(true);
    try {
      const there = await prepare();
      if (!SITE && !there) warn('no survey yet');
      else if (wanted && !visible()) appear(how);
    } catch (why) {
      leave(why);
    }
    if (!SITE) busy(false);
  };

  const press = () => open('opened');

  const appear = (how: 'shown' | 'opened') => {
    shown = how;
    take_();
    open_();
    // The card stands in its corner, and a button that is wholly covered must not take the focus.
    button.hidden = true;
    if (how === 'opened') focus_();
    else say(tools.settings.prompt);
    outcome(how);
    tell(how);
    // Not before the form is on the screen: nothing may stand in its way.
    requestAnimationFrame(() => idle(start));
  };

  const close = () => {
    const was = shown;
    wanted = shown = '';
    if (!was) return;
    // Whoever has gone on to the page keeps the keyboard there.
    const inside = card_.contains(root.activeElement);
    button.hidden = false;
    close_();
    take_();
    if (inside) (cameFrom?.isConnected && cameFrom !== document.body ? cameFrom : button).focus();
    tell('closed');
  };

  const on = hearing(signal);
  const { card_, open_, close_, warm_, focus_, show_ } = panel(close);
  const button = element('button', { class: 'launcher', part: 'launcher', 'aria-haspopup': 'dialog' });
  // Filled later, but there from the start: a status line that arrives with its text is often not read out.
  const status = element('p', { class: 'away', role: 'status' });
  const box = element('div', { class: 'box', ...(SITE ? {} : { lang: 'en' }) }, status, card_, button);
  // Session recorders know these names, and leave out what is inside.
  const host = element('div', {
    'data-lukewarm': '',
    class: 'sentry-block rr-block ph-no-capture fs-exclude',
  });
  const root = host.attachShadow({ mode: 'open' });
  const rules = new CSSStyleSheet();
  const say = (said: string) => {
    status.textContent = said;
  };
  const busy = (waiting: boolean) => {
    button.ariaBusy = `${waiting}`;
  };
  const tools = {
    element,
    choices,
    comment,
    ...(SITE ? {} : { text: words() }),
    base,
    site,
    said,
    host,
    root,
    attributes: () => attributes,
    identity: () => who,
    open,
    close,
    isOpen: visible,
    show,
    say,
    outcome,
    outcomes,
    tell,
    on,
    off,
    warn,
    signal,
  } as unknown as Tools;
  const part = fetching(tools, baked);
  const after = following(part);
  tools.part = part;
  const { take_, leave_ } = place(
    host,
    signal,
    () => wanted,
    () => shown && open_(),
  );

  // Later than the calls that waited for the script, which may listen for it, and before anything that they open.
  const ready = new Promise<void>((go) => setTimeout(() => go(tell('ready'))));
  button.onpointerenter = button.onfocus = near;
  button.onclick = press;
  keys(box, () => shown, close);
  rules.replaceSync(sheet);
  root.adoptedStyleSheets = [rules];
  root.append(box);
  if (SITE) dress(known as Settings);
  else {
    button.textContent = tools.text.launcher;
    wear(said);
  }

  const settle = async () => {
    take_();
    const inline = () => /tab|inline|element/.test(box.dataset.launcher as string);
    if (!SITE && (!(known || inline()) || !(await load()))) return;
    if (inline()) await part('inline').catch(warn);
    if (!tools.settings.when) return;
    await after();
    tools.when = (await part('when').catch(warn)) as When;
  };
  const settled = settle().catch(leave);
  // The first look at the storage takes as long as all the rest of the start.
  idle(async () => {
    try {
      if (waiting() && (SITE || (await load()))) after();
    } catch (why) {
      leave(why);
    }
  });

  return {
    open: press,
    close,
    identify: (them) => {
      who = them;
    },
    set: (more) => {
      Object.assign(attributes, more);
    },
    // Before the rules are there it waits for them.
    track: (name) => settled.then(() => tools.when?.track(name)),
    on,
    off,
    explain: () => console.table(tools.when?.explain() ?? tools.settings ?? (SITE || said)),
    destroy: () => {
      tools.when?.destroy();
      stop.abort();
    },
  };
};
