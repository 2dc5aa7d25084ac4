// <Lukewarm src="https://HOST/w/1/KEY.js" @sent="({ score }) => …" />, for Vue 3. It renders nothing.

import { defineComponent, onMounted, watch } from 'vue';
import { EVENTS, mount } from './mount.js';

export const Lukewarm = defineComponent({
  name: 'Lukewarm',
  props: {
    src: { type: String, required: true },
    site: String,
    language: String,
    launcher: String,
    position: String,
    theme: String,
    test: Boolean,
    identity: Object,
    attributes: Object,
  },
  emits: EVENTS,
  setup(props, { emit }) {
    const options = () => JSON.stringify({ ...props, identity: undefined, attributes: undefined });
    const visitor = () => JSON.stringify({ identity: props.identity, attributes: props.attributes });

    // Never on a server, and watchers that begin here end with the component.
    onMounted(() => {
      let form;
      const update = () => {
        const now = JSON.parse(visitor());
        form.update(now.identity, now.attributes);
      };
      const start = (now, _, onCleanup) => {
        form = mount(JSON.parse(now), emit);
        onCleanup(form.destroy);
        update();
      };
      watch(options, start, { immediate: true });
      watch(visitor, update);
    });

    return () => null;
  },
});
