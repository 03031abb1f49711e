// What a session remembers, how sessions join, and the token that outlives them.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Dependencies, NO_DEPENDENCIES } from '../causality/dependencies.ts';
import { formatClock, type VectorClock } from '../clock/vector-clock.ts';
import type { Capsule } from '../lattice/capsule.ts';
import { versionOf } from '../lattice/capsule-view.ts';
import { applyMerge } from '../lattice/apply-merge.ts';
import { isMismatch } from '../lattice/join-capsules.ts';
import { registerOf } from '../lattice/register-capsule.ts';
import { clockArbitrary } from '../testkit/index.ts';
import { consistencyLevels } from './consistency-level.ts';
import { mergeSessions } from './merge-sessions.ts';
import type { Session } from './session.ts';
import {
  needOf,
  recordRead,
  recordWrite,
  seenOf,
  startSession,
  tracksReads,
} from './session-steps.ts';
import {
  decodeSessionToken,
  encodeSessionToken,
  SESSION_TOKEN_LENGTH_MAX,
} from './session-token.ts';

const clock = (counts: Readonly<Record<string, number>>): VectorClock =>
  new Map(Object.entries(counts));

const written = (writer: string, counter: number): Capsule =>
  registerOf({
    writer,
    counter,
    timestamp: counter,
    context: new Map(),
    dependencies: NO_DEPENDENCIES,
    value: JSON.stringify(writer),
  });

const start = (level: Session['level'] = 'causal') =>
  startSession({ invocation: 'i1', attempt: 1, level });

test.each(consistencyLevels)(
  '[SES3] %s leaves a trace of reads exactly where it says so',
  (level) => {
    const session = start(level);
    const closure = new Map([['l', clock({ u: 1 })]]);
    const after = recordRead(session, { key: 'k', capsule: written('a', 1), self: 'c1', closure });
    expect(after === session).toBe(!tracksReads(level));
    expect(tracksReads(level)).toBe(level !== 'lww');
  },
);

test('[SC5] a read is recorded with its version, its holder and its transitive dependencies', () => {
  const closure = new Map([['l', clock({ u: 1 })]]);
  const read = { key: 'k', capsule: written('a', 1), self: 'c2', closure };
  const once = recordRead(start(), read);
  const again = recordRead(once, { ...read, capsule: written('b', 1), self: 'c1' });
  expect(again.reads.get('k')).toEqual({ version: clock({ a: 1, b: 1 }), holders: ['c1', 'c2'] });
  expect(again.bounds.get('l')).toEqual({ clock: clock({ u: 1 }), holders: ['c1', 'c2'] });
  expect(again.past).toEqual(
    new Map([
      ['l', clock({ u: 1 })],
      ['k', clock({ a: 1, b: 1 })],
    ]),
  );
  expect(again.touched).toEqual(['c1', 'c2']);
  expect(needOf(again, 'l')).toEqual(clock({ u: 1 }));
  expect(recordRead(once, read)).toBe(once);
});

test('[RR1] at repeatable read the version first read stays recorded', () => {
  const read = { key: 'k', self: 'c1', closure: NO_DEPENDENCIES };
  const once = recordRead(start('repeatable-read'), { ...read, capsule: written('a', 1) });
  const again = recordRead(once, { ...read, capsule: written('b', 1), self: 'c2' });
  expect(again.reads.get('k')).toEqual({ version: clock({ a: 1 }), holders: ['c1', 'c2'] });
});

test('[SES1] writes are joined, and are part of the past', () => {
  const once = recordWrite(start(), { key: 'k', capsule: written('a', 1) });
  const twice = recordWrite(once, { key: 'k', capsule: written('b', 1) });
  expect(twice.past.get('k')).toEqual(clock({ a: 1, b: 1 }));
  expect(versionOf(twice.writes.get('k')!)).toEqual(clock({ a: 1, b: 1 }));
  expect(recordWrite(twice, { key: 'k', capsule: written('a', 1) })).toBe(twice);
});

function counterCapsule(): Capsule {
  const by = { writer: 'w', counter: 1, timestamp: 1, dependencies: NO_DEPENDENCIES };
  const capsule = applyMerge(undefined, { kind: 'counter', add: 1 }, by);
  if (isMismatch(capsule)) throw new Error('nothing to mismatch');
  return capsule;
}

test('[SES4] [LAT4] branches that wrote two kinds are a mismatch; within one session it is a bug', () => {
  const a = recordWrite(start(), { key: 'k', capsule: written('a', 1) });
  const b = recordWrite(start(), { key: 'k', capsule: counterCapsule() });
  const { session, mismatches } = mergeSessions([a, b]);
  expect(mismatches).toEqual(['k']);
  expect(session.writes.get('k')).toBe(a.writes.get('k'));
  expect(() => recordWrite(a, { key: 'k', capsule: counterCapsule() })).toThrow(
    'as register and again',
  );
});

