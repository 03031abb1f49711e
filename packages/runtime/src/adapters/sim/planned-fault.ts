/**
 * Faults of a scenario, as plain data: each may be left out or changed alone, because it draws what
 * it needs from a fork of the seed that is named by its `id`.
 *
 * Machines by name: a worker, a storage node, `control` for scheduler and client, and for a crash
 * also `server`: control and all storage nodes at once, which are one process in the product.
 */
import type { Key, WorkerId } from '@stormglass/core';
import type { Range } from './draws.ts';

/** After the setting up: virtual time, or the n-th message that the machine would get. */
export type FaultMoment = { readonly atMs: number } | { readonly atDelivery: number };

/** What is lost is what was not durable; a worker is replaced by an empty one. */
interface Crash {
  readonly kind: 'crash';
  readonly machine: string;
  readonly when: FaultMoment;
  readonly restartAfterMs: number;
}

/** From every machine of one side to every one of the other, and back unless it is one-way. */
interface Partition {
  readonly kind: 'partition';
  /** `hold`: messages wait, as on a connection that stalls. `lose`: they are lost. */
  readonly manner: 'hold' | 'lose';
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly isOneWay: boolean;
  readonly atMs: number;
  readonly durationMs: number;
  /** On and off at this interval, where it is given. */
  readonly flapMs?: number | undefined;
}

/** The wall clock of a machine jumps; backwards with a negative `byMs`. */
interface ClockJump {
  readonly kind: 'clock-jump';
  readonly machine: string;
  readonly atMs: number;
  readonly byMs: number;
}

/** Everything that is sent to the machine takes longer. */
interface SlowNode {
  readonly kind: 'slow-node';
  readonly machine: string;
  readonly atMs: number;
  readonly durationMs: number;
  readonly extraUs: Range;
}

/** The machine does nothing at all for a while, as in a long garbage collection. */
interface Pause {
  readonly kind: 'pause';
  readonly machine: string;
  readonly atMs: number;
  readonly durationMs: number;
}

/** Every load and save takes longer. */
interface SlowDisk {
  readonly kind: 'slow-disk';
  readonly machine: string;
  readonly atMs: number;
  readonly durationMs: number;
  readonly extraUs: Range;
}

/** One of the keys leaves the cache at every interval, as under memory pressure. */
interface Evictions {
  readonly kind: 'evictions';
  readonly machine: WorkerId;
  readonly atMs: number;
  readonly durationMs: number;
  readonly everyMs: number;
  readonly keys: readonly Key[];
}

export type PlannedFault = {
  /** Unique in the scenario. */
  readonly id: string;
} & (Crash | Partition | ClockJump | SlowNode | Pause | SlowDisk | Evictions);

export type FaultOf<Kind extends PlannedFault['kind']> = Extract<
  PlannedFault,
  { readonly kind: Kind }
>;
