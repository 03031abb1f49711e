// The decision itself: every rule is reachable, every answer is explained, and asking again comes to an end.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { NO_DEPENDENCIES } from '../causality/dependencies.ts';
import { clocksEqual, covers, EMPTY_CLOCK } from '../clock/vector-clock.ts';
import { applyMerge } from '../lattice/apply-merge.ts';
import type { Capsule } from '../lattice/capsule.ts';
import { dependenciesOf, valueOf, versionOf } from '../lattice/capsule-view.ts';
import { isMismatch } from '../lattice/join-capsules.ts';
import { registerOf } from '../lattice/register-capsule.ts';
import { consistencyLevels } from './consistency-level.ts';
import { decideRead } from './decide-read.ts';
import { type ReadDecision, type ReadQuestion, readRules } from './read-decision.ts';
import { needOf, recordRead, recordWrite, startSession } from './session-steps.ts';

type Held = Capsule | 'absent';

const version = (a: number, b: number): Capsule => {
  const write = (writer: string, counter: number) => ({
    writer,
    counter,
    timestamp: counter,
    context: EMPTY_CLOCK,
    dependencies: NO_DEPENDENCIES,
    value: '1',
  });
  const writes = [write('a', a), write('b', b)].filter(({ counter }) => counter > 0);
  return { kind: 'register', writes };
};

/** Depends on a newer l than the one that some of the sessions have read. */
const needsNewL: Capsule = registerOf({
  writer: 'a',
  counter: 2,
  timestamp: 2,
  context: new Map([['a', 1]]),
  dependencies: new Map([['l', new Map([['b', 2]])]]),
  value: '1',
});

const versions: readonly Capsule[] = [version(1, 0), version(0, 1), needsNewL, version(1, 1)];
const holdings: readonly (Held | undefined)[] = [undefined, 'absent', ...versions];

/** Sessions at every level that have not read `k`, have read it, depend on it, both, or continue another. */
const sessions = consistencyLevels.flatMap((level) => {
  const fresh = startSession({ invocation: 'i', attempt: 1, level });
  const past = new Map([['k', new Map([['a', 1]])]]);
  const token = { past, seen: past };
  const reading = { key: 'k', self: 'c1', closure: NO_DEPENDENCIES };
  const closure = new Map([['k', new Map([['b', 1]])]]);
  const bound = recordRead(fresh, { key: 'other', capsule: 'absent', self: 'c2', closure });
  return [
    fresh,
    startSession({ invocation: 'i', attempt: 1, level, token }),
    recordRead(fresh, { ...reading, capsule: version(1, 0) }),
    recordRead(fresh, { ...reading, capsule: 'absent' }),
    recordRead(fresh, { ...reading, capsule: version(1, 0), self: 'self' }),
    bound,
    recordRead(bound, { ...reading, capsule: version(1, 0) }),
    recordRead(fresh, { ...reading, key: 'l', capsule: version(0, 1), self: 'c2' }),
    recordWrite(fresh, { key: 'k', capsule: version(1, 1) }),
  ];
});

/** Every question that a cache could ask in this small universe. */
const questions: readonly ReadQuestion[] = sessions.flatMap((session) =>
  holdings.flatMap((local) =>
    holdings.flatMap((pinned) =>
      [...holdings, 'unreachable' as const].flatMap((upstream) =>
        [false, true].flatMap((storeAsked) => {
          const asked = { key: 'k', session, self: 'self', local, pinned, upstream, storeAsked };
          return [asked, { ...asked, snapshot: version(1, 0) }];
        }),
      ),
    ),
  ),
);

test('[SES7] every rule is reachable, and every sentence names the key and is one', () => {
  const reached = new Set<string>();
  for (const question of questions) {
    const { rule, because } = decideRead(question);
    reached.add(rule);
    expect(because).toMatch(/^[^.].*\bk\b.*\.$/u);
  }
  expect(readRules.filter((rule) => !reached.has(rule))).toEqual([]);
});

const versionServed = (capsule: Held) => (capsule === 'absent' ? EMPTY_CLOCK : versionOf(capsule));

test('[RR1] [SC1] [SC7] [SC8] [SES6] no question is answered with a version that the level forbids', () => {
  for (const question of questions) {
    const { session } = question;
    const decision = decideRead(question);
    if (decision.act !== 'serve' || decision.source === 'own-write') continue;
    const served = versionServed(decision.capsule);
    const first = session.reads.get('k')?.version;
    if (session.level === 'repeatable-read') {
      expect(first === undefined || clocksEqual(served, first)).toBe(true);
    } else if (session.level === 'causal' || session.level === 'causal-cut') {
      expect(covers(served, needOf(session, 'k'))).toBe(true);
      if (session.level === 'causal') continue;
      expect(first === undefined || clocksEqual(served, first)).toBe(true);
      const needs = decision.capsule === 'absent' ? undefined : dependenciesOf(decision.capsule);
      const readOfL = session.reads.get('l')?.version;
      const needOfL = needs?.get('l') ?? EMPTY_CLOCK;
      expect(readOfL === undefined || covers(readOfL, needOfL)).toBe(true);
    } else {
      expect(covers(served, session.bounds.get('k')?.clock ?? EMPTY_CLOCK)).toBe(true);
    }
  }
});

