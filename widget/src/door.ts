// Opens and closes: when the form is made, when it is laid out, what stands in the panel, and where the keyboard goes
// back to.

import { panel } from './panel';
import type { After, Tools } from './parts/tools';
import { place } from './place';
import { response } from './steps/response';
import type { Draw } from './steps/score';
import type { Survey } from './survey';
import { warn } from './warn';

/** The element that really has the keyboard: each shadow root reports only its host to the outside. */
const focused = (): HTMLElement | null => {
  let here = document.activeElement;
  while (here?.shadowRoot?.activeElement) here = here.shadowRoot.activeElement;
  return here as HTMLElement | null;
};

/**
 * Gives the tools their verbs. A site's own script has its survey; `after` brings what follows the form. Returns what takes
 * it all away when there is no survey, so that the page is as it was before; a later opening asks again.
 */
export const door = (
  tools: Tools,
  button: HTMLElement,
  survey: Survey | undefined,
  after: () => Promise<After | undefined>,
): ((why: unknown) => void) => {
  const { host, root, outcomes, tell, say } = tools;
  let made: Promise<void> | undefined;
  let start: () => void;
  let wanted = '';
  let shown = '';
  let cameFrom: HTMLElement | null = null;

  // Later than the calls that waited for the script, which may listen for it, and before anything that they open.
  const ready = new Promise<void>((go) => setTimeout(() => go(tell('ready'))));

  /** A router may have thrown the body away, and the widget with it. */
  const visible = () => shown && host.isConnected;

  const leave = (why: unknown) => {
    made = undefined;
    if (!SITE) survey?.forget_();
    leave_();
    warn(why);
  };

  const show: Tools['show'] = (step, last) => {
    if (last) made = undefined;
    show_(step, tools.text);
  };

  const begin = async () => {
    const draw = tools.settings.faces && (await tools.part('scales').catch(warn));
    const step = response(tools, draw as Draw | undefined, after);
    start = step.start_;
    show(step);
  };

  /** Whether the form is made. */
  const prepare = async () => {
    await ready;
    if (!SITE && !(await survey?.load_())) return false;
    made ??= begin();
    await made;
    return true;
  };

  const open = async (how: 'shown' | 'opened') => {
    if (visible()) {
      if (how === 'opened') focus_();
      return;
    }
    cameFrom = focused();
    wanted = how;
    if (!SITE) button.ariaBusy = 'true';
    try {
      const there = await prepare();
      if (!SITE && !there) warn('no survey yet');
      else if (wanted && !visible()) appear(how);
    } catch (why) {
      leave(why);
    }
    if (!SITE) button.ariaBusy = 'false';
  };

  const appear = (how: 'shown' | 'opened') => {
    shown = how;
    take_();
    open_();
    // The card stands in its corner, and a button that is wholly covered must not take the focus.
    button.hidden = true;
    if (how === 'opened') focus_();
    else say(tools.settings.prompt);
    outcomes.push(how);
    tell(how);
    start();
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

  const { card_, open_, close_, warm_, focus_, show_ } = panel(close);
  const { take_, leave_ } = place(
    host,
    tools.signal,
    () => wanted,
    () => shown && open_(),
  );
  button.before(card_);
  // Somebody comes near: the form is made and laid out before they press.
  button.onpointerenter = button.onfocus = () => prepare().then((there) => there && setTimeout(warm_), leave);
  button.onclick = () => open('opened');
  Object.assign(tools, { open, close, isOpen: visible, show });
  take_();
  return leave;
};
