import assert from 'node:assert/strict';
import test from 'node:test';
import { uuid } from '../src/parts/after/uuid';

const layout = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test('has the layout, the version and the variant whatever the random bytes are', () => {
  for (const byte of [0x00, 0x0f, 0x55, 0xaa, 0xf0, 0xff])
    assert.match(uuid(Date.now(), new Uint8Array(10).fill(byte)), layout);
  for (let turn = 0; turn < 100; turn++) assert.match(uuid(), layout);
});

test('is the example of RFC 9562, appendix A.6', () => {
  const random = Uint8Array.of(0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f);
  assert.equal(uuid(0x017f22e279b0, random), '017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
});

test('keeps all the random bits', () => {
  assert.equal(uuid(0, new Uint8Array(10).fill(0xff)), '00000000-0000-7fff-bfff-ffffffffffff');
  assert.equal(uuid(0, new Uint8Array(10)), '00000000-0000-7000-8000-000000000000');
});

test('sorts by the time it was made', () => {
  const times = [0, 1, 255, 256, 2 ** 32, Date.now(), Date.now() + 1, 2 ** 48 - 1];
  const ids = times.map((time) => uuid(time));
  assert.deepEqual([...ids].sort(), ids);
});
