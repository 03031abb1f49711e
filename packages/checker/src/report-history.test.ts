import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseHistory } from './parse-history.ts';
import { reportHistory } from './report-history.ts';
import { operationsHistory, runsHistory } from './testkit/compose-history.ts';

test('says what was promised and broken, which models fit, and which anomalies there are', () => {
  const leak = runsHistory('[w x1],[w y1] | [r x0, r y1]', 'causal-cut');
  const { isBroken, lines } = reportHistory(leak);
  expect(isBroken).toBe(true);
  expect(lines).toEqual([
    '3 invocations, 3 sessions, 4 operations',
    '1 broken promises:',
    '  read-set-cut of x: s1.0/1/f[1] got y1 at y, which depends on s0.0/1/f[0] put x1 at x, and s1.0/1/f[0] got nothing at x',
    'Consistency models, whatever was promised:',
    '  causal (CC): yes',
    '  causally convergent (CCv): yes',
    '  causal memory (CM): yes',
    '  read atomic: yes',
    expect.stringContaining('transactional causal (TCC): no, fractured-read'),
  ]);
  expect(reportHistory(leak, 'causal').isBroken).toBe(false);
  expect(reportHistory(operationsHistory('w x1 | r x1')).isBroken).toBe(false);
});

test('the record in the manual is one, and keeps its promises', () => {
  const page = readFileSync(new URL('../../../docs/checkers.md', import.meta.url), 'utf8');
  const json = /```json\n(?<json>.*?)```/su.exec(page)?.groups?.['json'] ?? '';
  expect(reportHistory(parseHistory(json)).isBroken).toBe(false);
});
