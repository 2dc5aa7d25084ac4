// The scale as one row of radios under its prompt. The two ends are named; nothing is coloured, so that no number
// is pushed.

import { element } from '../dom';
import type { Settings } from '../wire';
import { choices } from './choices';

/** Draws over a row of radios, from the part `scales`. */
export type Draw = (row: HTMLElement, settings: Settings) => void;

export interface Score {
  element_: HTMLElement;
  /** The chosen radio, or the first one. */
  first_(): HTMLElement;
  invalid_(missing: boolean): void;
}

export const score = (settings: Settings, draw?: Draw): Score => {
  const { scale, prompt } = settings;
  const names = [scale.lowest_label, scale.highest_label];
  const count = scale.highest - scale.lowest + 1;
  const row = choices(
    'radio',
    'score',
    count > 9 ? 'scale long' : 'scale',
    Array.from({ length: count }, (_, at) => {
      const key = `${scale.lowest + at}`;
      // Thumbs have no numbers to show: the names of their two ends are the choices themselves.
      return { key, label: (count < 3 && names[at]) || key };
    }),
  );
  const group = element(
    'fieldset',
    { 'aria-describedby': 'ends error', role: 'radiogroup' },
    element('legend', { class: 'prompt' }, prompt),
    row,
  );
  // Heard with the prompt, whichever of the radios has the focus first.
  if (count > 2)
    group.append(
      element('div', { class: 'ends', id: 'ends' }, ...names.map((name) => element('span', {}, name))),
    );
  draw?.(row, settings);
  return {
    element_: group,
    first_: () => (row.querySelector(':checked') ?? row.querySelector('input')) as HTMLElement,
    invalid_: (missing) => {
      group.ariaInvalid = `${missing}`;
    },
  };
};
