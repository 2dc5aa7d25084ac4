// What comes after the form: sending it so that nothing is lost and one response stays one, the counts, the follow-up,
// the way to the contact's step, and thanks. The core fetches it while the form is being filled in; the per-site
// script holds it.

import { send } from '../../send';
import { store } from '../../store';
import type { Receipt } from '../../wire';
import { identified } from '../privacy';
import type { After, ContactPart, Tools } from '../tools';
import sheet from './after.css';
import { followUp } from './follow-up';
import { begun, entry } from './left';
import type { Packed } from './letter';
import { type Hear, outbox } from './outbox';
import { page } from './page';
import { tally } from './tally';
import { thanks } from './thanks';
import { english, type Words } from './words';

export default (tools: Tools): After => {
  const { settings, site, base, text, tell, outcomes, say, signal } = tools;
  const words: Words = { ...english, ...text };
  const rules = new CSSStyleSheet();
  rules.replaceSync(sheet);
  tools.root.adoptedStyleSheets.push(rules);

  const held = store(entry);
  tools.store = held;
  const talk: typeof send = async (address, body) =>
    'test' in tools.said ? ['taken', { id: 'test', state: 'answered' }] : send(address, body);
  // Any hash leads to the file of today: most visitors never need it, and its address need not be in every script.
  const prove = async (challenge: string) =>
    (await import(`${base}/w/1/proof.0000000000000000.js`)).default(challenge);
  const { post_, flush_ } = outbox(held, talk, prove, signal, () => tell('queued'));
  const { report_, anew_ } = tally(outcomes);
  let keep = () => {};

  /** Tells the person what became of the press, and goes on where it was taken. */
  const press = (
    packed: Packed,
    done: (complaint: string) => void,
    taken: (said: Receipt) => void,
    refused = words.refused,
    heard?: Hear,
  ) => {
    let told: string | undefined;
    return post_(packed, (reply, kept) => {
      const [verdict, said] = reply;
      const complaint = { taken: '', failed: kept ? words.queued : text.failed, refused }[verdict];
      heard?.(reply);
      // The same words again, after another try by the clock, would be read out again.
      if (complaint !== told) done(complaint);
      told = complaint;
      if (verdict === 'taken') taken(said);
    });
  };

  /** A card that changes its size is a shift of the page's layout, unless somebody has just pressed something, and an answer may
   * take long. A card that was away for a moment, which no frame shows, comes up anew: that is none. */
  const show: typeof tools.show = (...step) => {
    const card = tools.root.querySelector<HTMLElement>('.panel:not([hidden])');
    if (card) {
      card.hidden = true;
      // Has the page laid out without it.
      card.getBoundingClientRect();
      card.hidden = false;
    }
    tools.show(...step);
  };

  const outcome = (name: string) => outcomes.push(name);
  const both = (name: string) => {
    outcome(name);
    tell(name);
  };

  const went = ({ token = '', follow_up: next }: Receipt) => {
    const finish = (said: string) => {
      // Other words than before: the same ones twice would not be announced twice.
      if (said) say(said);
      show(thanks(tools.element, words, token && `${base}/r/${token}`), true);
    };
    const end = (said: string) => finish(said || words.thanks);
    // Only where an answer is still missing and no address is known, and never against a wish for privacy.
    const skipped = async () => {
      if (!settings.contact || !token || navigator.globalPrivacyControl || identified(tools.identity)?.email)
        return end('');
      try {
        const contact = (await tools.part('contact')) as ContactPart;
        const address = `${base}/v1/responses/${token}/contact`;
        show(contact((body, done, refused, kept) => press({ address, body }, done, kept, refused), end));
      } catch (why) {
        tools.warn(why);
        end('');
      }
    };
    if (!next) return finish('');
    both('offered');
    const address = `${base}/v1/follow-ups/${next.token}`;
    const answered = () => {
      both('answered');
      end('');
    };
    show(followUp(next, tools, words, (body, done) => press({ address, body }, done, answered), skipped));
  };

  const report = () => {
    const body = report_(settings.survey);
    if (body) talk(`${base}/v1/sites/${site}/outcomes`, body);
  };
  const hidden = () => {
    keep();
    report();
  };
  page(signal, hidden, () => {
    anew_();
    tools.when?.route();
  });
  signal.addEventListener('abort', hidden);
  tools.on('closed', () => {
    keep();
    if (outcomes.includes('shown') && !outcomes.some((name) => /scored|later|never/.test(name)))
      outcome('dismissed');
  });
  flush_();

  return (content, left) => {
    const { pack_, heard_, press_ } = begun(left, tools);
    let seconds: number | undefined;
    let sent: string | undefined;
    let kept: string | undefined;
    const whole = () => ({ ...content(), seconds });
    // A score that was picked and then left is kept, without the words, which nobody has sent.
    keep = () => {
      const { score, category } = content();
      const now = `${score} ${category}`;
      if (settings.keep_partial === false || score === undefined || sent || now === kept) return;
      kept = now;
      const { address, body } = pack_({ ...whole(), comment: '', partial: true });
      talk(address, body).then(heard_);
    };
    return (done) => {
      // The same press again has to say the same, and those that were left did not say how long they took.
      if (!press_) seconds ??= Math.round((Date.now() - left[0]) / 100) / 10;
      const now = whole();
      sent = JSON.stringify(now);
      const taken = (receipt: Receipt) => {
        // It came late, and the person has gone on writing: their next press amends.
        if (sent !== JSON.stringify(whole())) return;
        keep = () => {};
        say(words.sent);
        if (now.comment) outcome('commented');
        tell('sent', { score: now.score, category: now.category });
        went(receipt);
      };
      press(pack_(now), done, taken, words.refused, heard_);
    };
  };
};
