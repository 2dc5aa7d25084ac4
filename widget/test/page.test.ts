// What a page in TypeScript may write. It is checked by the compiler; nothing of it runs but the stub.
import assert from 'node:assert/strict';
import test from 'node:test';
import type { Lukewarm } from '../lukewarm';

test('the stub takes every command before the script has come, in their order', () => {
  const stub = ((...call: unknown[]) => {
    stub.q = [...(stub.q ?? []), call] as unknown[][];
  }) as Lukewarm;
  stub('start', { src: 'https://c.example/w/1/widget.js', site: 'KEY', launcher: 'tab' });
  stub('set', { plan: 'pro', seats: 3, trial: false });
  stub('on', 'sent', ({ detail }) => detail.score + detail.category.length);
  // @ts-expect-error: there is no such event
  stub('on', 'send', () => {});
  // @ts-expect-error: a signature is needed
  stub('identify', { id: 'u1' });
  assert.deepEqual(
    (stub.q as unknown[][]).map(([name]) => name),
    ['start', 'set', 'on', 'on', 'identify'],
  );
});
