// Decides how nodes are made: by createElement and setAttribute alone. No HTML string is ever parsed, so the
// widget runs under `trusted-types 'none'`, and no style attribute is written, so it needs nothing in `style-src`.

type Attributes = Record<string, string>;

const put = <E extends Element>(made: E, attributes: Attributes, children: (Node | string)[]): E => {
  for (const name in attributes) made.setAttribute(name, attributes[name] as string);
  made.append(...children);
  return made;
};

export const element = <K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] => put(document.createElement(name), attributes, children);

const drawn = (name: string, attributes: Attributes, ...children: Node[]): Element =>
  put(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);

/** A decorative line drawing on a 24 px grid; its stroke is the colour of the text beside it. */
export const icon = (path: string): Element =>
  drawn('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true' }, drawn('path', { d: path }));
