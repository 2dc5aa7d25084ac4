import type { VueProps } from './mount.js';

/** The form, once on a page. */
export const Lukewarm: new () => { $props: VueProps };