const keyArbitrary = fc.constantFrom('k', 'l', '__proto__');
const cacheArbitrary = fc.constantFrom('c1', 'c2', 'c3');
const versionArbitrary = fc.tuple(fc.constantFrom('a', 'b'), fc.integer({ min: 1, max: 2 }));
const stepArbitrary = fc.record({
  isWrite: fc.boolean(),
  key: keyArbitrary,
  version: versionArbitrary,
  self: cacheArbitrary,
  closure: fc.array(fc.tuple(keyArbitrary, clockArbitrary), { maxLength: 2 }),
});

const sessionArbitrary = fc.array(stepArbitrary, { maxLength: 5 }).map((steps) =>
  steps.reduce<Session>((session, { isWrite, key, version, self, closure }) => {
    const capsule = written(...version);
    return isWrite
      ? recordWrite(session, { key, capsule })
      : recordRead(session, { key, capsule, self, closure: new Map(closure) });
  }, start()),
);

/** Equal as sessions: zeros and the order of maps do not count. */
function normal(session: Session): unknown {
  const ofClock = (held: VectorClock) => formatClock(held);
  const ofMap = <T>(map: ReadonlyMap<string, T>, of: (value: T) => unknown) =>
    [...map]
      .map(([key, value]) => [key, of(value)] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    reads: ofMap(session.reads, (read) => [ofClock(read.version), read.holders]),
    bounds: ofMap(session.bounds, (bound) => [ofClock(bound.clock), bound.holders]),
    writes: ofMap(session.writes, (capsule) => capsule),
    past: ofMap(session.past, ofClock),
    touched: session.touched,
  };
}

test('[SES4] fan-in does not depend on order or grouping, and adds nothing twice', () => {
  const merge = (...sessions: readonly Session[]) => mergeSessions(sessions).session;
  fc.assert(
    fc.property(sessionArbitrary, sessionArbitrary, sessionArbitrary, (a, b, c) => {
      const all = normal(merge(a, b, c));
      expect(normal(merge(c, b, a))).toEqual(all);
      expect(normal(merge(a, merge(b, c)))).toEqual(all);
      expect(normal(merge(a, a))).toEqual(normal(a));
    }),
  );
});

test('[SES4] sessions of different attempts never meet', () => {
  const late = startSession({ invocation: 'i1', attempt: 2, level: 'causal' });
  expect(() => mergeSessions([start(), late])).toThrow('attempt 1 of i1');
  expect(() => mergeSessions([])).toThrow('at least one session');
});

const textArbitrary = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 9 }),
  fc.constantFrom('__proto__', 'ключ', '🗝', '\u{10ffff}', '\ud800', '"\\', ' '),
);
const pastArbitrary: fc.Arbitrary<Dependencies> = fc
  .array(
    fc.tuple(
      textArbitrary,
      fc.array(fc.tuple(textArbitrary, fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })), {
        minLength: 1,
        maxLength: 3,
      }),
    ),
    { maxLength: 4 },
  )
  .map((entries) => new Map(entries.map(([key, counts]) => [key, new Map(counts)])));

test('[SES5] a token survives encoding, is safe in a URL, and does not depend on the order of things', () => {
  fc.assert(
    fc.property(pastArbitrary, (past) => {
      const token = encodeSessionToken({ ...start(), past });
      expect(token).toMatch(/^[\w-]+$/u);
      expect(decodeSessionToken(token)).toEqual({ past, seen: NO_DEPENDENCIES });
      const seen = new Map([...past].slice(1));
      const seeing = encodeSessionToken({ ...start(), past, carried: seen });
      expect(decodeSessionToken(seeing)).toEqual({ past, seen });
      const reversed = new Map(
        [...past].toReversed().map(([key, held]) => [key, new Map([...held].toReversed())]),
      );
      expect(encodeSessionToken({ ...start(), past: reversed })).toBe(token);
    }),
  );
});

test('[SES5] the token of a short session is short', () => {
  const session = recordWrite(start('lww'), { key: 'cart:7', capsule: written('w2.5', 3) });
  expect(encodeSessionToken(session)).toBe(
    'WzIsWyJ3Mi41Il0sW1siY2FydDo3IiwwLDNdXSxbWyJjYXJ0OjciXV1d',
  );
});

const encoded = (json: string): string => btoa(json).replaceAll('=', '');

