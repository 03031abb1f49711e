/**
 * `cloud.delete`: a tombstone write on a register, a new epoch on everything else.
 */
import { clockOf, joinClocks } from '../clock/vector-clock.ts';
import type { Key } from '../ids.ts';
import type { ConsistencyLevel } from '../session/consistency-level.ts';
import type { MergeStamp } from './apply-merge.ts';
import type { Capsule, MergedMetadata } from './capsule.ts';
import { registerOf } from './register-capsule.ts';
import { holdsCausalWrites, registerWrite } from './write-register.ts';

export interface DeletionStamp extends Omit<MergeStamp, 'total'> {
  /**
   * The session's level, which decides what the tombstone of a register is, as for a put. Without
   * it the tombstone is causal when there is anything causal to keep: causal writes below it, or
   * dependencies of its own.
   */
  readonly level?: ConsistencyLevel | undefined;
  /** The deleted key, which the tombstone must not depend on. */
  readonly key?: Key | undefined;
}

/**
 * The capsule to join. It removes what `held` holds and whatever is merged into an older epoch; a
 * causal write to a register that did not see the tombstone, and that the tombstone did not see,
 * stays beside it.
 */
export function deletion(held: Capsule | undefined, by: DeletionStamp): Capsule {
  if (held === undefined || held.kind === 'register') return tombstone(held, by);
  const metadata: MergedMetadata = {
    epoch: Math.max(held.epoch + 1, by.timestamp),
    clock: joinClocks(held.clock, clockOf([[by.writer, by.counter]])),
    dependencies: by.dependencies,
  };
  switch (held.kind) {
    case 'counter':
      return { kind: 'counter', ...metadata, shares: new Map() };
    case 'set':
      return { kind: 'set', ...metadata, elements: new Set() };
    case 'map':
      return { kind: 'map', ...metadata, fields: new Map() };
    case 'max':
      return { kind: 'max', ...metadata, max: undefined };
  }
}

function tombstone(held: Capsule | undefined, by: DeletionStamp): Capsule {
  const isCausal = by.dependencies.size > 0 || (held !== undefined && holdsCausalWrites(held));
  const write = registerWrite({
    level: by.level ?? (isCausal ? 'causal' : 'lww'),
    value: null,
    seen: held,
    past: by.dependencies,
    key: by.key ?? '',
    writer: by.writer,
    counter: by.counter,
    timestamp: by.timestamp,
  });
  return registerOf(write);
}
