// `causal-cut`: what an attempt reads is one version of each key, and together a causal cut, in
// whatever order it reads.
import { expect, test } from 'vitest';
import { NO_DEPENDENCIES } from '../causality/dependencies.ts';
import type { VectorClock } from '../clock/vector-clock.ts';
import type { Capsule } from '../lattice/capsule.ts';
import { applyMerge } from '../lattice/apply-merge.ts';
import { dependenciesOf } from '../lattice/capsule-view.ts';
import { isMismatch } from '../lattice/join-capsules.ts';
import { registerOf } from '../lattice/register-capsule.ts';
import { decideRead } from './decide-read.ts';
import { mergeSessions } from './merge-sessions.ts';
import type { ReadQuestion } from './read-decision.ts';
import type { Session } from './session.ts';
import { recordRead, recordWrite, startSession } from './session-steps.ts';

type Counts = Readonly<Record<string, number>>;

const clock = (counts: Counts): VectorClock => new Map(Object.entries(counts));

/** The last writer's dot over a context of the others. */
function version(counts: Counts, needs: Readonly<Record<string, Counts>> = {}): Capsule {
  const entries = Object.entries(counts);
  const [writer, counter] = entries.at(-1)!;
  return registerOf({
    writer,
    counter,
    timestamp: counter,
    context: new Map(entries.slice(0, -1)),
    dependencies: new Map(Object.entries(needs).map(([key, bound]) => [key, clock(bound)])),
    value: JSON.stringify(counts),
  });
}

const begun = startSession({ invocation: 'i', attempt: 1, level: 'causal-cut' });

const having = (session: Session, key: string, capsule: Capsule | 'absent', self = 'w1'): Session =>
  recordRead(session, {
    key,
    capsule,
    self,
    closure: capsule === 'absent' ? NO_DEPENDENCIES : dependenciesOf(capsule),
  });

const ask = (changes: Partial<ReadQuestion>): ReadQuestion => ({
  key: 'photo',
  session: begun,
  self: 'w2',
  local: undefined,
  pinned: undefined,
  upstream: undefined,
  storeAsked: false,
  ...changes,
});

const oldAcl = version({ o: 1 });
const newAcl = version({ o: 1, p: 1 });
const oldPhoto = version({ q: 1 });
const newPhoto = version({ q: 1, r: 1 }, { acl: { o: 1, p: 1 } });
/** Has read the public list at w1. */
const publicRead = having(begun, 'acl', oldAcl);

test('[SC8] a photo that needs a newer list than the one read is not served (S4b)', () => {
  const asked = ask({ session: publicRead, local: newPhoto });
  expect(decideRead(asked)).toMatchObject({
    act: 'fetch-upstream',
    holders: ['w1'],
    because:
      'w2 holds photo {q:1,r:1}, which depends on a newer acl {o:1,p:1} than was read, so w1 is asked.',
  });
  expect(decideRead({ ...asked, upstream: 'unreachable' })).toMatchObject({
    act: 'restart',
    rule: 'causal-cut/too-new',
    floors: new Map([['acl', clock({ o: 1, p: 1 })]]),
  });
  const causal = { ...publicRead, level: 'causal' } as const;
  expect(decideRead({ ...asked, session: causal })).toMatchObject({
    act: 'serve',
    capsule: newPhoto,
  });
});

test('[SC8] an older version that fits is served, kept here, pinned here, or kept upstream (T24)', () => {
  const asked = ask({ session: publicRead, local: newPhoto });
  expect(decideRead({ ...asked, snapshot: oldPhoto })).toMatchObject({
    act: 'serve',
    source: 'pin',
    capsule: oldPhoto,
    rule: 'causal-cut/older',
  });
  expect(decideRead({ ...asked, snapshot: 'absent' })).toMatchObject({
    act: 'serve',
    capsule: 'absent',
  });
  expect(decideRead({ ...asked, pinned: oldPhoto })).toMatchObject({
    act: 'serve',
    capsule: oldPhoto,
    rule: 'causal-cut/pinned',
  });
  const upstream = { upstream: newPhoto, older: [newPhoto, oldPhoto] };
  expect(decideRead({ ...asked, ...upstream })).toMatchObject({
    act: 'serve',
    source: 'upstream',
    capsule: oldPhoto,
    rule: 'causal-cut/older',
  });
});

test('[SC8] an older version is served only where it covers what was read as well', () => {
  const closure = new Map([['photo', clock({ q: 1, s: 1 })]]);
  const album = version({ t: 1 });
  const session = recordRead(publicRead, { key: 'album', capsule: album, self: 'w1', closure });
  const asked = ask({ session, local: newPhoto, snapshot: oldPhoto, upstream: 'unreachable' });
  expect(decideRead({ ...asked, storeAsked: true }).act).toBe('restart');
});

test('[SC8] what depends on the very version read, or on less, is served', () => {
  const session = having(begun, 'acl', newAcl);
  expect(decideRead(ask({ session, local: newPhoto }))).toMatchObject({
    act: 'serve',
    rule: 'causal-cut/first-local',
  });
  const absent = having(begun, 'acl', 'absent');
  expect(decideRead(ask({ session: absent, local: newPhoto, upstream: 'unreachable' })).act).toBe(
    'restart',
  );
});

