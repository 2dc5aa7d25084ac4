import assert from 'node:assert/strict';
import test from 'node:test';
import { fresh, pause } from '../src/parts/after/outbox';

const day = 864e5;
const entry = (at: number, body = `${at}`) => ({ at, address: 'https://c.example/', body });

test('the newest nine are kept', () => {
  const queue = Array.from({ length: 12 }, (_, at) => entry(at));
  assert.deepEqual(
    fresh(queue, 20).map(({ at }) => at),
    [3, 4, 5, 6, 7, 8, 9, 10, 11],
  );
});

test('after seven days it is given up', () => {
  assert.equal(fresh([entry(0)], 7 * day - 1).length, 1);
  assert.equal(fresh([entry(0)], 7 * day).length, 0);
});

test('each pause is longer, up to some minutes, and never shorter than the collector asked for', () => {
  assert.equal(pause(0, 0, 0), 2);
  assert.equal(pause(0, 0, 1), 4);
  assert.equal(pause(3, 0, 0), 16);
  assert.equal(pause(50, 0, 1), 240);
  assert.equal(pause(0, 90, 0.5), 90);
});
