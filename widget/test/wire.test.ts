import assert from 'node:assert/strict';
import test from 'node:test';
import { amendment, body, pageOf } from '../src/wire';

const full = {
  id: '017f22e2-79b0-7cc3-98c4-dc0c0c07398f',
  survey: 'sv_abc',
  score: 8,
  category: 'price',
  comment: 'Zwei Sätze.\n“Quoted”',
  page: 'https://shop.example/cart?step=2',
  language: 'de',
};

test('a full submission travels as it is', () => {
  assert.deepEqual(JSON.parse(body(full)), full);
});

test('what is empty is left out, and a score of 0 is not empty', () => {
  const sent = JSON.parse(body({ ...full, score: 0, category: '', comment: '', page: '' }));
  assert.deepEqual(sent, { id: full.id, survey: 'sv_abc', score: 0, language: 'de' });
});

test('an answer leaves out what is empty', () => {
  assert.equal(body({ areas: ['speed', 'price'], text: '' }), '{"areas":["speed","price"]}');
  assert.equal(body({ areas: [], text: 'Faster.' }), '{"text":"Faster."}');
});

test('a response is amended at an address of its own', () => {
  assert.equal(
    amendment('https://c.example/v1/sites/KEY/responses', 'tok'),
    'https://c.example/v1/responses/tok',
  );
});

test('the page keeps its query and loses its fragment', () => {
  assert.equal(pageOf(new URL('https://shop.example:8443/a/b?c=d#e')), 'https://shop.example:8443/a/b?c=d');
  assert.equal(pageOf(new URL('http://localhost/')), 'http://localhost/');
});

test('a page that is not http(s) is left out', () => {
  for (const place of ['file:///home/a.html', 'about:blank', 'data:text/html,x'])
    assert.equal(pageOf(new URL(place)), '');
});
