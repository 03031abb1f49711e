// What a trigger may leave out: whoever reads only the named keys cannot tell the difference, and the
// whole comes back with what was handed in.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { joinDependencies, NO_DEPENDENCIES } from '../causality/dependencies.ts';
import { versionOf } from '../lattice/capsule-view.ts';
import type { Capsule } from '../lattice/capsule.ts';
import { registerOf } from '../lattice/register-capsule.ts';
import { clockArbitrary } from '../testkit/index.ts';
import { consistencyLevels } from './consistency-level.ts';
import { decideRead } from './decide-read.ts';
import { mergeSessions } from './merge-sessions.ts';
import { sessionForKeys } from './session-for-keys.ts';
import type { Session } from './session.ts';
import { recordRead, recordWrite, startSession } from './session-steps.ts';
import { encodeSessionToken } from './session-token.ts';

const KEYS = ['k', 'l', 'm', '__proto__'];
const keyArbitrary = fc.constantFrom(...KEYS);
const countedArbitrary = clockArbitrary
  .map((clock) => new Map([...clock].filter(([, count]) => count > 0)))
  .filter((clock) => clock.size > 0);
const dependenciesArbitrary = fc
  .array(fc.tuple(keyArbitrary, countedArbitrary), { maxLength: 3 })
  .map((entries) => new Map(entries));
const capsuleArbitrary: fc.Arbitrary<Capsule> = fc
  .record({
    writer: fc.constantFrom('a', 'b'),
    counter: fc.integer({ min: 1, max: 3 }),
    dependencies: dependenciesArbitrary,
  })
  .map((write) => registerOf({ ...write, timestamp: 1, context: new Map(), value: '1' }));
const stepArbitrary = fc.record({
  isWrite: fc.boolean(),
  key: keyArbitrary,
  capsule: capsuleArbitrary,
  self: fc.constantFrom('c1', 'c2'),
  closure: dependenciesArbitrary,
});
const levelArbitrary = fc.constantFrom(...consistencyLevels);
/** What was seen is part of the past. */
const tokenArbitrary = fc
  .tuple(dependenciesArbitrary, dependenciesArbitrary)
  .map(([past, seen]) => ({ past: joinDependencies(past, seen), seen }));
const keysArbitrary = fc.uniqueArray(keyArbitrary).map((keys) => new Set(keys));

const sessionArbitrary = (level: Session['level']): fc.Arbitrary<Session> =>
  fc
    .tuple(fc.array(stepArbitrary, { maxLength: 4 }), fc.option(tokenArbitrary))
    .map(([steps, token]) =>
      steps.reduce<Session>(
        (session, { isWrite, ...step }) =>
          isWrite ? recordWrite(session, step) : recordRead(session, step),
        startSession({ invocation: 'i1', attempt: 1, level, token: token ?? undefined }),
      ),
    );
const caseArbitrary = levelArbitrary.chain((level) =>
  fc.record({
    whole: sessionArbitrary(level),
    other: sessionArbitrary(level),
    keys: keysArbitrary,
  }),
);

test('[SES10] a read of a named key is decided as with the whole session', () => {
  fc.assert(
    fc.property(
      caseArbitrary,
      fc.option(capsuleArbitrary),
      fc.option(capsuleArbitrary),
      ({ whole, keys }, local, pinned) => {
        const left = sessionForKeys(whole, keys, 'f');
        for (const key of keys) {
          const question = {
            key,
            self: 'c1',
            local: local ?? undefined,
            pinned: pinned ?? undefined,
            upstream: undefined,
            storeAsked: false,
          };
          const decided = decideRead({ ...question, session: left });
          expect(decided).toEqual(decideRead({ ...question, session: whole }));
        }
      },
    ),
  );
});

test('[SES10] with the whole handed in, nothing is missing from what is committed and told', () => {
  fc.assert(
    fc.property(caseArbitrary, ({ whole, keys }) => {
      const left = sessionForKeys(whole, keys, 'f');
      for (const both of [
        [left, whole],
        [whole, left],
      ]) {
        const { session, conflicts } = mergeSessions(both);
        const alone = mergeSessions([whole, whole]);
        expect(conflicts).toEqual(alone.conflicts);
        expect(encodeSessionToken(session)).toBe(encodeSessionToken(whole));
        expect(new Map(session.writes)).toEqual(new Map(whole.writes));
        expect(session.touched).toEqual(whole.touched);
      }
    }),
  );
});

test('[SES10] branches conflict as whole ones do where the keys of the other are named', () => {
  fc.assert(
    fc.property(caseArbitrary, ({ whole, other, keys }) => {
      const named = new Set([...keys, ...other.reads.keys()]);
      const { conflicts, floors } = mergeSessions([sessionForKeys(whole, named, 'f'), other]);
      const expected = mergeSessions([whole, other]);
      expect(conflicts).toEqual(expected.conflicts);
      expect(new Map(floors)).toEqual(new Map(expected.floors));
    }),
  );
});

test('[SES10] what is left out is what cannot be read from there on, and it is said who has it', () => {
  const k = registerOf({
    writer: 'a',
    counter: 1,
    timestamp: 1,
    context: new Map(),
    dependencies: NO_DEPENDENCIES,
    value: '1',
  });
  const closure = new Map([
    ['l', versionOf(k)],
    ['m', versionOf(k)],
  ]);
  const start = startSession({ invocation: 'i1', attempt: 1, level: 'causal' });
  const read = recordRead(start, { key: 'k', capsule: k, self: 'c1', closure });
  const whole = recordWrite(read, { key: 'w', capsule: k });
  const left = sessionForKeys(whole, new Set(['l']), 'f');
  expect([...left.bounds.keys()]).toEqual(['l']);
  expect([...left.past.keys()]).toEqual(['l']);
  expect([...left.writes.keys()]).toEqual([]);
  expect([...left.reads.keys()]).toEqual([]);
  expect(left.handedIn).toEqual(['f']);
  expect(sessionForKeys(left, new Set(['l']), 'g')).toBe(left);
  expect(sessionForKeys(left, new Set(), 'e').handedIn).toEqual(['e', 'f']);
  expect(sessionForKeys(read, new Set(['l', 'm']), 'f')).toBe(read);
});

test.each(['repeatable-read', 'causal-cut'] as const)(
  '[SES10] at %s what was read stays, because later reads are held against it',
  (level) => {
    const start = startSession({ invocation: 'i1', attempt: 1, level });
    const capsule = registerOf({
      writer: 'a',
      counter: 1,
      timestamp: 1,
      context: new Map(),
      dependencies: NO_DEPENDENCIES,
      value: '1',
    });
    const closure = new Map([['m', versionOf(capsule)]]);
    const whole = recordRead(start, { key: 'k', capsule, self: 'c1', closure });
    const left = sessionForKeys(whole, new Set(['l']), 'f');
    expect(left.handedIn).toEqual(['f']);
    expect(left.reads).toBe(whole.reads);
  },
);

test('[SES10] what was handed in is remembered across a fan-in', () => {
  const start = startSession({ invocation: 'i1', attempt: 1, level: 'causal' });
  const by = (...handedIn: readonly string[]): Session => ({ ...start, handedIn });
  expect(mergeSessions([by('g', 'h'), start, by('f', 'h')]).session.handedIn).toEqual([
    'f',
    'g',
    'h',
  ]);
  expect(mergeSessions([start, start]).session).not.toHaveProperty('handedIn');
});
