// Draws stars or faces into the core's native radios; the radios stay what is focused, checked and read out.

import sheet from './scales.css';
import type { Tools } from './tools';

const star = 'M12 3.4l2.6 5.4 6 .8-4.4 4.1 1.1 5.9L12 16.8l-5.3 2.8 1.1-5.9L3.4 9.6l6-.8z';
const outline = 'M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18zM9 9.5v.5m6-.5v.5M8 ';
/** From worst to best, the line of the mouth. */
const mouths = ['16.5q4-4 8 0', '16q4-2 8 0', '15.5h8', '14.5q4 2 8 0', '14q4 4.500 8 0'];

export default ({ root, icon }: Tools) => {
  const rules = new CSSStyleSheet();
  rules.replaceSync(sheet);
  root.adoptedStyleSheets.push(rules);
  return (row: HTMLElement, labels: string[], look: string): void => {
    row.classList.add(look);
    row.querySelectorAll('label').forEach((label, at) => {
      const words = labels[at];
      const input = label.firstElementChild;
      const drawing = icon(look === 'faces' ? `${outline}${mouths[at]}` : star);
      label.lastElementChild?.replaceChildren(drawing);
      if (words) {
        input?.setAttribute('aria-label', words);
        label.title = words;
      }
    });
  };
};
