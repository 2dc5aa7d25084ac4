import assert from 'node:assert/strict';
import test from 'node:test';
import { letter } from '../src/parts/after/letter';

const address = 'https://c.example/v1/sites/KEY/responses';
const head = { id: 'one', survey: 'sv_1', page: 'https://shop.example/' };
const whole = (content: object) => JSON.stringify({ ...head, ...content });

test('the same content is the same body, until there is a receipt', () => {
  const { next_ } = letter(address, head);
  assert.deepEqual(next_({ score: 7 }), { address, body: whole({ score: 7 }) });
  assert.deepEqual(next_({ score: 7 }), { address, body: whole({ score: 7 }) });
});

test('other content after a lost receipt sends the first body again, and follows as an amendment', () => {
  const { next_, heard_ } = letter(address, head);
  next_({ score: 7, partial: true });
  heard_(['failed']);
  assert.deepEqual(next_({ score: 8, comment: 'finished' }), {
    address,
    body: whole({ score: 7, partial: true }),
    amend: '{"score":8,"comment":"finished"}',
  });
});

test('after a receipt everything is an amendment without id, survey and page', () => {
  const { next_, heard_ } = letter(address, head);
  next_({ score: 7, partial: true });
  heard_(['taken', { id: 'one', token: 'tok' }]);
  assert.deepEqual(next_({ score: 7, comment: 'finished' }), {
    address: 'https://c.example/v1/responses/tok',
    body: '{"score":7,"comment":"finished"}',
  });
});

test('what was refused was not stored, and may be said differently', () => {
  const { next_, heard_ } = letter(address, head);
  next_({ score: 7, comment: 'refused' });
  heard_(['refused', { title: 'Not valid' }]);
  assert.deepEqual(next_({ score: 7, comment: 'milder' }), {
    address,
    body: whole({ score: 7, comment: 'milder' }),
  });
});

test('a refused amendment does not lose the token', () => {
  const { next_, heard_ } = letter(address, head);
  heard_(['taken', { id: 'one', token: 'tok' }]);
  heard_(['refused', { title: 'Final' }]);
  assert.equal(next_({ score: 7 }).address, 'https://c.example/v1/responses/tok');
});
