import assert from 'node:assert/strict';
import test from 'node:test';
import { begun, entry } from '../src/parts/after/left';
import type { Left } from '../src/parts/tools';

const privacy = (wanted: boolean) =>
  Object.defineProperty(globalThis, 'navigator', {
    value: { globalPrivacyControl: wanted },
    configurable: true,
  });
const said = (comment: string) => ({ score: 0, category: 'bug', comment, trap: '' });
const identity = { id: 'u1', expires: 1, signature: 's' };

const tools: Left[3] = {
  base: 'https://c.example',
  site: 'KEY',
  settings: { survey: 'sv_1', language: 'en' } as Left[3]['settings'],
  said: {},
  attributes: { plan: 'pro' },
  identity,
};
const at = 1_700_000_000_000;
const page = 'https://shop.example/a?b=1#c';
const left = (...presses: ReturnType<typeof said>[]): Left => [
  at,
  page,
  0.123456789,
  { ...tools },
  ...presses,
];
const line = (...presses: ReturnType<typeof said>[]) => JSON.stringify(left(...presses));

test('a press that was left is a response with all that was known', () => {
  privacy(false);
  const [found] = entry(line(said('one')));
  assert.equal(found?.address, 'https://c.example/v1/sites/KEY/responses');
  assert.equal(found?.amend, undefined);
  const { id, ...rest } = JSON.parse(found?.body ?? '');
  assert.match(id, /^018bcfe5-6800-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.deepEqual(rest, {
    survey: 'sv_1',
    page: 'https://shop.example/a?b=1',
    identity,
    language: 'en',
    attributes: { plan: 'pro' },
    score: 0,
    category: 'bug',
    comment: 'one',
  });
});

test('the page that holds the form sends the same body as the page that finds it', () => {
  privacy(false);
  const { pack_ } = begun(left(said('one')));
  const [found] = entry(line(said('one')));
  assert.equal(pack_(said('one')).body, found?.body);
  assert.equal(pack_(said('one')).amend, undefined);
});

test('later presses keep the first body, and follow as an amendment', () => {
  privacy(false);
  const [first] = entry(line(said('one')));
  const [last] = entry(line(said('one'), said('two')));
  assert.equal(last?.body, first?.body);
  assert.equal(JSON.parse(last?.amend ?? '').comment, 'two');
});

test('two forms of one moment are two responses', () => {
  privacy(false);
  const other = left(said('one'));
  other[2] = 0.987654321;
  assert.ok(entry(JSON.stringify(other))[0]?.body !== entry(line(said('one')))[0]?.body);
});

test('on trial nothing is recorded', () => {
  privacy(false);
  const trial = left(said('one'));
  trial[3].said = { test: '' };
  assert.deepEqual(entry(JSON.stringify(trial)), []);
});

test('who wants privacy is nobody, also when the wish came later', () => {
  privacy(true);
  const body = JSON.parse(entry(line(said('one')))[0]?.body ?? '');
  assert.equal('identity' in body || 'attributes' in body, false);
});

test('a form that was never left has an id of its own each time', () => {
  privacy(false);
  const id = () => JSON.parse(begun(left()).pack_(said('one')).body).id;
  assert.equal(new Set([id(), id()]).size, 2);
});

test('an older core hands over when and where, and is understood', () => {
  privacy(false);
  const { survey, page: shown } = JSON.parse(begun([at, page], tools).pack_(said('one')).body);
  assert.deepEqual([survey, shown], ['sv_1', 'https://shop.example/a?b=1']);
});
