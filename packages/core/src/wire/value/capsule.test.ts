// What comes over a link as a capsule is looked through before any role has it.
import { expect, test } from 'vitest';
import { NO_DEPENDENCIES } from '../../causality/dependencies.ts';
import { EMPTY_CLOCK } from '../../clock/vector-clock.ts';
import { registerOf } from '../../lattice/register-capsule.ts';
import { capsule, dependencies, vectorClock } from './capsule.ts';

const write = { writer: 'w', timestamp: 1, counter: 1, value: '1' };

test('[WIRE3] dependencies that arrive are those that are kept: no entry of them is copied', () => {
  const clock = new Map([['w', 1]]);
  const sent = new Map([
    ['a', clock],
    ['b', clock],
  ]);
  const parsed = capsule.parse(registerOf({ ...write, context: clock, dependencies: sent }));
  expect(parsed).toMatchObject({ writes: [{ value: '1' }] });
  expect(parsed.kind === 'register' && parsed.writes[0]?.dependencies).toBe(sent);
});

test.each([
  ['no map', { w: 1 }],
  ['a count that is a text', new Map([['w', '1']])],
  ['a count that is no number', new Map([['w', Number.NaN]])],
  ['a writer that is a number', new Map([[1, 1]])],
])('[WIRE3] a clock with %s is refused', (_, clock) => {
  expect(vectorClock.safeParse(clock).success).toBe(false);
  expect(dependencies.safeParse(new Map([['k', clock]])).success).toBe(false);
  const wrong = { ...write, context: EMPTY_CLOCK, dependencies: new Map([['k', clock]]) };
  expect(capsule.safeParse({ kind: 'register', writes: [wrong] }).success).toBe(false);
  const right = { ...wrong, dependencies: NO_DEPENDENCIES };
  expect(capsule.safeParse({ kind: 'register', writes: [right] }).success).toBe(true);
});
