// The first step: the score, what it is about, and why. Its id is made with it, so that pressing twice, or again
// after a failure, can never be counted as two responses.

import { element } from '../dom';
import type { Step } from '../panel';
import type { Text } from '../text';
import { uuid } from '../uuid';
import { body, pageOf, type Receipt, type Survey } from '../wire';
import { ask } from './ask';
import { category } from './category';
import { comment } from './comment';
import { score } from './score';

export const response = (
  survey: Survey,
  text: Text,
  address: string,
  done: (receipt: Receipt) => void,
): Step => {
  const id = uuid();
  const scale = score(survey);
  const why = comment(text.comment, text.optional, 'hint');
  const about = category(survey, text, why.hint);
  const pack = () => {
    const chosen = scale.value();
    scale.invalid(!chosen);
    if (!chosen) {
      complain(text.pick);
      scale.first().focus();
      return;
    }
    return body({
      id,
      survey: survey.survey,
      score: +chosen,
      category: about.value(),
      comment: why.value(),
      page: pageOf(location),
      language: survey.language,
    });
  };
  const { element: form, complain } = ask(
    text,
    text.send,
    address,
    [scale.element, ...(survey.categories.length ? [about.element] : []), why.element],
    [],
    pack,
    (reply) => {
      const receipt = reply as Receipt | null | undefined;
      if (!receipt?.id) return false;
      done(receipt);
      return true;
    },
  );
  scale.element.onchange = () => {
    scale.invalid(false);
    complain('');
  };
  form.append(element('p', { class: 'privacy' }, text.privacy));
  return { element: form, first: scale.first };
};
