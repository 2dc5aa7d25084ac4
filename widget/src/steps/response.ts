// The first step: the score, what it is about, and why. Its id is made with it, so that pressing twice, or again
// after a failure, can never be counted as two responses. One id has one body: the collector may have stored the
// first although its receipt was lost, and would refuse another, so every press sends it again until it is refused.

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
  const page = pageOf(location);
  let sent: string | undefined;
  const scale = score(survey);
  const why = comment(text.comment, text.optional, 'hint');
  const about = category(survey, text, why.hint);
  /** What cannot be changed on its way must not look as if it could. */
  const keep = (packed?: string) => {
    sent = packed;
    // A disabled radio would drop the focus; a field that is only to be read keeps it.
    if (sent && form.querySelector('fieldset :focus')) button.focus();
    scale.element.disabled = about.element.disabled = why.field.readOnly = !!sent;
    return sent;
  };
  const pack = () => {
    if (sent) return sent;
    const chosen = scale.value();
    scale.invalid(!chosen);
    if (!chosen) {
      complain(text.pick);
      scale.first().focus();
      return;
    }
    return keep(
      body({
        id,
        survey: survey.survey,
        score: +chosen,
        category: about.value(),
        comment: why.value(),
        page,
        language: survey.language,
      }),
    );
  };
  const {
    element: form,
    button,
    complain,
  } = ask(
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
    keep,
  );
  scale.element.onchange = () => {
    scale.invalid(false);
    complain('');
  };
  form.append(element('p', { class: 'privacy' }, text.privacy));
  return { element: form, first: () => (sent ? button : scale.first()) };
};