test('[SES8] whatever upstream and storage answer, asking again ends in serve or restart', () => {
  const answer = fc.constantFrom<Held>('absent', ...versions);
  const upstream = fc.constantFrom<Held | 'unreachable'>('absent', 'unreachable', ...versions);
  fc.assert(
    fc.property(fc.constantFrom(...questions), upstream, answer, (first, fromUpstream, stored) => {
      let question: ReadQuestion = { ...first, upstream: undefined, storeAsked: false };
      const acts: ReadDecision['act'][] = [];
      for (;;) {
        const decision = decideRead(question);
        acts.push(decision.act);
        if (decision.act === 'serve' || decision.act === 'restart') break;
        if (decision.act === 'fetch-upstream') {
          expect(decision.holders).not.toContain('self');
          expect(decision.holders.length).toBeGreaterThan(0);
          question = { ...question, upstream: fromUpstream };
        } else {
          question = { ...question, local: stored, storeAsked: true };
        }
        expect(acts.length).toBeLessThan(4);
      }
      expect(acts.filter((act) => act === 'fetch-store').length).toBeLessThan(2);
    }),
    { numRuns: 2_000 },
  );
});

test('[SES7] a storage that has not answered is asked, never taken for an empty one', () => {
  for (const question of questions) {
    if (question.local !== undefined) continue;
    const decision = decideRead(question);
    if (decision.act !== 'serve') continue;
    expect(['own-write', 'pin', 'upstream']).toContain(decision.source);
  }
});

const ask = (changes: Partial<ReadQuestion> & Pick<ReadQuestion, 'session'>): ReadQuestion => ({
  key: 'k',
  self: 'w1',
  local: undefined,
  pinned: undefined,
  upstream: undefined,
  storeAsked: false,
  ...changes,
});

test.each(['lww', 'single-key-causal'] as const)(
  '[SES9] %s serves what is here and asks storage for what is not',
  (level) => {
    const session = startSession({ invocation: 'i', attempt: 1, level });
    expect(decideRead(ask({ session, local: version(1, 0) }))).toMatchObject({
      act: 'serve',
      source: 'local',
      rule: `${level}/local`,
    });
    expect(decideRead(ask({ session }))).toMatchObject({
      act: 'fetch-store',
      rule: `${level}/store`,
    });
    expect(decideRead(ask({ session, local: 'absent', storeAsked: true }))).toMatchObject({
      act: 'serve',
      capsule: 'absent',
      source: 'store',
      rule: `${level}/store`,
    });
  },
);

test('[SES7] the sentence of an upstream fetch says who holds what, what is needed, and who is asked', () => {
  const begun = startSession({ invocation: 'i', attempt: 1, level: 'causal' });
  const closure = new Map([['l', new Map([['u', 1]])]]);
  const session = recordRead(begun, { key: 'k', capsule: version(1, 0), self: 'w2', closure });
  expect(decideRead(ask({ key: 'l', session, local: version(1, 0) })).because).toBe(
    'w1 holds l {a:1}, which does not cover {u:1} that this session needs, so w2 is asked.',
  );
});

function merge(held: Capsule | undefined, writer: string, add: number): Capsule {
  const by = { writer, counter: 1, timestamp: 1, dependencies: NO_DEPENDENCIES };
  const capsule = applyMerge(held, { kind: 'counter', add }, by);
  if (isMismatch(capsule)) throw new Error('a counter stays one');
  return capsule;
}

const servedValue = (decision: ReadDecision) =>
  decision.act === 'serve' && decision.capsule !== 'absent'
    ? valueOf(decision.capsule)
    : decision.act;

test.each(consistencyLevels)(
  '[SES2] at %s a merge is read back on top of what the key holds',
  (level) => {
    const stored = merge(undefined, 'other', 10);
    const begun = startSession({ invocation: 'i', attempt: 1, level });
    const session = recordWrite(begun, { key: 'k', capsule: merge(undefined, 'mine', 1) });
    expect(decideRead(ask({ session })).act).toBe('fetch-store');
    expect(servedValue(decideRead(ask({ session, local: stored })))).toBe('11');
    expect(servedValue(decideRead(ask({ session, local: 'absent', storeAsked: true })))).toBe('1');
  },
);

test('[SES2] [RR1] a merge after a read does not make the version read unfindable', () => {
  const stored = merge(undefined, 'other', 10);
  const begun = startSession({ invocation: 'i', attempt: 1, level: 'repeatable-read' });
  const reading = { key: 'k', capsule: stored, self: 'w2', closure: NO_DEPENDENCIES };
  const session = recordWrite(recordRead(begun, reading), {
    key: 'k',
    capsule: merge(undefined, 'mine', 1),
  });
  const decision = decideRead(ask({ session, local: stored }));
  expect(decision.rule).toBe('repeatable-read/local-same');
  expect(servedValue(decision)).toBe('11');
  const newer = merge(undefined, 'third', 5);
  expect(decideRead(ask({ session, local: newer })).act).toBe('fetch-upstream');
});

test('[SES2] when the key holds another kind, the session sees its own share', () => {
  const begun = startSession({ invocation: 'i', attempt: 1, level: 'lww' });
  const session = recordWrite(begun, { key: 'k', capsule: merge(undefined, 'mine', 1) });
  const register = registerOf({
    writer: 'w',
    timestamp: 1,
    context: EMPTY_CLOCK,
    dependencies: NO_DEPENDENCIES,
    value: '"text"',
  });
  expect(servedValue(decideRead(ask({ session, local: register })))).toBe('1');
});
