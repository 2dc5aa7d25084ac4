import assert from 'node:assert/strict';
import test from 'node:test';
import { base, draws, examples } from '../../tests/contract/targeting.json';
import { allowed, draw, type Facts, verdicts, type When } from '../src/parts/when/decide';

for (const { says, when, facts, verdicts: wanted, decision } of examples)
  test(`when: ${says}`, () => {
    const lines = verdicts({ ...base.when, ...when } as When, { ...base.facts, ...facts } as Facts);
    const others = lines.filter(({ verdict }) => verdict !== 'met');
    assert.deepEqual(Object.fromEntries(others.map(({ rule, verdict }) => [rule, verdict])), wanted);
    assert.equal(allowed(lines), decision === 'met');
  });

test('when: what is drawn for a person stays', () => {
  for (const [survey, person, drawn] of draws) assert.equal(draw(`${survey}`, `${person}`), drawn as number);
});

test('when: a pattern that the browser cannot read holds the form back, and breaks nothing', () => {
  const when = { ...base.when, pages: { include: [{ kind: 'regex', value: '(' }] } } as When;
  const lines = verdicts(when, base.facts as Facts);
  assert.equal(lines.find(({ rule }) => rule === 'pages/include/0')?.verdict, 'unknown');
  assert.equal(allowed(lines), false);
});
