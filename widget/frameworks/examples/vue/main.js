// With render functions, which need no compiler; in a template it is <Lukewarm :src :attributes @opened @sent />.

import { createApp, h, ref } from 'vue';
import { Lukewarm } from '../../vue.js';

const App = {
  setup() {
    const here = ref(true);
    const plan = ref('free');
    const said = ref('nothing yet');
    return () => [
      h(
        'button',
        {
          onClick: () => {
            here.value = !here.value;
          },
        },
        here.value ? 'Leave' : 'Come back',
      ),
      h(
        'button',
        {
          onClick: () => {
            plan.value = 'pro';
          },
        },
        'Upgrade',
      ),
      h(
        'button',
        {
          onClick: () => {
            plan.value = '';
          },
        },
        'Sign out',
      ),
      h('output', said.value),
      here.value &&
        h(Lukewarm, {
          src: process.env.LUKEWARM_SRC,
          attributes: plan.value ? { plan: plan.value } : undefined,
          onOpened: () => {
            said.value = 'opened';
          },
          onSent: ({ score }) => {
            said.value = `sent ${score}`;
          },
        }),
    ];
  },
};

createApp(App).mount('#app');
