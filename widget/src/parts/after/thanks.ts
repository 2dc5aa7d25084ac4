// The last step: thanks, what happens with the words, and the way to them for whoever said them.

import type { Step } from '../../panel';
import type { Tools } from '../tools';
import type { Words } from './words';

export const thanks = (element: Tools['element'], text: Words, manage: string): Step => ({
  element: element(
    'div',
    { class: 'thanks' },
    element('h3', { class: 'prompt' }, text.thanks),
    element('p', {}, text.next),
    ...(manage ? [element('a', { href: manage, target: '_blank', rel: 'noopener' }, text.manage)] : []),
  ),
});
