// The acceptance scenarios of reads as far as they are pure: caches are plain values, and each does
// what it is told.
// Where a stronger level prevents an anomaly, the weaker level is shown to have it.
import { expect, test } from 'vitest';
import { must } from '../assert.ts';
import { type Dependencies, NO_DEPENDENCIES } from '../causality/dependencies.ts';
import { EMPTY_CLOCK, formatClock, type VectorClock } from '../clock/vector-clock.ts';
import type { CacheId, Key } from '../ids.ts';
import type { Capsule } from '../lattice/capsule.ts';
import { dependenciesOf, siblingsOf, versionOf } from '../lattice/capsule-view.ts';
import { isMismatch, joinCapsules } from '../lattice/join-capsules.ts';
import { registerOf } from '../lattice/register-capsule.ts';
import type { ConsistencyLevel } from './consistency-level.ts';
import { decideRead } from './decide-read.ts';
import { mergeSessions } from './merge-sessions.ts';
import type { ReadDecision, ReadQuestion } from './read-decision.ts';
import type { Session } from './session.ts';
import { recordRead, recordWrite, startSession } from './session-steps.ts';

type Held = Capsule | 'absent';
type Counts = Readonly<Record<string, number>>;

const clock = (counts: Counts): VectorClock => new Map(Object.entries(counts));
const dependencies = (all: Readonly<Record<Key, Counts>>): Dependencies =>
  new Map(Object.entries(all).map(([key, counts]) => [key, clock(counts)]));

/** `k@10`: an LWW version. */
const at = (timestamp: number): Capsule =>
  registerOf({
    writer: 'w',
    timestamp,
    context: EMPTY_CLOCK,
    dependencies: NO_DEPENDENCIES,
    value: String(timestamp),
  });

/** `k{a:1,b:2} → …`: a causal version, the last writer's dot over a context of the others. */
function version(counts: Counts, needs: Readonly<Record<Key, Counts>> = {}): Capsule {
  const entries = Object.entries(counts);
  const [writer, counter] = must(entries.at(-1), 'a writer');
  return registerOf({
    writer,
    counter,
    timestamp: counter,
    context: new Map(entries.slice(0, -1)),
    dependencies: dependencies(needs),
    value: JSON.stringify(counts),
  });
}

class Cache {
  readonly id: CacheId;
  readonly live = new Map<Key, Held>();
  readonly pins = new Map<Key, Held>();
  isAlive = true;

  constructor(id: CacheId, live: Readonly<Record<Key, Held>> = {}) {
    this.id = id;
    for (const [key, held] of Object.entries(live)) this.live.set(key, held);
  }

  /** What a version depends on, transitively, through the live copies of this cache. */
  closureOf(held: Held): Dependencies {
    const closure = new Map<Key, VectorClock>();
    const rest: Held[] = [held];
    for (const next of rest) {
      if (next === 'absent') continue;
      for (const [key, needed] of dependenciesOf(next)) {
        if (closure.has(key)) continue;
        closure.set(key, needed);
        rest.push(this.live.get(key) ?? 'absent');
      }
    }
    return closure;
  }
}

interface World {
  readonly caches: readonly Cache[];
  readonly storage?: Readonly<Record<Key, Held>>;
}

interface Outcome {
  readonly session: Session;
  readonly decision: Extract<ReadDecision, { act: 'serve' | 'restart' }>;
  readonly upstreamFetches: number;
  readonly storeFetches: number;
}

const join = (a: Held | undefined, b: Held | undefined): Held | undefined => {
  if (a === undefined || a === 'absent') return b ?? a;
  if (b === undefined || b === 'absent') return a;
  const joined = joinCapsules(a, b);
  return isMismatch(joined) ? a : joined;
};

