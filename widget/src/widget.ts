// The whole: one host element with an open shadow root, a launcher, a panel and a status line. It decides which
// step stands in the panel, when a form is begun anew, and where the keyboard goes back to.

import { element } from './dom';
import { launcher } from './launcher';
import { panel } from './panel';
import { send, warn } from './send';
import { followUp } from './steps/follow-up';
import { response } from './steps/response';
import { thanks } from './steps/thanks';
import sheet from './style.css';
import { words } from './text';
import { address, type Receipt, type Survey } from './wire';

export interface Widget {
  open(): Promise<void>;
  close(): void;
}

/** The element that really has the keyboard: each shadow root reports only its host to the outside. */
const focused = (): HTMLElement | null => {
  let here = document.activeElement;
  while (here?.shadowRoot?.activeElement) here = here.shadowRoot.activeElement;
  return here as HTMLElement | null;
};

/** `asked` is the language wanted; `said` is what else the site's tag says, in its data- attributes. */
export const widget = (base: string, site: string, asked: string, said: DOMStringMap): Widget => {
  let survey: Promise<Survey | undefined> | undefined;
  let wanted = false;
  let shown = false;
  let begun = false;
  let cameFrom: HTMLElement | null = null;

  /** A router may have thrown the body away, and the widget with it. */
  const visible = () => shown && host.isConnected;

  /** Nothing when the survey did not come this time: it is forgotten, and whoever comes near next asks again. */
  const load = () => {
    const where = `${address(base, 'sites', site, 'survey')}?language=${encodeURIComponent(asked)}`;
    survey ??= send(where).then(([verdict, reply]) => {
      const theirs = reply as Survey | null | undefined;
      if (verdict === 'refused' || theirs?.open === false) throw 'no open survey for this page';
      if (!theirs?.open) {
        survey = undefined;
        return;
      }
      box.lang = theirs.language;
      box.dir = theirs.direction;
      button.label(words(theirs.text).launcher);
      return theirs;
    });
    return survey;
  };

  /** No survey, no widget: the page is as it was before. A later `open` asks again. */
  const leave = (why: unknown) => {
    survey = undefined;
    host.remove();
    warn(why);
  };

  const begin = (theirs: Survey) => {
    const text = words(theirs.text);
    const finish = () => {
      begun = false;
      card.show(thanks(text), text);
    };
    begun = true;
    status.textContent = '';
    const taken = ({ follow_up: next }: Receipt) => {
      status.textContent = text.sent;
      if (!next) return finish();
      card.show(
        followUp(next, text, address(base, 'follow-ups', next.token), () => {
          // Other words than before: the same ones twice would not be announced twice.
          status.textContent = text.thanks;
          finish();
        }),
        text,
      );
    };
    card.show(response(theirs, text, address(base, 'sites', site, 'responses'), taken), text);
  };

  const open = async () => {
    if (visible()) return card.focus();
    cameFrom = focused();
    wanted = true;
    button.busy(true);
    try {
      const theirs = await load();
      if (!theirs) warn('the survey did not come; the next press asks again');
      else if (wanted && !visible()) {
        if (!host.isConnected) document.body.append(host);
        if (!begun) begin(theirs);
        card.open();
        shown = true;
        // The card stands in its corner, and a button that is wholly covered must not take the focus.
        button.element.hidden = true;
      }
    } catch (why) {
      leave(why);
    }
    button.busy(false);
  };

  const close = () => {
    wanted = false;
    if (!shown) return;
    shown = false;
    // Whoever has gone on to the page keeps the keyboard there.
    const inside = card.element.contains(root.activeElement);
    button.element.hidden = false;
    card.close();
    if (inside) (cameFrom?.isConnected && cameFrom !== document.body ? cameFrom : button.element).focus();
  };

  const button = launcher(() => load().catch(leave), open);
  const card = panel(close);
  // Filled later, but there from the start: a status line that arrives with its text is often not read out.
  const status = element('p', { class: 'status', role: 'status' });
  const { position = '', theme = '', launcher: shownAs } = said;
  const box = element(
    'div',
    { class: 'box', 'data-position': position, 'data-theme': theme, lang: 'en', dir: 'ltr' },
    status,
    card.element,
  );
  if (shownAs !== 'none') box.append(button.element);
  button.label(words().launcher);

  const rules = new CSSStyleSheet();
  rules.replaceSync(sheet);
  const host = element('div', { 'data-lukewarm': '' });
  const root = host.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [rules];
  root.append(box);
  document.body.append(host);
  return { open, close };
};
