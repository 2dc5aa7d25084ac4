import type { ReactProps } from './mount.js';

/** The form, once on a page. */
export function Lukewarm(props: ReactProps): null;
