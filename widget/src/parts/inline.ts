// The launchers that few sites choose: a tab at the edge, or elements of the site's. <lukewarm-form> holds the form
// in the page's flow, <lukewarm-button> opens it. The names are global and cannot be taken back, so they are defined only where they are free, and serve whoever mounts next.

import sheet from './inline.css';
import type { Tools } from './tools';

type Meet = (element: HTMLElement) => void;

const define = (name: string, meet: Meet, signal: AbortSignal): void => {
  type Known = CustomElementConstructor & { meet?: Meet };
  let known: Known | undefined = customElements.get(name);
  if (!known) {
    known = class extends HTMLElement {
      static meet?: Meet;
      connectedCallback() {
        (this.constructor as Known).meet?.(this);
      }
    };
    customElements.define(name, known);
  }
  const mine = known;
  mine.meet = meet;
  signal.addEventListener('abort', () => delete mine.meet);
  document.querySelectorAll<HTMLElement>(name).forEach(meet);
};

export default ({ host, root, open, say, settings, said, text, signal }: Tools): void => {
  const rules = new CSSStyleSheet();
  rules.replaceSync(sheet);
  root.adoptedStyleSheets.push(rules);
  const card = root.querySelector('.panel') as HTMLElement;
  const hold: Meet = (element) => {
    if (host.dataset.inline && host.isConnected) return;
    host.dataset.inline = 'yes';
    // In the flow it is a part of the page, neither a dialog nor above anything.
    card.popover = null;
    Object.assign(card, { showPopover: undefined, hidePopover: undefined });
    card.setAttribute('role', 'region');
    element.append(host);
    // It was there from the beginning: nothing to announce.
    open('shown').then(() => say(''));
  };
  const press: Meet = (element) => {
    element.onclick = () => open('opened');
    if (!element.textContent?.trim()) element.textContent = text.launcher;
    // One of the page's own inside is a button already.
    if (element.querySelector('button, a')) return;
    element.role = 'button';
    element.tabIndex = 0;
    element.onkeydown = (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      open('opened');
    };
  };
  root.addEventListener(
    'keydown',
    (event) => {
      if (host.dataset.inline && (event as KeyboardEvent).key === 'Escape') event.stopPropagation();
    },
    true,
  );
  if ((said.launcher ?? settings.look?.launcher) === 'inline') define('lukewarm-form', hold, signal);
  define('lukewarm-button', press, signal);
};
