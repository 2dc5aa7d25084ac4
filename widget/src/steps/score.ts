// The scale as one row of radios under its prompt. The two ends are named; nothing is coloured, so that no number
// is pushed.

import { element } from '../dom';
import type { Settings } from '../wire';
import { choices } from './choices';

/** Draws over a row of radios, from the part `scales`. */
export type Draw = (row: HTMLElement, labels: string[], look: string) => void;

export interface Score {
  element_: HTMLElement;
  /** The chosen radio, or the first one. */
  first_(): HTMLElement;
  /** Nothing chosen is undefined; 0 is a score. */
  value_(): number | undefined;
  invalid_(missing: boolean): void;
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
  const chosen = () => row.querySelector<HTMLInputElement>(':checked');
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
    element_: group,
    first_: () => chosen() ?? (inputs[0] as HTMLElement),
    value_: () => {
      const picked = chosen();
      return picked ? +picked.value : undefined;
    },
    invalid_: (missing) => group.setAttribute('aria-invalid', `${missing}`),
  };
};
