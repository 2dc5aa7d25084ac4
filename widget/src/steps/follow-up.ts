// The second step: the one question that the collector chose for this response. It may be declined, and nothing
// is asked after it.

import { element, icon } from '../dom';
import type { Step } from '../panel';
import type { Tools } from '../parts/tools';
import { body, type FollowUp } from '../wire';
import { choices, chosen } from './choices';
import { comment } from './comment';
import { tick } from './thanks';

export const followUp = (
  { question, kind, areas }: FollowUp,
  { ask, text }: Tools,
  address: string,
  answered: () => void,
  skipped: () => void,
): Step => {
  const heading = element('h3', { id: 'question', class: 'prompt', tabindex: '-1' }, question);
  const row = choices('checkbox', 'areas', 'chips', areas);
  const group = element(
    'fieldset',
    { 'aria-describedby': 'question' },
    element('legend', {}, text.areas),
    row,
  );
  const answer = comment(text.answer, kind === 'both' ? text.optional : '', 'question');
  const skip = element('button', { type: 'button', class: 'quiet' }, text.skip);
  skip.onclick = skipped;

  const { element: form, complain } = ask(
    text,
    text.answered,
    [
      element('p', { class: 'saved' }, icon(tick), text.sent),
      heading,
      ...(kind === 'text' ? [] : [group]),
      ...(kind === 'areas' ? [] : [answer.element]),
    ],
    [skip],
    () => {
      const said = { areas: chosen(row).map((input) => input.value), text: answer.value() };
      if (said.areas.length || said.text) return { address, body: body(said) };
      complain(text.pickArea);
      form.querySelector<HTMLElement>('input, textarea')?.focus();
      return;
    },
    answered,
  );
  // The heading, not the first field: the question is heard whole, and no keyboard covers it on a phone.
  return { element: form, first: () => heading };
};
