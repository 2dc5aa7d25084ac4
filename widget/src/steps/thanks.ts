// The last step: thanks, what happens with the words, and nothing more to do than to close.

import { element, icon } from '../dom';
import type { Step } from '../panel';
import type { Text } from '../text';

export const tick = 'M5 12.5l4.5 4.5L19 7.5';

export const thanks = (text: Text): Step => ({
  element: element(
    'div',
    { class: 'thanks' },
    icon(tick),
    element('h3', { class: 'prompt' }, text.thanks),
    element('p', {}, text.next),
  ),
});
