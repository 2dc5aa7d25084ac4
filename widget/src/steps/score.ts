// The scale as one row of radios under its prompt. The two ends are named; nothing is coloured, so that no number
// is pushed.

import { element } from '../dom';
import type { Settings } from '../wire';
import { choices, chosen } from './choices';

/** Draws over a row of radios, from the part `scales`. */
export type Draw = (row: HTMLElement, labels: string[], look: string) => void;

export interface Score {
  element: HTMLElement;
  /** The chosen radio, or the first one. */
  first(): HTMLElement;
  /** Nothing chosen is undefined; "0" is a score. */
  value(): string | undefined;
  invalid(missing: boolean): void;
}

export const score = ({ scale, prompt, look, faces }: Settings, draw?: Draw): Score => {
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
    { role: 'radiogroup', 'aria-describedby': 'error', 'aria-required': 'true' },
    element('legend', { class: 'prompt' }, prompt),
    row,
  );
  const inputs = [...row.querySelectorAll('input')];
  if (count > 2) {
    group.append(
      element(
        'div',
        { class: 'ends' },
        ...names.map((name, at) => element('span', { id: `end${at}` }, name)),
      ),
    );
    inputs[0]?.setAttribute('aria-describedby', 'end0');
    inputs[count - 1]?.setAttribute('aria-describedby', 'end1');
  }
  draw?.(row, faces ?? [], look?.scale ?? '');
  return {
    element: group,
    first: () => chosen(row)[0] ?? (inputs[0] as HTMLElement),
    value: () => chosen(row)[0]?.value,
    invalid: (missing) => group.setAttribute('aria-invalid', `${missing}`),
  };
};
