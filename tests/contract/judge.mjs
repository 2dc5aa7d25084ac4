// Answers each line of JSON with the widget's own verdicts, so that Python can ask a browser's language for its opinion.

import { createInterface } from 'node:readline';
import { allowed, draw, verdicts } from '../../widget/src/parts/when/decide.ts';

for await (const line of createInterface({ input: process.stdin })) {
  const { when, facts, person } = JSON.parse(line);
  const lines = verdicts(when, facts);
  const said = lines.map(({ rule, verdict }) => [rule, verdict]);
  console.log(JSON.stringify({ said, allowed: allowed(lines), draw: draw(facts.survey, person) }));
}