/** A cache that does what the decision says, until it serves or gives up. */
function read(world: World, id: CacheId, key: Key, session: Session): Outcome {
  const self = must(
    world.caches.find((cache) => cache.id === id),
    `cache ${id}`,
  );
  const counts = { upstreamFetches: 0, storeFetches: 0 };
  let question: ReadQuestion = {
    key,
    session,
    self: id,
    local: self.live.get(key),
    pinned: self.pins.get(key),
    upstream: undefined,
    storeAsked: false,
  };
  for (;;) {
    const decision = decideRead(question);
    switch (decision.act) {
      case 'serve': {
        const { capsule } = decision;
        if (decision.source !== 'own-write') self.pins.set(key, capsule);
        const closure = self.closureOf(capsule);
        const after =
          decision.source === 'own-write'
            ? session
            : recordRead(session, { key, capsule, self: id, closure });
        return { session: after, decision, ...counts };
      }
      case 'restart':
        return { session, decision, ...counts };
      case 'fetch-upstream': {
        counts.upstreamFetches += 1;
        const answers = world.caches
          .filter((cache) => cache.isAlive && decision.holders.includes(cache.id))
          .map((cache) => join(cache.pins.get(key), undefined) ?? cache.live.get(key));
        question = { ...question, upstream: answers.reduce(join, undefined) ?? 'unreachable' };
        break;
      }
      case 'fetch-store': {
        counts.storeFetches += 1;
        expect(counts.storeFetches).toBe(1);
        const local = join(question.local, world.storage?.[key] ?? 'absent');
        question = { ...question, local, storeAsked: true };
        break;
      }
    }
  }
}

const start = (level: ConsistencyLevel): Session =>
  startSession({ invocation: 'i1', attempt: 1, level });

const served = ({ decision }: Outcome): string => {
  if (decision.act === 'restart') return `restart: ${decision.rule}`;
  return decision.capsule === 'absent' ? 'absent' : formatClock(versionOf(decision.capsule));
};

test('[RR1] every read returns the version first read, from upstream where it has to (T5)', () => {
  for (const [level, expected] of [
    ['repeatable-read', '{lww:10}'],
    ['lww', '{lww:20}'],
  ] as const) {
    const c1 = new Cache('c1', { k: at(10) });
    const c2 = new Cache('c2', { k: at(20) });
    const world = { caches: [c1, c2] };
    const f = read(world, 'c1', 'k', start(level));
    c1.live.set('k', at(20));
    const g = read(world, 'c2', 'k', f.session);
    expect(served(g)).toBe(expected);
    const h = read(world, 'c2', 'k', g.session);
    expect(served(h)).toBe(expected);
    if (level === 'lww') continue;
    expect([g.upstreamFetches, h.upstreamFetches]).toEqual([1, 0]);
    expect([f, g, h].map(({ decision }) => decision.rule)).toEqual([
      'repeatable-read/first-local',
      'repeatable-read/upstream',
      'repeatable-read/pinned',
    ]);
    expect(served(read(world, 'c2', 'k', start(level)))).toBe('{lww:10}');
  }
});

test('[RR1] a key first read downstream is repeatable as well (T6)', () => {
  const world = { caches: [new Cache('c1', { m: at(9) }), new Cache('c2', { m: at(7) })] };
  const g = read(world, 'c2', 'm', start('repeatable-read'));
  const third = read(world, 'c1', 'm', g.session);
  expect(served(third)).toBe('{lww:7}');
  expect(third.upstreamFetches).toBe(1);
});

test('[RR2] absent is a version (T7)', () => {
  const c2 = new Cache('c2', { k: at(5) });
  const world = { caches: [new Cache('c1'), c2] };
  const f = read(world, 'c1', 'k', start('repeatable-read'));
  expect(f.decision.rule).toBe('repeatable-read/first-store');
  expect(served(f)).toBe('absent');
  expect(served(read(world, 'c2', 'k', f.session))).toBe('absent');
  c2.pins.clear();
  expect(served(read(world, 'c2', 'k', start('repeatable-read')))).toBe('{lww:5}');
});

test('[SES1] own writes come first, at every level (T8)', () => {
  for (const level of ['lww', 'repeatable-read', 'causal'] as const) {
    const session = recordWrite(start(level), { key: 'k', capsule: at(50) });
    const g = read({ caches: [new Cache('c2', { k: at(99) })] }, 'c2', 'k', session);
    expect(served(g)).toBe('{lww:50}');
    expect(g.decision.rule).toBe('session/own-write');
  }
});

