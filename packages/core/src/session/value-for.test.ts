// Which of several concurrent values a session is given.
import { expect, test } from 'vitest';
import { NO_DEPENDENCIES } from '../causality/dependencies.ts';
import { EMPTY_CLOCK } from '../clock/vector-clock.ts';
import type { Capsule } from '../lattice/capsule.ts';
import { isMismatch, joinCapsules } from '../lattice/join-capsules.ts';
import { registerOf } from '../lattice/register-capsule.ts';
import { startSession } from './session-steps.ts';
import { valueFor } from './value-for.ts';

const written = (writer: string, timestamp: number, value: string | null): Capsule =>
  registerOf({
    writer,
    counter: 1,
    timestamp,
    context: EMPTY_CLOCK,
    dependencies: NO_DEPENDENCIES,
    value: value === null ? null : JSON.stringify(value),
  });

const join = (a: Capsule, b: Capsule): Capsule => {
  const joined = joinCapsules(a, b);
  if (isMismatch(joined)) throw new Error('Both are registers');
  return joined;
};

const fresh = startSession({ invocation: 'i1', attempt: 1, level: 'causal' });
const other = written('w2.1', 9, 'other');

test('[SES1] of concurrent values a session is given its own, whatever the clocks say', () => {
  const own = written('w1.1', 1, 'own');
  const session = { ...fresh, writes: new Map([['k', own]]) };
  expect(valueFor(session, 'k', join(own, other))).toBe('"own"');
  expect(valueFor(session, 'l', join(own, other))).toBe('"other"');
  expect(valueFor(session, 'k', other)).toBe('"other"');
  const later = written('w1.1-2', 5, 'later');
  const twice = { ...fresh, writes: new Map([['k', join(own, later)]]) };
  expect(valueFor(twice, 'k', join(join(own, later), other))).toBe('"later"');
});

test('[SES1] what a session has deleted is absent for it, and a value of nobody is undefined', () => {
  const tombstone = written('w1.1', 1, null);
  const session = { ...fresh, writes: new Map([['k', tombstone]]) };
  expect(valueFor(session, 'k', join(tombstone, other))).toBe(undefined);
  expect(valueFor(fresh, 'k', join(tombstone, other))).toBe('"other"');
  expect(valueFor(session, 'k', 'absent')).toBe(undefined);
});

test('[SES1] what one branch has put is there although another has deleted the key since', () => {
  const put = written('w1.1', 1, 'put');
  const both = join(put, written('w2.1', 9, null));
  const session = { ...fresh, writes: new Map([['k', both]]) };
  expect(valueFor(session, 'k', both)).toBe('"put"');
});
