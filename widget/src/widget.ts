// The whole: one host element with an open shadow root, a launcher, a panel and a status line. It decides which
// step stands in the panel, when a form is begun anew, and where the keyboard goes back to.

import { element } from './dom';
import { panel } from './panel';
import type { After, Tools, When } from './parts/tools';
import { place } from './place';
import { warn } from './send';
import { settings as fetched } from './settings';
import { asking } from './steps/ask';
import { choices } from './steps/choices';
import { comment } from './steps/comment';
import { response } from './steps/response';
import type { Draw } from './steps/score';
import sheet from './style.css';
import { words } from './text';
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

/** A part is a function of the tools. */
export type Parts = Record<string, (tools: Tools) => unknown>;

/** The element that really has the keyboard: each shadow root reports only its host to the outside. */
const focused = (): HTMLElement | null => {
  let here = document.activeElement;
  while (here?.shadowRoot?.activeElement) here = here.shadowRoot.activeElement;
  return here as HTMLElement | null;
};

/** `asked` is the language wanted; `said` is what else the site's tag says; `known` are settings that came with it. */
export const widget = (
  base: string,
  site: string,
  asked: string,
  said: Said,
  known: Settings | undefined,
  baked: Parts = {},
): Widget => {
  const stop = new AbortController();
  const { signal } = stop;
  const at = `${base}/v1/sites/${site}/`;
  let loading: Promise<boolean> | undefined;
  let following: Promise<After> | undefined;
  const attributes: Attributes = {};
  let who: Identity | undefined;
  let wanted = '';
  let shown = '';
  let begun = false;
  let cameFrom: HTMLElement | null = null;

  const outcomes: string[] = [];
  const outcome = (name: string) => {
    if (!outcomes.includes(name)) outcomes.push(name);
  };
  const tell: Tools['tell'] = (event, detail) => {
    try {
      document.dispatchEvent(new CustomEvent(`lukewarm:${event}`, { detail }));
      window.dataLayer?.push({ event: `lukewarm_${event}`, ...detail });
    } catch (why) {
      warn(why);
    }
  };

  /** A router may have thrown the body away, and the widget with it. */
  const visible = () => shown && host.isConnected;

  /** Throws when it does not come. */
  const part = async (name: string): Promise<unknown> =>
    (baked[name] ?? (await import(base + (tools.settings.parts as Record<string, string>)[name])).default)(
      tools,
    );

  /** What comes after the press; asked for again when it did not come. */
  const after = () => {
    following ??= part('after') as Promise<After>;
    return following.catch((why): undefined => {
      following = undefined;
      warn(why);
    });
  };

  const wear = ({ position = '', theme = '', launcher = 'button' }: Said) =>
    Object.assign(box.dataset, { position, theme, launcher });

  /** What came with the settings is worn. */
  const dress = (settings: Settings) => {
    const { look, language, direction, text } = settings;
    box.lang = language;
    box.dir = direction;
    wear({ ...look, ...said });
    tools.settings = settings;
    tools.text = words(text) as Tools['text'];
    tools.ask = asking(tools.text.sending);
    label();
    const owner = look?.accent;
    if (owner)
      rules.insertRule(
        `.box{--owner:light-dark(${owner.light},${owner.dark});--on-owner:light-dark(${owner.on_light},${owner.on_dark})}`,
      );
  };

  /** False when the survey did not come this time: it is forgotten, and whoever comes near next asks again. */
  const load = () => {
    loading ??= (async () => {
      const settings = known ?? (await fetched(`${at}survey?language=${asked}`));
      if (settings?.open === false) throw 'no open survey';
      if (settings?.open) dress(settings);
      else loading = undefined;
      return !!settings?.open;
    })();
    return loading;
  };

  /** No survey, no widget: the page is as it was before. A later `open` asks again. */
  const leave = (why: unknown) => {
    loading = undefined;
    leave_();
    warn(why);
  };

  const show: Tools['show'] = (step, last) => {
    if (last) begun = false;
    show_(step, tools.text);
  };

  const begin = async () => {
    const draw = tools.settings.faces && (await part('scales').catch(warn));
    begun = true;
    say('');
    show(response(tools, draw as Draw | undefined, after));
  };

  const open = async (how: 'shown' | 'opened') => {
    if (visible()) {
      if (how === 'opened') focus_();
      return;
    }
    cameFrom = focused();
    wanted = how;
    busy(true);
    try {
      if (!(await load())) warn('no survey yet');
      else {
        if (!begun) await begin();
        if (wanted && !visible()) appear(how);
      }
    } catch (why) {
      leave(why);
    }
    busy(false);
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

  const on: Tools['on'] = (event, heard) =>
    document.addEventListener(`lukewarm:${event}`, heard as EventListener, { signal });
  const off: Tools['off'] = (event, heard) =>
    document.removeEventListener(`lukewarm:${event}`, heard as EventListener);

  const { card_, open_, close_, focus_, show_, foot_ } = panel(close);
  const button = element('button', { class: 'launcher', part: 'launcher', 'aria-haspopup': 'dialog' });
  // Filled later, but there from the start: a status line that arrives with its text is often not read out.
  const status = element('p', { class: 'away', role: 'status' });
  const box = element('div', { class: 'box', lang: 'en' }, status, card_, button);
  // Session recorders know these names, and leave out what is inside.
  const host = element('div', {
    'data-lukewarm': '',
    class: 'sentry-block rr-block ph-no-capture fs-exclude',
  });
  const root = host.attachShadow({ mode: 'open' });
  const rules = new CSSStyleSheet();
  const label = () => {
    button.textContent = tools.text.launcher;
  };
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
    text: words(),
    base,
    site,
    said,
    host,
    root,
    attributes: () => attributes,
    identity: () => (navigator.globalPrivacyControl ? undefined : who),
    open,
    close,
    isOpen: visible,
    show,
    say,
    foot: foot_,
    outcome,
    outcomes,
    tell,
    on,
    off,
    part,
    warn,
    signal,
  } as unknown as Tools;
  const { take_, leave_ } = place(
    host,
    signal,
    () => wanted,
    () => shown && open_(),
  );

  button.onpointerenter = button.onfocus = () => load().catch(leave);
  button.onclick = press;
  label();
  wear(said);
  rules.replaceSync(sheet);
  root.adoptedStyleSheets = [rules];
  root.append(box);

  const settle = async () => {
    take_();
    let waiting = false;
    try {
      waiting = !!localStorage.getItem('lukewarm');
    } catch {}
    const inline = () => /tab|inline|element/.test(box.dataset.launcher ?? '');
    if (!(known || waiting || inline()) || !(await load())) return;
    if (waiting) after();
    if (inline()) await part('inline').catch(warn);
    if (!tools.settings.when) return;
    await after();
    tools.when = (await part('when').catch(warn)) as When;
  };
  const settled = settle().catch(leave);
  // Later than the calls that waited for the script, which may listen for it.
  setTimeout(tell, 0, 'ready');

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
    explain: () => console.table(tools.when?.explain() ?? tools.settings ?? said),
    destroy: () => {
      tools.when?.destroy();
      stop.abort();
    },
  };
};
