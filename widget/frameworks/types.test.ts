// Compiled and never run: what the declarations allow, and what they do not.

import type { LukewarmAttributes } from '../lukewarm';
import { mount } from './mount.js';
import { Lukewarm as ReactForm } from './react.js';
import type { Lukewarm as VueForm } from './vue.js';

const src = 'https://feedback.example.com/w/1/site_x.js';
const identity = { id: 'user-7', expires: 1763800000, signature: '' };

window.lukewarm?.('open');
window.lukewarm?.('identify', identity);
window.lukewarm?.('on', 'sent', ({ detail }) => detail.category.length + detail.score);
document.addEventListener('lukewarm:scored', ({ detail }) => detail.score.toFixed());
ReactForm({ src, theme: 'dark', identity, onSent: ({ score }) => score.toFixed(), onOpened: () => {} });
const props: InstanceType<typeof VueForm>['$props'] = { src, test: true, attributes: { plan: 'pro' } };
mount(props, (event, detail) => `${event} ${detail}`).update(undefined, {
  seats: 3,
} satisfies LukewarmAttributes);

// @ts-expect-error There is no such command.
window.lukewarm?.('opne');
// @ts-expect-error Nor such an event.
window.lukewarm?.('on', 'send', () => {});
// @ts-expect-error An identity that nobody signed.
window.lukewarm?.('identify', { id: 'user-7' });
// @ts-expect-error The script's address is missing.
ReactForm({ theme: 'dark' });
// @ts-expect-error There is no such theme.
ReactForm({ src, theme: 'blue' });
