// Draws stars or faces into the core's native radios; the radios stay what is focused, checked and read out.

import type { Settings } from '../wire';
import sheet from './scales.css';
import type { Tools } from './tools';

const namespace = 'http://www.w3.org/2000/svg';
const star = 'M12 3.4l2.6 5.4 6 .8-4.4 4.1 1.1 5.9L12 16.8l-5.3 2.8 1.1-5.9L3.4 9.6l6-.8z';
const outline = 'M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18zM9 9.5v.5m6-.5v.5M8 ';
/** From worst to best, the line of the mouth. */
const mouths = ['16.5q4-4 8 0', '16q4-2 8 0', '15.5h8', '14.5q4 2 8 0', '14q4 4.500 8 0'];

const drawing = (path: string): Element => {
  const svg = document.createElementNS(namespace, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.ariaHidden = 'true';
  const line = document.createElementNS(namespace, 'path');
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
};

export default ({ root }: Tools) => {
  const rules = new CSSStyleSheet();
  rules.replaceSync(sheet);
  root.adoptedStyleSheets.push(rules);
  return (row: HTMLElement, { faces = [], look }: Settings): void => {
    const drawn = look?.scale === 'stars' ? 'stars' : 'faces';
    row.classList.add(drawn);
    row.querySelectorAll('label').forEach((label, at) => {
      const words = faces[at];
      const input = label.firstElementChild;
      const face = drawing(drawn === 'faces' ? `${outline}${mouths[at]}` : star);
      label.lastElementChild?.replaceChildren(face);
      if (words) {
        input?.setAttribute('aria-label', words);
        label.title = words;
      }
    });
  };
};
