// Where may we write to you? One address, one sentence of consent, one press. It is asked only of somebody whose
// follow-up was left unanswered, and may be declined.

import { contact as english, widget } from '../../../collector/surveys/languages/en.json';
import sheet from './contact.css';
import type { ContactPart, Tools } from './tools';

/** What the browser fills in, and which sentence is agreed to. */
const kinds = { email: ['email', 'email'], sms: ['tel', 'phone'] } as const;

const words = { ...english, skip: widget.skip };

export default ({ element, choices, ask, settings, text, root }: Tools): ContactPart => {
  const rules = new CSSStyleSheet();
  rules.replaceSync(sheet);
  root.adoptedStyleSheets.push(rules);
  return (send, done) => {
    const said = { ...words, ...text };
    const { channels, version, consent } = settings.contact as NonNullable<typeof settings.contact>;
    const known = channels.filter((name): name is keyof typeof kinds => name in kinds);
    let channel = known[0] ?? 'email';
    const label = element('label', { for: 'address' });
    const agreed = element('p', { id: 'consent', class: 'agreed' });
    const field = element('input', { id: 'address', class: 'field', 'aria-describedby': 'consent error' });
    const pick = () => {
      const [type, name] = kinds[channel];
      label.textContent = said[name];
      // A name is what makes browsers offer what they know.
      Object.assign(field, { type, name: type, autocomplete: type });
      agreed.textContent = consent[channel] ?? '';
    };
    const row = choices(
      'radio',
      'channel',
      'chips',
      known.map((key) => ({ key, label: said[kinds[key][1]] })),
    );
    row.onchange = () => {
      channel = row.querySelector<HTMLInputElement>(':checked')?.value as typeof channel;
      pick();
    };
    const first = row.querySelector('input');
    if (first) first.checked = true;
    pick();

    const heading = element('h3', { class: 'prompt', tabindex: '-1' }, said.ask);
    const skip = element('button', { type: 'button', class: 'quiet' }, said.skip);
    skip.onclick = () => done('');
    const wrong = (complaint: string) => field.setAttribute('aria-invalid', `${!!complaint}`);
    const form = ask(
      said.agree,
      [
        heading,
        element('p', {}, said.why),
        ...(known[1] ? [row] : []),
        element('div', { class: 'address' }, label, field),
        agreed,
      ],
      [skip],
      (complain) => {
        const answer = (complaint: string) => {
          wrong(complaint);
          complain(complaint);
          if (complaint) field.focus();
        };
        if (!field.value || !field.checkValidity()) return answer(said.wrong);
        const body = { channel, address: field.value, consent: version, language: settings.language };
        send(JSON.stringify(body), answer, said.wrong, () => done(said.kept));
      },
    );
    // Its own words say what is wrong, in the survey's language; the browser's bubble would say it first.
    form.noValidate = true;
    return { element: form, first: () => heading };
  };
};
