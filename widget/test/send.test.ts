import assert from 'node:assert/strict';
import test from 'node:test';
import { verdict } from '../src/send';

test('what the collector took', () => {
  for (const status of [200, 201, 204]) assert.equal(verdict(status), 'taken');
});

test('what may be tried again by another press', () => {
  for (const status of [408, 429, 500, 502, 503, 504, 599]) assert.equal(verdict(status), 'failed');
});

test('what another press cannot help', () => {
  for (const status of [400, 401, 403, 404, 409, 410, 413, 422, 451])
    assert.equal(verdict(status), 'refused');
});
