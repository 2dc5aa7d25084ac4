// When the form comes up by itself: watches for the survey's triggers and, each time one has gone off and settled, asks
// every rule again at that moment, so that a form never comes up on the page after the one that it was meant for.

import { when as english } from '../../../../collector/surveys/languages/en.json';
import { language } from '../../text';
import { identified } from '../privacy';
import type { When as Part, Tools } from '../tools';
import { allowed, draw, type Facts, type Trigger, verdicts, type When } from './decide';

/** Milliseconds. One clock that looks is smaller than six kinds of listeners, and ends with the first showing. */
const tick = 500;

const coarse = () => matchMedia('(pointer:coarse)').matches;

const device = () =>
  coarse() ? (Math.min(screen.width, screen.height) < 600 ? 'phone' : 'tablet') : 'desktop';

/** Whoever has a field under the keyboard is writing. A field that the page has focused by itself does not count. */
const writing = (): boolean | undefined => {
  let here = document.activeElement;
  while (here?.shadowRoot?.activeElement) here = here.shadowRoot.activeElement;
  return (
    navigator.userActivation?.hasBeenActive !== false &&
    (here?.matches('input,textarea,select,iframe') || (here as HTMLElement | null)?.isContentEditable)
  );
};

/** Consent banners, the page's own dialogs. */
const dialog = (): boolean =>
  [...document.querySelectorAll('dialog[open],[role=dialog],[role=alertdialog],[aria-modal=true]')].some(
    (one) =>
      one.checkVisibility?.({ opacityProperty: true, visibilityProperty: true }) ?? one.getClientRects()[0],
  );

/** What the person is doing that a form must not come into. */
const busy = (): string =>
  writing()
    ? 'somebody is writing'
    : dialog()
      ? 'a dialog is open'
      : document.fullscreenElement
        ? 'the screen is full'
        : '';

