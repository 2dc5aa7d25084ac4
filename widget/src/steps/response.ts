// The first step: the score, what it is about, and why.

import { device } from '../device';
import { element } from '../dom';
import { idle } from '../idle';
import type { Step } from '../panel';
import type { After, Left, Tools } from '../parts/tools';
import type { Choice } from '../wire';
import { category } from './category';
import { comment } from './comment';
import { type Draw, score } from './score';

/** `after` is asked for after the start, which is when somebody sees the form, and again when it did not come. */
export const response = (
  tools: Tools,
  draw: Draw | undefined,
  after: () => Promise<After | undefined>,
): Step & { start_(): void } => {
  const { settings, text, ask, outcomes, tell, signal } = tools;
  const scale = score(settings, draw);
  const why = comment(text.comment, text.optional, 'hint');
  const about = category(settings, text, why.hint);
  // Nobody sees it; whoever fills it in is a machine, or a browser that fills in forms by itself.
  const trap = element('input', {
    class: 'away',
    autocomplete: 'off',
    inert: '',
    name: 'website',
  });
  const content = (): Choice => {
    // biome-ignore lint/suspicious/noExplicitAny: the trap is there, and what was not chosen is not.
    const { score, category = '', website: trap }: any = Object.fromEntries(new FormData(form));
    return { score: score && +score, category, comment: why.value(), trap };
  };
  let left: Left;
  let post: ReturnType<After> | undefined;
  /** Undefined when what comes after the form did not come. */
  const begin = async () => {
    const part = await after();
    post ??= part?.(content, left);
    return post;
  };

  const form = ask(
    text.send,
    [scale.element_, ...(settings.categories[0] ? [about] : []), why.element, trap],
    [],
    async (done) => {
      const missing = content().score === undefined;
      scale.invalid_(missing);
      if (missing) {
        done(text.pick);
        return scale.first_().focus();
      }
      const press = await begin();
      if (press) return press(done);
      left.push(content());
      device(left);
      done(text.failed);
      // A form that was sent meanwhile, or taken away, is not in the page, and is not sent.
      addEventListener('online', () => form.requestSubmit(), { once: true, signal });
    },
  );
  scale.element_.onchange = () => {
    // However busy the page is: who has picked a score may be sending soon, or lose the connection.
    begin();
    scale.invalid_(false);
    outcomes.push('scored');
    tell('scored', { score: content().score });
  };
  form.append(element('p', { class: 'privacy' }, text.privacy));
  return {
    element: form,
    first: scale.first_,
    start_: () => {
      left ??= [Date.now(), location.href, Math.random(), tools];
      // Not before the form is on the screen: nothing may stand in its way.
      requestAnimationFrame(() => requestAnimationFrame(() => idle(begin)));
    },
  };
};
