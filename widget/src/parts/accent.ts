// The owner's colour, with the contrast that the collector has seen to, in light and dark.

import type { Settings } from '../wire';

export default (settings: Settings | undefined, rules: CSSStyleSheet): void => {
  const owner = settings?.look?.accent;
  if (owner)
    rules.insertRule(
      `.box{--owner:light-dark(${owner.light},${owner.dark});--on-owner:light-dark(${owner.on_light},${owner.on_dark})}`,
    );
};
