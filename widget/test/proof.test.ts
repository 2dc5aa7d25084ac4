import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import solve from '../src/parts/proof';
import { firstWord } from '../src/parts/proof/sha256';

const sha256 = (text: string) => createHash('sha256').update(text).digest();

test('the hash begins as it has to, whatever its text and length', () => {
  for (let length = 0; length < 56; length++) {
    const text = Array.from({ length }, (_, at) => String.fromCharCode(32 + ((at * 7 + length) % 95))).join(
      '',
    );
    assert.equal(firstWord(text), sha256(text).readUInt32BE(0), text);
  }
});

test('what is found solves the challenge, and no smaller number does', async () => {
  const signature = '5f0c'.repeat(8);
  const asked = `9.1795341600.${'0'.repeat(32)}.${signature}`;
  const proof = await solve(asked);
  assert.ok(proof.startsWith(`${asked}.`));
  const solves = (number: number) => Math.clz32(sha256(`${signature}.${number}`).readUInt32BE(0)) >= 9;
  const found = Number(proof.slice(asked.length + 1));
  assert.ok(solves(found));
  for (let number = 0; number < found; number++) assert.ok(!solves(number));
});

test('the page has its turn while a number is looked for', async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  await solve(`16.1795341600.${'0'.repeat(32)}.${'a1'.repeat(16)}`);
  clearInterval(timer);
  assert.ok(turns > 0);
});