test.each([
  ['', 'nothing'],
  ['not base64!', 'other characters'],
  ['WzEsW10sW11d=', 'padding'],
  ['WzEsW10sW11', 'a cut token'],
  [encoded('{"past":[]}'), 'another shape'],
  [encoded('[1,[],[],[]]'), 'another version'],
  [encoded('[2,["w"],[["k",0]],[]]'), 'half a count'],
  [encoded('[2,["w"],[["k"]],[]]'), 'a key without counts'],
  [encoded('[2,["w"],[["k",1,1]],[]]'), 'an unknown writer'],
  [encoded('[2,["w"],[["k",0,-1]],[]]'), 'a negative count'],
  [encoded('[2,["w"],[["k",0,0]],[]]'), 'a zero count'],
  [encoded('[2,["w"],[["k",0,1],["k",0,2]],[]]'), 'a key twice'],
  [encoded('[2,["w"],[["",0,1]],[]]'), 'an empty key'],
  ['_____w', 'bytes that are no text'],
])('[SES5] %j is refused: %s', (text) => {
  expect(decodeSessionToken(text)).toBeUndefined();
});

test('[SES5] any text is decoded or refused, never thrown at; too long a text is refused unread', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.base64String()), (text) => {
      const token = decodeSessionToken(text);
      expect(token === undefined || token.past instanceof Map).toBe(true);
    }),
  );
  expect(decodeSessionToken('W'.repeat(SESSION_TOKEN_LENGTH_MAX + 1))).toBeUndefined();
});

test('[SES5] [SES6] a continued session is bound by what the first one read and all that depends on', () => {
  const closure = new Map([['l', clock({ u: 1 })]]);
  const first = recordRead(start(), { key: 'k', capsule: written('a', 1), self: 'c1', closure });
  const token = decodeSessionToken(encodeSessionToken(first));
  const next = startSession({ invocation: 'i2', attempt: 1, level: 'causal', token });
  expect(needOf(next, 'k')).toEqual(clock({ a: 1 }));
  expect(needOf(next, 'l')).toEqual(clock({ u: 1 }));
  expect(next.past).toEqual(new Map([...first.past, ['l', clock({ u: 1 })]]));
});

test('[SES6] what an LWW session wrote binds a causal one, and is carried on by any', () => {
  const capsule = registerOf({
    writer: 'w1.1',
    timestamp: 4096,
    context: new Map(),
    dependencies: NO_DEPENDENCIES,
    value: '1',
  });
  const first = recordWrite(start('lww'), { key: 'k', capsule });
  const token = decodeSessionToken(encodeSessionToken(first));
  const second = startSession({ invocation: 'i2', attempt: 1, level: 'lww', token });
  expect(second.bounds.size).toBe(0);
  expect(encodeSessionToken(second)).toBe(encodeSessionToken(first));
  const third = startSession({ invocation: 'i3', attempt: 1, level: 'causal', token });
  expect(needOf(third, 'k')).toEqual(clock({ lww: 4096 }));
});

test('[SES5] what a put replaces is what was read or written, also by the session before', () => {
  const closure = new Map([['l', clock({ u: 1 })]]);
  const read = recordRead(start(), { key: 'k', capsule: written('a', 1), self: 'c1', closure });
  const first = recordWrite(read, { key: 'm', capsule: written('b', 2) });
  const token = decodeSessionToken(encodeSessionToken(first));
  const next = startSession({ invocation: 'i2', attempt: 1, level: 'causal', token });
  expect(seenOf(next, 'k')).toEqual(clock({ a: 1 }));
  expect(seenOf(next, 'm')).toEqual(clock({ b: 2 }));
  expect(seenOf(next, 'l')).toEqual(clock({}));
});

test('[SES5] a put replaces what the session before has read, also where that only read a key', () => {
  for (const level of consistencyLevels.filter((one) => one !== 'lww')) {
    const read = { key: 'k', capsule: written('a', 1), self: 'c1', closure: NO_DEPENDENCIES };
    const token = decodeSessionToken(encodeSessionToken(recordRead(start(level), read)));
    expect(token?.seen.get('k')).toEqual(clock({ a: 1 }));
    const next = startSession({ invocation: 'i2', attempt: 1, level: 'causal', token });
    expect(seenOf(next, 'k')).toEqual(clock({ a: 1 }));
  }
});

test('[SES3] at single-key-causal a put replaces all that was read, a later read being older or not', () => {
  const read = (capsule: Capsule) =>
    ({ key: 'k', capsule, self: 'c1', closure: NO_DEPENDENCIES }) as const;
  const newer = recordRead(start('single-key-causal'), read(written('a', 2)));
  const older = recordRead(newer, read(written('b', 1)));
  expect(seenOf(older, 'k')).toEqual(clock({ a: 2, b: 1 }));
  expect(recordRead(older, read(written('a', 1)))).toBe(older);
});