export default (tools: Tools): Part => {
  const { settings, said, signal } = tools;
  const { survey } = settings;
  const when = settings.when as When;
  const { triggers, settle = 1 } = when;
  const testing = 'test' in said;
  const luck = Math.random();
  /** Of this page's life; on the device it stands only after the person has done something. */
  let asked: { at: number; verdict: string } | undefined;
  let byRule = false;
  const row = tools.element('div', { class: 'row' });
  /** That this page was looked at: time in which it was hidden or asleep does not count. */
  let seconds = 0;
  /** By trigger, when it went off, on that clock. */
  let fired: (number | undefined)[] = [];
  let page = '';
  let top = 0;
  let last = performance.now();

  const settled = (trigger: number) => seconds - (fired[trigger] ?? seconds + 1) >= settle;

  const facts = (): Facts => {
    const { id } = identified(tools.identity) ?? {};
    const theirs = { ...(testing ? {} : tools.store.read().asked), ...(asked && { [survey]: asked }) };
    return {
      survey,
      path: location.pathname,
      language: language(said.language, document.documentElement.lang, navigator.language),
      device: device(),
      attributes: tools.attributes,
      draw: testing ? 0 : id ? draw(survey, id) : luck,
      asked: Object.fromEntries(
        Object.entries(theirs).map(([key, { at, verdict }]) => [
          key,
          { verdict, seconds: (Date.now() - at) / 1e3 },
        ]),
      ),
      fired: triggers.map((_, at) => at).filter(settled),
    };
  };

  const fire = (fits: (trigger: Trigger, at: number) => boolean | undefined) =>
    triggers.forEach((trigger, at) => {
      if (fired[at] === undefined && fits(trigger, at)) fired[at] = seconds;
    });

  /** By trigger; empty where there is none, or the browser cannot read it. */
  const selectors = triggers.map((trigger) => {
    if (trigger.kind === 'element')
      try {
        document.querySelector(trigger.selector);
        return trigger.selector;
      } catch (why) {
        tools.warn(why);
      }
    return '';
  });

  const watcher = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries)
      if (isIntersecting) fire((_, at) => !!selectors[at] && target.matches(selectors[at]));
  });

  const look = (passed: number) => {
    const bottom = scrollY + innerHeight;
    // What is known after a second: a page that is being built is short, and counts as seen to its end.
    const built = seconds > 1 && document.readyState === 'complete';
    // Nearly the only sign of leaving on a touch screen that comes in time: after reading on, a fling back up to the
    // address bar. (A return from another tab is no sign: whoever comes back has just decided to stay.)
    const fled = coarse() && top > innerHeight && top - scrollY > innerHeight * passed;
    top = scrollY;
    fire(
      (trigger) =>
        (trigger.kind === 'seconds' && seconds >= trigger.after) ||
        (trigger.kind === 'scroll' &&
          built &&
          ((bottom + 1) / (document.scrollingElement?.scrollHeight as number)) * 100 >= trigger.percent) ||
        // Views of this tab's history, so that nothing has to be kept. The fall-back counts other sites' too.
        (trigger.kind === 'views' && (window.navigation?.entries() ?? history).length >= trigger.count) ||
        (trigger.kind === 'exit' && fled),
    );
    // An element may come later, or again: it is watched as soon as it is there, and once.
    for (const selector of selectors) {
      const found = selector && document.querySelector(selector);
      if (found) watcher.observe(found);
    }
  };

  const explain = () => {
    const why = busy();
    const lines = verdicts(when, facts());
    lines.push({ rule: 'moment', verdict: why ? 'not met' : 'met', why });
    return lines;
  };

  const clock = setInterval(() => {
    const now = performance.now();
    const passed = Math.min((now - last) / 1e3, 1);
    last = now;
    if (document.hidden) return;
    // Somebody was quicker with the button than this part came.
    if (tools.isOpen()) return seen();
    seconds += passed;
    look(passed);
    if (triggers.some((_, at) => settled(at)) && allowed(explain())) show();
  }, tick);

  const stop = () => {
    clearInterval(clock);
    watcher.disconnect();
  };

  /** Everything starts anew, but for events: they are about the person, and settle again on the next page. */
  const route = () => {
    // A fragment that changes while somebody scrolls is the same page.
    const next = location.pathname + location.search;
    if (page === next) return;
    page = next;
    fired = fired.map((at, trigger) =>
      triggers[trigger]?.kind === 'event' && at !== undefined ? 0 : undefined,
    );
    seconds = top = 0;
    watcher.disconnect();
  };

  /** It stood on the screen, for whatever reason: that is enough for this page's life. */
  const seen = () => {
    asked ??= { at: Date.now(), verdict: 'shown' };
    stop();
  };

  const keep = (verdict: string) => {
    const mine = { at: Date.now(), verdict };
    asked = mine;
    if (!testing)
      tools.store.write(({ asked: theirs }) => {
        // Who has once said never, and later uses the button, has not taken it back.
        if (theirs[survey]?.verdict !== 'never') theirs[survey] = mine;
      });
  };

  const button = (verdict: 'later' | 'never') => {
    const made = tools.element(
      'button',
      { type: 'button', class: 'quiet' },
      { ...english, ...tools.text }[verdict],
    );
    made.onclick = () => {
      keep(verdict);
      tools.outcomes.push(verdict);
      tools.close();
    };
    return made;
  };

  const show = () => {
    byRule = true;
    // Under the form, until it was sent or closed.
    row.replaceChildren(button('later'), button('never'));
    tools.root.querySelector('.step')?.append(row);
    tools.open('shown').catch(tools.warn);
    seen();
  };

  tools.on('shown', seen);
  tools.on('opened', seen);
  tools.on('sent', () => {
    keep('answered');
    row.remove();
  });
  tools.on('closed', () => {
    if (byRule && asked?.verdict === 'shown') keep('dismissed');
    byRule = false;
    row.remove();
  });
  document.documentElement.addEventListener(
    'mouseleave',
    ({ clientY }) => {
      if (clientY <= 0) fire((trigger) => trigger.kind === 'exit');
    },
    { signal },
  );
  signal.addEventListener('abort', stop);
  route();

  return {
    explain,
    track: (name) => fire((trigger) => trigger.kind === 'event' && trigger.name === name),
    route,
  };
};