test('[RR3] the holder is dead: restart, unless the local copy is the same version (T9)', () => {
  const c1 = new Cache('c1', { k: at(10) });
  const c2 = new Cache('c2', { k: at(20) });
  const world = { caches: [c1, c2] };
  const f = read(world, 'c1', 'k', start('repeatable-read'));
  c1.isAlive = false;
  expect(served(read(world, 'c2', 'k', f.session))).toBe('restart: repeatable-read/lost');
  c2.live.set('k', at(10));
  const variant = read(world, 'c2', 'k', f.session);
  expect(served(variant)).toBe('{lww:10}');
  expect(variant.decision.rule).toBe('repeatable-read/local-same');
});

test('[RR4] branches that read different versions conflict at the join (T10)', () => {
  const world = { caches: [new Cache('c1', { k: at(10) }), new Cache('c2', { k: at(20) })] };
  const a = read(world, 'c1', 'k', start('repeatable-read'));
  const b = read(world, 'c2', 'k', start('repeatable-read'));
  expect(mergeSessions([a.session, b.session]).conflicts).toEqual(['k']);
  const same = read(world, 'c1', 'k', start('repeatable-read'));
  const { session, conflicts } = mergeSessions([a.session, same.session]);
  expect(conflicts).toEqual([]);
  expect(session.reads.get('k')?.holders).toEqual(['c1']);
});

test('[RR5] a second branch at the same cache reads what the first has pinned (T11)', () => {
  const c1 = new Cache('c1', { k: at(10) });
  const world = { caches: [c1] };
  const a = read(world, 'c1', 'k', start('repeatable-read'));
  c1.live.set('k', at(20));
  const b = read(world, 'c1', 'k', start('repeatable-read'));
  expect(served(b)).toBe('{lww:10}');
  expect(mergeSessions([a.session, b.session]).conflicts).toEqual([]);
});

/** T17: k depends on the newer l; C1 has both, C2 only the older l. */
const figure = (localL: Held | undefined) => {
  const c1 = new Cache('c1', {
    k: version({ v: 1 }, { l: { w: 1, u: 1 } }),
    l: version({ w: 1, u: 1 }),
  });
  const c2 = new Cache('c2', localL === undefined ? {} : { l: localL });
  return { caches: [c1, c2] as const };
};

test('[SC1] [SC4] the version that a read depends on is served, from the cache that has it (T17)', () => {
  for (const level of ['causal', 'causal-cut'] as const) {
    const world = figure(version({ w: 1 }));
    const f = read(world, 'c1', 'k', start(level));
    const g = read(world, 'c2', 'l', f.session);
    expect(served(g)).toBe('{u:1,w:1}');
    expect(g.upstreamFetches).toBe(1);
    expect(g.storeFetches).toBe(0);
    expect(g.decision).toMatchObject({
      rule: `${level}/fetch-upstream`,
      required: clock({ w: 1, u: 1 }),
      found: clock({ w: 1 }),
    });
  }
});

test('[SC6] at multi-key-causal the older l is served (T17)', () => {
  const world = figure(version({ w: 1 }));
  const f = read(world, 'c1', 'k', start('multi-key-causal'));
  const g = read(world, 'c2', 'l', f.session);
  expect(served(g)).toBe('{w:1}');
  expect(g.decision.rule).toBe('multi-key-causal/cut');
});

test('[SC2] a newer local version needs no fetch; with nothing local, upstream answers (T18)', () => {
  const newer = figure(version({ w: 1, u: 2 }));
  const f = read(newer, 'c1', 'k', start('causal'));
  const g = read(newer, 'c2', 'l', f.session);
  expect(served(g)).toBe('{u:2,w:1}');
  expect(g.upstreamFetches).toBe(0);
  expect(g.decision.rule).toBe('causal/local-covers');
  const empty = figure(undefined);
  const onEmpty = read(empty, 'c2', 'l', read(empty, 'c1', 'k', start('causal')).session);
  expect(served(onEmpty)).toBe('{u:1,w:1}');
});

