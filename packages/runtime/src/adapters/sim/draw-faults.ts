/**
 * Draws how badly the world of a drawn scenario behaves. Each kind of fault is in some scenarios
 * and not in others, because where everything fails nothing is learned; and each draws from its own
 * fork of the seed.
 */
import type { Key, StorageId, WorkerId } from '@stormglass/core';
import type { Random } from '../../ports/random.ts';
import { drawChance, drawInteger, drawOne } from './draws.ts';
import type { FaultMoment, PlannedFault } from './planned-fault.ts';
import { CONTROL_MACHINE, SERVER_MACHINE } from './scenario.ts';
import type { NetworkOptions } from './sim-network.ts';

export interface FaultTargets {
  readonly workers: readonly WorkerId[];
  readonly storages: readonly StorageId[];
  readonly keys: readonly Key[];
}

type Draw = (random: Random, targets: FaultTargets, id: string) => PlannedFault;

/** When most clients have something under way. */
const PLAY_MS = { min: 100, max: 500 };

const momentOf = (random: Random): FaultMoment =>
  drawChance(random, 0.7)
    ? { atDelivery: drawInteger(random, { min: 8, max: 120 }) }
    : { atMs: drawInteger(random, PLAY_MS) };

const windowOf = (random: Random, durationMs: { min: number; max: number }) => ({
  atMs: drawInteger(random, PLAY_MS),
  durationMs: drawInteger(random, durationMs),
});

const workerCrash: Draw = (random, { workers }, id) => ({
  id,
  kind: 'crash',
  machine: drawOne(random, workers),
  when: momentOf(random),
  restartAfterMs: drawOne(random, [0, 5, 50]),
});

const storageCrash: Draw = (random, { storages }, id) => ({
  id,
  kind: 'crash',
  machine: drawOne(random, storages),
  when: momentOf(random),
  restartAfterMs: drawOne(random, [0, 20, 500]),
});

const schedulerCrash: Draw = (random, _targets, id) => ({
  id,
  kind: 'crash',
  machine: CONTROL_MACHINE,
  when: momentOf(random),
  restartAfterMs: drawOne(random, [0, 20, 200]),
});

const serverCrash: Draw = (random, _targets, id) => ({
  id,
  kind: 'crash',
  machine: SERVER_MACHINE,
  when: { atMs: drawInteger(random, PLAY_MS) },
  restartAfterMs: drawOne(random, [0, 20, 200]),
});

/** Most stall, as connections do; some lose what is sent over them. */
const partition: Draw = (random, { workers, storages }, id) => {
  const worker = drawOne(random, workers);
  const others = workers.filter((other) => other !== worker);
  const storage = drawOne(random, storages);
  const [from, to] = drawOne(random, [
    [[storage], [worker]],
    [[storage], [worker]],
    [[storage], [worker]],
    [[worker], [...storages]],
    [[CONTROL_MACHINE], [worker]],
    [[worker], others],
    [[worker], [...others, ...storages, CONTROL_MACHINE]],
  ] as const);
  return {
    id,
    kind: 'partition',
    manner: drawChance(random.fork('manner'), 0.2) ? 'lose' : 'hold',
    from,
    to,
    isOneWay: drawChance(random, 0.5),
    ...windowOf(random, { min: 1, max: 300 }),
    flapMs: drawChance(random, 0.3) ? drawInteger(random, { min: 1, max: 40 }) : undefined,
  };
};

const clockJump: Draw = (random, { workers }, id) => ({
  id,
  kind: 'clock-jump',
  machine: drawOne(random, [...workers, CONTROL_MACHINE]),
  atMs: drawInteger(random, PLAY_MS),
  byMs: drawOne(random, [-3_600_000, -400, -20, 20, 400, 3_600_000]),
});

const slowNode: Draw = (random, { workers, storages }, id) => ({
  id,
  kind: 'slow-node',
  machine: drawOne(random, [...workers, ...storages, CONTROL_MACHINE]),
  ...windowOf(random, { min: 20, max: 300 }),
  extraUs: { min: 1_000, max: drawOne(random, [5_000, 50_000]) },
});

const pause: Draw = (random, { workers, storages }, id) => ({
  id,
  kind: 'pause',
  machine: drawOne(random, [...workers, ...storages, CONTROL_MACHINE]),
  ...windowOf(random, { min: 5, max: 1_500 }),
});

const slowDisk: Draw = (random, { storages }, id) => ({
  id,
  kind: 'slow-disk',
  machine: drawOne(random, storages),
  ...windowOf(random, { min: 20, max: 500 }),
  extraUs: { min: 5_000, max: 200_000 },
});

const evictions: Draw = (random, { workers, keys }, id) => ({
  id,
  kind: 'evictions',
  machine: drawOne(random, workers),
  ...windowOf(random, { min: 20, max: 400 }),
  everyMs: drawInteger(random, { min: 1, max: 20 }),
  keys: drawChance(random, 0.5) ? keys : [drawOne(random, keys)],
});

/** In how many scenarios there is any of a kind, and how many then at most. */
const kinds: readonly {
  readonly name: string;
  readonly draw: Draw;
  readonly share: number;
  readonly max: number;
}[] = [
  { name: 'worker crash', draw: workerCrash, share: 0.5, max: 2 },
  { name: 'storage crash', draw: storageCrash, share: 0.2, max: 2 },
  { name: 'scheduler crash', draw: schedulerCrash, share: 0.1, max: 1 },
  { name: 'server crash', draw: serverCrash, share: 0.15, max: 2 },
  { name: 'partition', draw: partition, share: 0.6, max: 4 },
  { name: 'clock jump', draw: clockJump, share: 0.3, max: 2 },
  { name: 'slow node', draw: slowNode, share: 0.2, max: 2 },
  { name: 'pause', draw: pause, share: 0.2, max: 2 },
  { name: 'slow disk', draw: slowDisk, share: 0.2, max: 1 },
  { name: 'evictions', draw: evictions, share: 0.3, max: 1 },
];

export const drawFaults = (random: Random, targets: FaultTargets): readonly PlannedFault[] =>
  kinds.flatMap(({ name, draw, share, max }) => {
    const draws = random.fork(name);
    if (!drawChance(draws, share)) return [];
    return Array.from({ length: drawInteger(draws, { min: 1, max }) }, (_, index) => {
      const id = `${name} ${index + 1}`;
      return draw(random.fork(id), targets, id);
    });
  });

export function drawNetwork(random: Random): NetworkOptions {
  const refreshMs = drawOne(random.fork('refresh'), [0, 0, 20, 100]);
  return {
    delayUs: drawOne(random, [
      { min: 20, max: 60 },
      { min: 20, max: 5_000 },
    ]),
    slowShare: drawOne(random, [0, 0, 0.05, 0.2]),
    slowUs: { min: 5_000, max: 100_000 },
    isLocalInline: drawChance(random, 0.5),
    duplicateShare: drawOne(random.fork('duplicates'), [0, 0.3]),
    reorderShare: drawOne(random.fork('reordering'), [0, 0, 0.3]),
    refreshMs: refreshMs > 0 ? refreshMs : undefined,
    lossShare: drawOne(random.fork('loss'), [0, 0, 0, 0.01, 0.1]),
  };
}

/** Bytes: so few that a cache has room for a few keys. */
export const drawCacheBudget = (random: Random): number | undefined =>
  drawChance(random, 0.2) ? drawInteger(random, { min: 300, max: 2_000 }) : undefined;
