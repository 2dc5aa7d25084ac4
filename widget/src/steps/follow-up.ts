// The second step: the one question that the collector chose for this response. It may be declined, and nothing
// is asked after it.

import { element, icon } from '../dom';
import type { Step } from '../panel';
import type { Text } from '../text';
import { body, type FollowUp, type StoredAnswer } from '../wire';
import { ask } from './ask';
import { choices, chosen } from './choices';
import { comment } from './comment';
import { tick } from './thanks';

export const followUp = (
  { question, kind, areas }: FollowUp,
  text: Text,
  address: string,
  done: () => void,
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
  skip.onclick = done;

  const pack = () => {
    const answered = { areas: chosen(row).map((input) => input.value), text: answer.value() };
    if (answered.areas.length || answered.text) return body(answered);
    complain(text.pickArea);
    form.querySelector<HTMLElement>('input, textarea')?.focus();
    return;
  };
  const { element: form, complain } = ask(
    text,
    text.answered,
    address,
    [
      element('p', { class: 'saved' }, icon(tick), text.sent),
      heading,
      ...(kind === 'text' ? [] : [group]),
      ...(kind === 'areas' ? [] : [answer.element]),
    ],
    [skip],
    pack,
    (reply) => {
      if ((reply as StoredAnswer | null | undefined)?.state !== 'answered') return false;
      done();
      return true;
    },
  );
  // The heading, not the first field: the question is heard whole, and no keyboard covers it on a phone.
  return { element: form, first: () => heading };
};
