import type { TimedEvent } from '@stormglass/core';
import { expect, test } from 'vitest';
import { readEventLines, writeEventLines } from './event-lines.ts';

const events: readonly TimedEvent[] = [
  { at: 0, event: { kind: 'cluster.changed', change: 'storage-joined', id: 's 1\n' } },
  {
    at: 2 ** 40 + 1,
    event: {
      kind: 'log',
      invocation: 'i1',
      attempt: 1,
      worker: 'w1',
      level: 'info',
      text: 'two\nlines and blanks, \u2028 \u{1F300} \uD800',
    },
  },
];

test('events are the same at the other end, whatever their texts hold', () => {
  const told = readEventLines(writeEventLines(events), 2, 'w1');
  expect(told?.map(({ at, kind, invocation }) => [at, kind, invocation])).toEqual([
    [0, 'cluster.changed', undefined],
    [2 ** 40 + 1, 'log', 'i1'],
  ]);
  expect(told?.map((one) => one.event())).toEqual(events.map(({ event }) => event));
  expect(told?.map((one) => one.text())).toEqual(events.map(({ event }) => JSON.stringify(event)));
});

test.each([
  ['fewer events than announced', writeEventLines(events.slice(1)), 2],
  ['more events than announced', writeEventLines(events), 1],
  ['nothing', '', 1],
  ['no time', 'x log i1 {}', 1],
  ['no such kind', '1 toString i1 {}', 1],
  ['a line that breaks off', '1 log i1', 1],
])('%s: none of it is taken', (_what, lines, count) => {
  expect(readEventLines(lines, count, 'w1')).toBeUndefined();
});
