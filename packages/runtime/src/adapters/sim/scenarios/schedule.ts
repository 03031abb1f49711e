/**
 * A schedule: one story told step by step over named caches, in the notation of correctness.md 4.1,
 * a step a line. The order of the lines is the order of what happens, over all runs:
 *
 *     init k=1              a client writes k before anything else
 *     warm A:k,l            the cache A reads k and l, at level lww
 *     d.f@A get k           the function f of the run d, on A, reads k
 *     d.g@B all k           … reads everything k holds side by side
 *     d.g@B put k=2         … writes k; `k=l+1` adds 1 to what this run last read of l
 *     d.g@B count k 1       … adds 1 to the counter k
 *     d.g@B delete k
 *     d.g@B fail            … throws
 *     d.g@B argument k      … is given k, read before it starts, and no `cloud` if that is all
 *     d.g@B get k &         … and the next line does not wait for it
 *     d2 continues d        the run d2 goes on in the session that d left
 *     shape d: f>h g>h      edges; without this line a run is a chain in order of appearance
 *     write k=1             a client writes k, as init does, at its place in the order
 *     erase k               a client deletes k
 *     push k to A           updates of k that storage has sent to A and that wait arrive; `push k`, `push`
 *     hold s>A  lose s>A  heal s>A     links: machines by name, `store` for every storage node,
 *                           `store(k)` for the one that owns k
 *     keep storage.merge to s2   messages of this type to this machine wait, and nothing else does
 *     pass storage.merge to s2   … and go on their way
 *     evict A:k
 *     crash A               the worker or storage node dies, and is replaced
 *     settle A              the worker that replaced it may be named again from here on
 *     backup store(k)       what is on the node's disk now is kept aside …
 *     restore store(k)      … and is all that the node has after this crash
 *     wait 100              milliseconds
 *     mark a                notes what caches hold and who has been answered by now, under this name
 *     owner s2:k,l          the storage node that owns these keys, where it matters
 *
 * No update reaches a cache before its `push`. The functions of a run are one per name and cache; a
 * run begins with its first line and is answered after its last.
 */
import type { ConsistencyLevel, Key, NodeId, StorageId, WorkerId } from '@stormglass/core';

export type RunName = string;

export type Operation =
  | { readonly operation: 'get' | 'all' | 'delete' | 'argument'; readonly key: Key }
  | { readonly operation: 'put'; readonly key: Key; readonly value: WrittenValue }
  | { readonly operation: 'count'; readonly key: Key; readonly add: number }
  | { readonly operation: 'fail' };

/** Data, or what the run last read of a key plus a number. */
export type WrittenValue =
  | { readonly literal: unknown }
  | { readonly key: Key; readonly plus: number };

export interface RunStep {
  readonly what: 'run';
  readonly run: RunName;
  readonly node: NodeId;
  readonly cache: WorkerId;
  readonly operation: Operation;
  /** Whether the next step waits for this one. */
  readonly isAwaited: boolean;
}

export type StageStep =
  | { readonly what: 'init' | 'write'; readonly key: Key; readonly value: unknown }
  | { readonly what: 'erase'; readonly key: Key }
  | {
      readonly what: 'warm' | 'evict';
      readonly cache: WorkerId;
      readonly keys: readonly Key[];
    }
  | {
      readonly what: 'push';
      readonly key: Key | undefined;
      readonly cache: WorkerId | undefined;
    }
  | {
      readonly what: 'hold' | 'lose' | 'heal';
      readonly from: string;
      readonly to: string;
    }
  | { readonly what: 'keep' | 'pass'; readonly type: string; readonly machine: string }
  | { readonly what: 'crash' | 'settle' | 'backup' | 'restore'; readonly machine: string }
  | { readonly what: 'wait'; readonly durationMs: number }
  | { readonly what: 'mark'; readonly mark: string };

export type Step = RunStep | StageStep;

export interface Schedule {
  readonly steps: readonly Step[];
  readonly edges: ReadonlyMap<RunName, readonly (readonly [NodeId, NodeId])[]>;
  /** Run → the one whose session it goes on in. */
  readonly continues: ReadonlyMap<RunName, RunName>;
  readonly owners: ReadonlyMap<Key, StorageId>;
}

/** Run → its level, where it is not the one that the schedule is played at. */
export type RunLevels = Readonly<Record<RunName, ConsistencyLevel>>;
