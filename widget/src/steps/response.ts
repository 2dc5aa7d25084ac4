// The first step: the score, what it is about, and why.

import { element } from '../dom';
import type { Step } from '../panel';
import type { After, Tools } from '../parts/tools';
import type { Choice } from '../wire';
import { category } from './category';
import { comment } from './comment';
import { type Draw, score } from './score';

/** `after` is asked for at the start, which is when somebody sees the form, and again when it did not come. */
export const response = (
  { settings, text, ask, outcome, tell, signal }: Tools,
  draw: Draw | undefined,
  after: () => Promise<After | undefined>,
): Step & { start_(): void } => {
  const scale = score(settings, draw);
  const why = comment(text.comment, text.optional, 'hint');
  const about = category(settings, text, why.hint);
  // Nobody sees it; whoever fills it in is a machine, or a browser that fills in forms by itself.
  const trap = element('input', {
    class: 'away',
    name: 'website',
    autocomplete: 'off',
    inert: '',
  });
  const content = (): Choice => ({
    score: scale.value_(),
    category: about.value_(),
    comment: why.value(),
    trap: trap.value,
  });
  let began = 0;
  const begin = async () => (await after())?.(content, began);
  let made: ReturnType<typeof begin> | undefined;
  const start = () => {
    began ||= Date.now();
    made ??= begin();
  };

  const form = ask(
    text.send,
    [scale.element_, ...(settings.categories[0] ? [about.element_] : []), why.element, trap],
    [],
    async (done) => {
      const missing = content().score === undefined;
      scale.invalid_(missing);
      if (missing) {
        done(text.pick);
        return scale.first_().focus();
      }
      if (!(await made)) made = begin();
      const press = await made;
      if (press) return press(done);
      done(text.failed);
      // A form that was sent meanwhile, or taken away, is not in the page, and is not sent.
      addEventListener('online', () => form.requestSubmit(), { once: true, signal });
    },
  );
  scale.element_.onchange = () => {
    scale.invalid_(false);
    outcome('scored');
    tell('scored', { score: content().score });
  };
  form.append(element('p', { class: 'privacy' }, text.privacy));
  return { element: form, first: scale.first_, start_: start };
};