test('[SC3] a concurrent local version is served joined with the upstream one (T19)', () => {
  const world = figure(version({ x: 1 }));
  const f = read(world, 'c1', 'k', start('causal'));
  const g = read(world, 'c2', 'l', f.session);
  expect(served(g)).toBe('{u:1,w:1,x:1}');
  expect(g.decision.act === 'serve' && g.decision.capsule !== 'absent').toBe(true);
  if (g.decision.act === 'serve' && g.decision.capsule !== 'absent') {
    expect(siblingsOf(g.decision.capsule)).toHaveLength(2);
  }
  expect(world.caches[1].live.get('l')).toEqual(version({ x: 1 }));
});

test('[SC1] what was read of a key does not hide what a later read requires of it (T20)', () => {
  const c1 = new Cache('c1', { l: version({ w: 1 }) });
  const c2 = new Cache('c2', { l: version({ w: 1 }) });
  const world = { caches: [c1, c2] };
  const first = read(world, 'c1', 'l', start('causal'));
  c1.live.set('l', version({ w: 1, u: 1 }));
  c1.pins.set('l', version({ w: 1, u: 1 }));
  c1.live.set('k', version({ v: 1 }, { l: { w: 1, u: 1 } }));
  const second = read(world, 'c1', 'k', first.session);
  expect(served(read(world, 'c2', 'l', second.session))).toBe('{u:1,w:1}');
});

test('[SC5] dependencies bind transitively, through a key that nobody reads (T21)', () => {
  const c1 = new Cache('c1', {
    k: version({ v: 1 }, { m: { m: 1 } }),
    m: version({ m: 1 }, { l: { z: 1, u: 1 } }),
    l: version({ z: 1, u: 1 }),
  });
  const world = { caches: [c1, new Cache('c2', { l: version({ z: 1 }) })] };
  const f = read(world, 'c1', 'k', start('causal'));
  expect(served(read(world, 'c2', 'l', f.session))).toBe('{u:1,z:1}');
});

test('[SC5] a key in nobody’s dependencies is recorded when it is first read (T22)', () => {
  for (const [level, expected] of [
    ['causal', '{y:1,z:1}'],
    ['multi-key-causal', '{z:1}'],
  ] as const) {
    const world = {
      caches: [
        new Cache('c1', { p: version({ p: 1 }) }),
        new Cache('c2', { q: version({ z: 1, y: 1 }) }),
        new Cache('c3', { q: version({ z: 1 }) }),
      ],
    };
    const f = read(world, 'c1', 'p', start(level));
    const g = read(world, 'c2', 'q', f.session);
    expect(served(read(world, 'c3', 'q', g.session))).toBe(expected);
  }
});

test('[SC4] upstream is gone: storage serves if it can, else the attempt starts again (T23)', () => {
  for (const [stored, expected] of [
    [version({ w: 1, u: 1 }), '{u:1,w:1}'],
    [version({ w: 1 }), 'restart: causal/unmet'],
    ['absent', 'restart: causal/unmet'],
  ] as const) {
    const world = { ...figure(version({ w: 1 })), storage: { l: stored } };
    const f = read(world, 'c1', 'k', start('causal'));
    world.caches[0].isAlive = false;
    const g = read(world, 'c2', 'l', f.session);
    expect(served(g)).toBe(expected);
    expect(g.storeFetches).toBe(1);
  }
});

test('[SC6] reading k, then an old l, is what weaker levels allow (T12, T24)', () => {
  for (const level of ['lww', 'single-key-causal'] as const) {
    const c1 = new Cache('c1', {
      k: version({ v: 1 }, { l: { w: 1, u: 1 } }),
      l: version({ w: 1 }),
    });
    const world = { caches: [c1] };
    const f = read(world, 'c1', 'k', start(level));
    expect(served(read(world, 'c1', 'l', f.session))).toBe('{w:1}');
    expect(f.decision.rule).toBe(`${level}/local`);
  }
});

test('[SC1] a join of branches requires what each of them has seen', () => {
  const c1 = new Cache('c1', { l: version({ a: 1 }) });
  const c2 = new Cache('c2', { l: version({ b: 1 }) });
  const world = { caches: [c1, c2, new Cache('c3', { l: version({ a: 1 }) })] };
  const a = read(world, 'c1', 'l', start('causal'));
  const b = read(world, 'c2', 'l', start('causal'));
  const { session } = mergeSessions([a.session, b.session]);
  expect(served(read(world, 'c3', 'l', session))).toBe('{a:1,b:1}');
});
