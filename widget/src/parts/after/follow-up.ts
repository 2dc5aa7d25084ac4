// The second step: the one question that the collector chose for this response. It may be declined, and nothing
// is asked after it.

import type { Step } from '../../panel';
import { body, type FollowUp } from '../../wire';
import type { Tools } from '../tools';
import type { Words } from './words';

export const followUp = (
  { question, kind, areas }: FollowUp,
  { ask, choices, comment, element }: Tools,
  words: Words,
  answer: (body: string, done: (complaint: string) => void) => void,
  skipped: () => void,
): Step => {
  const heading = element(
    'h3',
    // It may be in another language than the form.
    { id: 'question', class: 'prompt', tabindex: '-1', dir: 'auto' },
    question,
  );
  const row = choices('checkbox', 'areas', 'chips', areas);
  const group = element(
    'fieldset',
    { 'aria-describedby': 'question' },
    element('legend', {}, words.areas),
    row,
  );
  const text = comment(words.answer, kind === 'both' ? words.optional : '', 'question');
  const skip = element('button', { type: 'button', class: 'quiet' }, words.skip);
  skip.onclick = skipped;

  const form = ask(
    words.answered,
    [
      element('p', { class: 'saved' }, words.sent),
      heading,
      ...(kind === 'text' ? [] : [group]),
      ...(kind === 'areas' ? [] : [text.element]),
    ],
    [skip],
    (done) => {
      const chosen = [...row.querySelectorAll<HTMLInputElement>(':checked')].map((input) => input.value);
      if (chosen[0] || text.value()) return answer(body({ areas: chosen, text: text.value() }), done);
      done(words.pickArea);
      form.querySelector<HTMLElement>('input, textarea')?.focus();
    },
  );
  // The heading, not the first field: the question is heard whole, and no keyboard covers it on a phone.
  return { element: form, first: () => heading };
};
