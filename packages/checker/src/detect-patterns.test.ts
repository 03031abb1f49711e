import { describe, expect, test } from 'vitest';
import { detectPatterns } from './detect-patterns.ts';
import type { Operation, RecordedHistory } from './history.ts';
import { all, historyOf, operation, operations, runsHistory } from './testkit/compose-history.ts';

const patterns = (history: RecordedHistory): readonly string[] => [
  ...new Set(detectPatterns(history).map((one) => one.class)),
];

describe('[PD1] patterns', () => {
  test('S1 lost update: two replaced one version, and one of them is left', () => {
    const runs = '[w x1] | [r x1, w x2] | [r x1, w x3]';
    const rest = (...values: readonly string[]) => ({
      ...runsHistory(runs),
      atRest: [{ place: 's', held: [{ key: 'x', values, isPick: false }] }],
    });
    expect(patterns(rest('x3'))).toEqual(['lost-update']);
    expect(patterns(rest('x2', 'x3'))).toEqual([]);
  });

  test('S7 write skew', () => {
    expect(patterns(runsHistory('[w a1, w b1] | [r a1, r b1, w a2] | [r a1, r b1, w b2]'))).toEqual(
      ['write-skew'],
    );
    expect(patterns(runsHistory('[w a1, w b1] | [r a1, r b1, w a2] | [r a2, r b1, w b2]'))).toEqual(
      [],
    );
  });

  test('S12 long fork', () => {
    const fork = (last: string) =>
      `[w x1, w y1] | [r x1, w x2] | [r y1, w y2] | [r x2, r y1] | ${last}`;
    expect(patterns(runsHistory(fork('[r y2, r x1]')))).toContain('long-fork');
    expect(patterns(runsHistory(fork('[r y2, r x2]')))).not.toContain('long-fork');
  });

  test('S11 clock inversion: a write that knew of another has a smaller stamp', () => {
    const stamped = (text: string, time: number): Operation => ({
      ...(operation(text) as Operation & { kind: 'write' }),
      stamp: { time, writer: 'w' },
    });
    const history = (time: number) =>
      historyOf([
        { id: 'p', level: 'lww', nodes: { f: [stamped('w x1', 12)] } },
        { id: 'q', level: 'lww', nodes: { f: [operation('r x1'), stamped('w x2', time)] } },
      ]);
    expect(patterns(history(3))).toEqual(['clock-inversion']);
    expect(patterns(history(13))).toEqual([]);
  });

  test('sibling growth', () => {
    const many = historyOf([
      { id: 'w', level: 'causal', nodes: { f: operations('w x1') } },
      { id: 'v', level: 'causal', nodes: { f: operations('w x2') } },
      { id: 'r', level: 'causal', nodes: { f: [all('r x1/2')] } },
    ]);
    expect(detectPatterns(many, { siblingsMax: 1 })).toHaveLength(1);
    expect(detectPatterns(many, { siblingsMax: 2 })).toHaveLength(0);
  });
});
