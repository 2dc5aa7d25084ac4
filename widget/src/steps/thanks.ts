// The last step: thanks, what happens with the words, and the way to them for whoever said them.

import { element, icon } from '../dom';
import type { Step } from '../panel';
import type { Text } from '../text';

export const tick = 'M5 12.5l4.5 4.5L19 7.5';

export const thanks = (text: Text, manage?: string): Step => ({
  element: element(
    'div',
    { class: 'thanks' },
    icon(tick),
    element('h3', { class: 'prompt' }, text.thanks),
    element('p', {}, text.next),
    ...(manage ? [element('a', { href: manage, target: '_blank', rel: 'noopener' }, text.manage)] : []),
  ),
});
