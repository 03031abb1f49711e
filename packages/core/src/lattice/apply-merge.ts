/**
 * `cloud.merge`: an operand becomes the capsule that has to be joined into the key.
 */
import type { Dependencies } from '../causality/dependencies.ts';
import { clockOf } from '../clock/vector-clock.ts';
import type { WriterId } from '../ids.ts';
import type {
  Capsule,
  CounterShare,
  HybridTimestamp,
  MapField,
  MergedMetadata,
  MergeOperand,
} from './capsule.ts';
import { addToShare, NO_SHARE } from './counter-capsule.ts';
import type { LatticeMismatch } from './join-capsules.ts';

/** The dot, time and causal past of one merge or delete. */
export interface MergeStamp {
  readonly writer: WriterId;
  readonly counter: number;
  readonly timestamp: HybridTimestamp;
  readonly dependencies: Dependencies;
  /**
   * For a counter, the writer's share of the key before this merge, where the caller knows better
   * than `held`: what it has written but not yet published counts too.
   */
  readonly total?: CounterShare | undefined;
}

/**
 * The capsule to join, or the mismatch when the key holds another kind. It carries only what this
 * merge adds; by rule [LAT6] a writer publishes it joined with what it published for the key
 * before.
 * @param held the key as it is known here. Its epoch is taken over: made without it, a merge into a
 *   key that was once deleted belongs to the time before the delete and is absorbed, so read the
 *   key first.
 */
export function applyMerge(
  held: Capsule | undefined,
  operand: MergeOperand,
  by: MergeStamp,
): Capsule | LatticeMismatch {
  if (held !== undefined && held.kind !== operand.kind) {
    return { mismatch: { held: held.kind, offered: operand.kind } };
  }
  const metadata: MergedMetadata = {
    epoch: held?.epoch ?? 0,
    clock: clockOf([[by.writer, by.counter]]),
    dependencies: by.dependencies,
  };
  switch (operand.kind) {
    case 'counter': {
      const before = by.total ?? shareOf(held, by.writer);
      const shares = new Map([[by.writer, addToShare(before, operand.add)]]);
      return { kind: 'counter', ...metadata, shares };
    }
    case 'set':
      return { kind: 'set', ...metadata, elements: new Set(operand.elements) };
    case 'map':
      return { kind: 'map', ...metadata, fields: fieldsOf(operand.fields, by) };
    case 'max':
      return { kind: 'max', ...metadata, max: operand.max };
  }
}

const shareOf = (held: Capsule | undefined, writer: WriterId): CounterShare =>
  (held?.kind === 'counter' ? held.shares.get(writer) : undefined) ?? NO_SHARE;

const fieldsOf = (
  fields: readonly (readonly [string, string])[],
  by: MergeStamp,
): ReadonlyMap<string, MapField> =>
  new Map(
    fields.map(([name, value]) => [name, { timestamp: by.timestamp, writer: by.writer, value }]),
  );
