// The whole: one host element with an open shadow root, a launcher, a panel and a status line. It decides which
// step stands in the panel, when a form is begun anew, and where the keyboard goes back to.

import { element, icon } from './dom';
import { outbox } from './outbox';
import { panel } from './panel';
import type { Tools, When } from './parts/tools';
import { place } from './place';
import { send, warn } from './send';
import { asking } from './steps/ask';
import { followUp } from './steps/follow-up';
import { type Response, response } from './steps/response';
import type { Draw } from './steps/score';
import { thanks } from './steps/thanks';
import { store } from './store';
import sheet from './style.css';
import { tally } from './tally';
import { words } from './text';
import {
  type Attributes,
  address,
  type Content,
  type Identity,
  type Receipt,
  type Said,
  type Settings,
} from './wire';

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

const bubble = 'M6 4h12q3 0 3 3v7q0 3-3 3h-6l-5 4v-4H6q-3 0-3-3V7q0-3 3-3z';

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
  const test = 'test' in said;
  const kept = store();
  const out = outbox(kept, signal);
  const count = tally(test ? undefined : address(base, 'sites', site, 'outcomes'));
  let loading: Promise<Tools | undefined> | undefined;
  let attributes: Attributes = {};
  let who: Identity | undefined;
  let tools: Tools | undefined;
  let when: When | undefined;
  let current: Response | undefined;
  let wanted = '';
  let shown = '';
  let begun = false;
  let here = location.href;
  let cameFrom: HTMLElement | null = null;

  /** A router may have thrown the body away, and the widget with it. */
  const visible = () => shown && host.isConnected;
  const note = (name: string, detail?: object) => {
    count.outcome(name);
    count.tell(name, detail);
  };

  const post: typeof out.post = async (entry, hear) => {
    if (test) return hear(['taken', { id: 'test', state: 'answered' }]);
    await out.post(entry, (reply, kept) => {
      if (reply[0] === 'failed' && kept) count.tell('queued');
      hear(reply, kept);
    });
  };

  /** What came with the settings is worn. */
  const dress = (settings: Settings): Tools => {
    const { look, language, direction, text } = settings;
    const { position, theme, launcher } = { ...look, ...said };
    box.lang = language;
    box.dir = direction;
    Object.assign(box.dataset, { position, theme, launcher });
    label(words(text).launcher);
    if (look?.accent) {
      const { light, dark, on_light, on_dark } = look.accent;
      rules.insertRule(
        `.box{--owner:light-dark(${light},${dark});--on-owner:light-dark(${on_light},${on_dark})}`,
        rules.cssRules.length,
      );
    }
    tools = {
      element,
      icon,
      ask: asking(post),
      text: words(text),
      settings,
      said,
      host,
      root,
      attributes: () => attributes,
      identity: () => (navigator.globalPrivacyControl ? undefined : who),
      open,
      close,
      isOpen: () => !!visible(),
      foot: card.foot,
      store: kept,
      outcome: count.outcome,
      tell: count.tell,
      on,
      off,
      send: async (address, body) => (test ? ['failed'] : send(address, body)),
      warn,
      signal,
    };
    return tools;
  };

  /** Nothing when the survey did not come this time: it is forgotten, and whoever comes near next asks again. */
  const load = () => {
    const where = `${address(base, 'sites', site, 'survey')}?language=${encodeURIComponent(asked)}`;
    loading ??= (async () => {
      const [verdict, settings] = known ? ['taken', known] : await send(where);
      if (verdict === 'refused' || settings?.open === false) throw 'no open survey for this page';
      if (verdict === 'taken') return dress(settings);
      loading = undefined;
      return;
    })();
    return loading;
  };

  /** Throws when it does not come; a part is never more than the form can do without. */
  const part = async (name: string, from: Tools): Promise<unknown> => {
    const made = baked[name] ?? (await import(base + from.settings.parts?.[name])).default;
    return made(from);
  };

  /** No survey, no widget: the page is as it was before. A later `open` asks again. */
  const leave = (why: unknown) => {
    loading = undefined;
    spot.leave();
    warn(why);
  };

  const begin = async (from: Tools) => {
    const { settings, text } = from;
    const { look } = settings;
    const draw =
      look?.scale && look.scale !== 'numbers'
        ? ((await part('scales', from).catch(warn)) as Draw | undefined)
        : undefined;
    begun = true;
    status.textContent = '';
    current = response(from, address(base, 'sites', site, 'responses'), draw, (receipt, content) =>
      taken(from, receipt, content),
    );
    card.show(current, text);
  };

  const taken = (from: Tools, { token, follow_up: next }: Receipt, { score, category, comment }: Content) => {
    const { settings, text } = from;
    const finish = (said: string) => {
      // Other words than before: the same ones twice would not be announced twice.
      if (next) status.textContent = said;
      begun = false;
      card.show(thanks(text, token && `${base}/r/${token}`), text);
    };
    current = undefined;
    card.foot();
    status.textContent = text.sent;
    if (comment) count.outcome('commented');
    count.tell('sent', { score, category });
    if (!next) return finish(text.thanks);
    note('offered');
    const answered = () => {
      note('answered');
      finish(text.thanks);
    };
    const skipped = async () => {
      if (!settings.contact || !token || navigator.globalPrivacyControl || who?.email)
        return finish(text.thanks);
      try {
        const contact = (await part('contact', from)) as (token: string, done: () => void) => Response;
        card.show(
          contact(token, () => finish(text.thanks)),
          text,
        );
      } catch (why) {
        warn(why);
        finish(text.thanks);
      }
    };
    card.show(followUp(next, from, address(base, 'follow-ups', next.token), answered, skipped), text);
  };

  const open = async (how: 'shown' | 'opened') => {
    if (visible()) {
      if (how === 'opened') card.focus();
      return;
    }
    cameFrom = focused();
    wanted = how;
    busy(true);
    try {
      const from = await load();
      if (!from) warn('the survey did not come; the next press asks again');
      else {
        if (!begun) await begin(from);
        if (wanted && !visible()) show(how, from);
      }
    } catch (why) {
      leave(why);
    }
    busy(false);
  };

  const show = (how: 'shown' | 'opened', { settings }: Tools) => {
    shown = how;
    spot.take();
    card.open();
    // The card stands in its corner, and a button that is wholly covered must not take the focus.
    button.hidden = true;
    if (how === 'opened') card.focus();
    else status.textContent = settings.prompt;
    note(how);
  };

  const close = () => {
    const how = shown;
    wanted = shown = '';
    if (!how) return;
    if (how === 'shown' && !count.had('scored')) count.outcome('dismissed');
    current?.keep();
    // Whoever has gone on to the page keeps the keyboard there.
    const inside = card.element.contains(root.activeElement);
    button.hidden = false;
    card.close();
    spot.take();
    if (inside) (cameFrom?.isConnected && cameFrom !== document.body ? cameFrom : button).focus();
    count.tell('closed');
  };

  const on: Tools['on'] = (event, heard) =>
    document.addEventListener(`lukewarm:${event}`, heard as EventListener, { signal });
  const off: Tools['off'] = (event, heard) =>
    document.removeEventListener(`lukewarm:${event}`, heard as EventListener);

  const button = element('button', { class: 'launcher', part: 'launcher', 'aria-haspopup': 'dialog' });
  const label = (said: string) => button.replaceChildren(icon(bubble), said);
  const busy = (waiting: boolean) => button.setAttribute('aria-busy', `${waiting}`);
  button.onpointerenter = button.onfocus = () => load().catch(leave);
  button.onclick = () => open('opened');
  label(words().launcher);
  const card = panel(close);
  // Filled later, but there from the start: a status line that arrives with its text is often not read out.
  const status = element('p', { class: 'away', role: 'status' });
  const box = element('div', { class: 'box', lang: 'en', dir: 'ltr' }, status, card.element, button);
  Object.assign(box.dataset, said);

  const rules = new CSSStyleSheet();
  rules.replaceSync(sheet);
  // Session recorders know these names, and leave out what is inside.
  const host = element('div', {
    'data-lukewarm': '',
    class: 'sentry-block rr-block ph-no-capture fs-exclude',
  });
  const root = host.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [rules];
  root.append(box);

  const spot = place(
    host,
    signal,
    () => !!wanted,
    () => shown && card.open(),
  );
  const hide = () => {
    current?.keep();
    count.report(tools?.settings.survey);
  };
  const anew = () => {
    count.anew();
    when?.route();
  };
  const listen = (target: EventTarget, name: string, heard: (event: Event) => void) =>
    target.addEventListener(name, heard, { signal });
  const routed = () => {
    if (here === location.href) return;
    count.report(tools?.settings.survey);
    here = location.href;
    anew();
  };
  listen(document, 'visibilitychange', () => document.hidden && hide());
  listen(window, 'pagehide', hide);
  // Back from the back/forward cache: another view of the page, with what was typed.
  listen(window, 'pageshow', (event) => (event as PageTransitionEvent).persisted && anew());
  if (window.navigation) listen(navigation, 'currententrychange', routed);
  else for (const name of ['popstate', 'hashchange']) listen(window, name, routed);

  spot.take();
  out.flush();
  if (known || /inline|element/.test(said.launcher ?? ''))
    load()
      .then(async (from) => {
        if (!from) return;
        if (/inline|element/.test(box.dataset.launcher ?? '')) await part('inline', from);
        if (from.settings.when) when = (await part('when', from)) as When;
      })
      .catch(leave);

  return {
    open: () => open('opened'),
    close,
    identify: (them) => {
      who = them;
    },
    set: (more) => {
      attributes = { ...attributes, ...more };
    },
    track: (name) => when?.track(name),
    on,
    off,
    explain: () =>
      console.table([
        { rule: 'survey', verdict: tools?.settings.survey ?? 'not asked for yet', why: `site ${site}` },
        ...(when?.explain() ?? []),
      ]),
    destroy: () => {
      hide();
      when?.destroy();
      stop.abort();
    },
  };
};
