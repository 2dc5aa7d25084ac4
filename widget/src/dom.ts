// Decides how nodes are made: by createElement and setAttribute alone. No HTML string is ever parsed, so the
// widget runs under `trusted-types 'none'`, and no style attribute is written, so it needs nothing in `style-src`.

type Attributes = Record<string, string>;

export const element = <K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] => {
  const made = document.createElement(name);
  for (const key in attributes) made.setAttribute(key, attributes[key] as string);
  made.append(...children);
  return made;
};