test('[SC7] a key that was read is the same version again, from wherever it is', () => {
  const asked = ask({ key: 'acl', session: publicRead, local: newAcl });
  expect(decideRead(asked)).toMatchObject({ act: 'fetch-upstream', holders: ['w1'] });
  expect(decideRead({ ...asked, upstream: oldAcl })).toMatchObject({
    act: 'serve',
    capsule: oldAcl,
    rule: 'causal-cut/same',
  });
  expect(decideRead({ ...asked, pinned: oldAcl })).toMatchObject({ capsule: oldAcl });
  expect(decideRead({ ...asked, snapshot: oldAcl })).toMatchObject({ capsule: oldAcl });
  expect(decideRead({ ...asked, local: oldAcl })).toMatchObject({ capsule: oldAcl });
  expect(decideRead({ ...asked, upstream: 'unreachable' })).toMatchObject({
    act: 'restart',
    rule: 'causal-cut/lost',
  });
});

test.each(['repeatable-read', 'causal-cut'] as const)(
  '[RR3] %s: a lost version is looked for in storage where that can have it',
  (level) => {
    const session = having({ ...begun, level }, 'acl', newAcl);
    const asked = ask({ key: 'acl', session, upstream: 'unreachable' });
    expect(decideRead({ ...asked, local: oldAcl }).act).toBe('fetch-store');
    expect(decideRead({ ...asked, local: undefined }).act).toBe('fetch-store');
    expect(decideRead({ ...asked, local: newAcl, storeAsked: true })).toMatchObject({
      act: 'serve',
      source: 'store',
    });
    const newest = version({ o: 1, p: 2 });
    expect(decideRead({ ...asked, local: newest }).act).toBe('restart');
    expect(decideRead({ ...asked, local: newest, storeAsked: true }).act).toBe('restart');
  },
);

test('[SC9] branches that together are no cut conflict, whichever of them comes first', () => {
  const left = having(begun, 'acl', oldAcl);
  const right = having(begun, 'photo', newPhoto);
  for (const sessions of [
    [left, right],
    [right, left],
  ]) {
    const merged = mergeSessions(sessions);
    expect(merged.conflicts).toEqual(['acl']);
    expect(merged.floors).toEqual(new Map([['acl', clock({ o: 1, p: 1 })]]));
  }
  const causal = [left, right].map((session) => ({ ...session, level: 'causal' }) as const);
  expect(mergeSessions(causal)).toMatchObject({ conflicts: [], floors: NO_DEPENDENCIES });
});

test('[SC9] branches that read two versions of a key conflict, and both are the floor', () => {
  const left = having(begun, 'acl', version({ a: 1 }));
  const right = having(begun, 'acl', version({ b: 1 }));
  const merged = mergeSessions([left, right]);
  expect(merged.conflicts).toEqual(['acl']);
  expect(merged.floors.get('acl')).toEqual(clock({ a: 1, b: 1 }));
  expect(mergeSessions([left, left]).conflicts).toEqual([]);
});

test('[SC9] a conflict between any two of three branches is found', () => {
  const branches = [
    having(begun, 'other', version({ x: 1 })),
    having(begun, 'acl', oldAcl),
    having(begun, 'photo', newPhoto),
  ];
  for (const order of [
    [0, 1, 2],
    [2, 0, 1],
    [1, 2, 0],
  ]) {
    expect(mergeSessions(order.map((at) => branches[at]!)).conflicts).toEqual(['acl']);
  }
});

test('[SC10] the floor of the next attempt refuses what the last one read', () => {
  const floors = new Map([['acl', clock({ o: 1, p: 1 })]]);
  const session = startSession({ invocation: 'i', attempt: 2, level: 'causal-cut', floors });
  expect(decideRead(ask({ key: 'acl', session, local: oldAcl })).act).toBe('fetch-store');
  expect(decideRead(ask({ key: 'acl', session, local: newAcl })).act).toBe('serve');
  expect(decideRead(ask({ key: 'acl', session, local: oldAcl, storeAsked: true }))).toMatchObject({
    act: 'restart',
    rule: 'causal-cut/unmet',
  });
});

test.each(['repeatable-read', 'causal-cut'] as const)(
  '[SES2] %s: what is recorded of a read is without the own writes that are served with it',
  (level) => {
    const own = applyMerge(
      undefined,
      { kind: 'counter', add: 1 },
      {
        writer: 'own',
        counter: 1,
        timestamp: 1,
        dependencies: new Map([['acl', clock({ own: 1 })]]),
      },
    );
    if (isMismatch(own)) throw new Error('nothing to mismatch');
    const session = recordWrite(having({ ...begun, level }, 'acl', 'absent'), {
      key: 'photo',
      capsule: own,
    });
    const decision = decideRead(ask({ session, local: 'absent', storeAsked: true }));
    expect(decision).toMatchObject({ act: 'serve', capsule: own, read: 'absent' });
  },
);

test('[SC11] what a write brings along binds later reads, the own writes it names do not', () => {
  const causal = startSession({ invocation: 'i', attempt: 1, level: 'causal' });
  const wrote = recordWrite(causal, { key: 'l', capsule: version({ own: 1 }) });
  const withOthers = version({ own: 2 }, { l: { own: 1, other: 1 }, m: { other: 2 } });
  const { bounds } = recordWrite(wrote, { key: 'k', capsule: withOthers });
  expect(bounds.get('l')?.clock).toEqual(clock({ other: 1 }));
  expect(bounds.get('m')?.clock).toEqual(clock({ other: 2 }));
  expect(wrote.bounds.size).toBe(0);
});
