// The first step: the score, what it is about, and why. A score that was picked and then left is kept, without the
// words, which nobody has sent yet.

import { element } from '../dom';
import { letter } from '../letter';
import type { Step } from '../panel';
import type { Tools } from '../parts/tools';
import { uuid } from '../uuid';
import { type Content, pageOf, type Receipt } from '../wire';
import { category } from './category';
import { comment } from './comment';
import { type Draw, score } from './score';

export interface Response extends Step {
  /** Sends what was chosen but not sent, once. */
  keep(): void;
}

export const response = (
  tools: Tools,
  address: string,
  draw: Draw | undefined,
  done: (receipt: Receipt, content: Content) => void,
): Response => {
  const { settings, text, outcome, tell } = tools;
  const begun = Date.now();
  const post = letter(address, {
    id: uuid(),
    survey: settings.survey,
    page: pageOf(location),
    identity: tools.identity(),
  });
  const scale = score(settings, draw);
  const why = comment(text.comment, text.optional, 'hint');
  const about = category(settings, text, why.hint);
  // Nobody sees it; whoever fills it in is a machine, or a browser that fills in forms by itself.
  const trap = element('input', {
    class: 'away',
    name: 'website',
    tabindex: '-1',
    autocomplete: 'off',
    'aria-hidden': 'true',
  });
  let seconds: number | undefined;
  let sent: string | undefined;
  let kept = '';

  const content = (): Content => ({
    score: +(scale.value() as string),
    category: about.value(),
    comment: why.value(),
    language: settings.language,
    attributes: navigator.globalPrivacyControl ? undefined : tools.attributes(),
    trap: trap.value,
    seconds: seconds as number,
  });
  const { element: form, complain } = tools.ask(
    text,
    text.send,
    [scale.element, ...(settings.categories.length ? [about.element] : []), why.element, trap],
    [],
    () => {
      scale.invalid(!scale.value());
      if (!scale.value()) {
        complain(text.pick);
        scale.first().focus();
        return;
      }
      // The same press again has to say the same.
      seconds ??= (Date.now() - begun) / 1e3;
      sent = JSON.stringify(content());
      return post.next(content());
    },
    (receipt) => {
      // It came late, and the person has gone on writing: their next press amends.
      if (sent === JSON.stringify(content())) done(receipt, content());
    },
    post.heard,
  );
  scale.element.onchange = () => {
    scale.invalid(false);
    complain('');
    outcome('scored');
    tell('scored', { score: +(scale.value() as string) });
  };
  form.append(element('p', { class: 'privacy' }, text.privacy));
  return {
    element: form,
    first: scale.first,
    keep: () => {
      const now = `${scale.value()} ${about.value()}`;
      if (!settings.keep_partial || !scale.value() || sent || now === kept) return;
      kept = now;
      const entry = post.next({ ...content(), comment: '', partial: true });
      tools.send(entry.address, entry.body).then(post.heard);
    },
  };
};
