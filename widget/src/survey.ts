// The survey's settings, for the script for all sites: they came with the tag, or are asked for when somebody comes near.

import type { Settings } from './wire';

/** Settings; a survey that is not open when the collector refused; undefined when nothing came this time. */
export type Fetch = () => Promise<Settings | { open: false } | undefined>;

export interface Survey {
  /** False when it did not come this time: it is forgotten, and whoever comes near next asks again. */
  load_(): Promise<boolean>;
  forget_(): void;
}

/** `came` is told of settings that did come. */
export const survey = (
  known: Settings | undefined,
  fetched: Fetch | undefined,
  came: (settings: Settings) => void,
): Survey => {
  let loading: Promise<boolean> | undefined;
  const load = async () => {
    const settings = known ?? (await fetched?.());
    if (settings?.open === false) throw 'no open survey';
    if (settings?.open) came(settings);
    else loading = undefined;
    return !!settings?.open;
  };
  return {
    load_: () => {
      loading ??= load();
      return loading;
    },
    forget_: () => {
      loading = undefined;
    },
  };
};
