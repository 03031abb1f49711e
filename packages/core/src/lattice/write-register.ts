/**
 * `cloud.put`: which write a level makes of a value (protocols.md decision 2 and the write rule of 2.8).
 */
import {
  type Dependencies,
  joinDependencies,
  NO_DEPENDENCIES,
  withoutKey,
} from '../causality/dependencies.ts';
import { covers, EMPTY_CLOCK, joinClocks, type VectorClock } from '../clock/vector-clock.ts';
import type { EncodedValue, Key, WriterId } from '../ids.ts';
import type { ConsistencyLevel } from '../session/consistency-level.ts';
import { LWW_WRITER, type Capsule, type HybridTimestamp, type RegisterWrite } from './capsule.ts';
import { dependenciesOf, versionOf } from './capsule-view.ts';
import { isCausalWrite } from './register-capsule.ts';

export interface RegisterWriteInput {
  readonly level: ConsistencyLevel;
  /** `null` writes a tombstone. */
  readonly value: EncodedValue | null;
  /** The version of this key that the session read or wrote, if any. */
  readonly seen: Capsule | undefined;
  /**
   * The clock of what the session read of this key in another cache, where the version itself is
   * not at hand. Its dependencies must then be in `past`.
   */
  readonly seenClock?: VectorClock | undefined;
  /**
   * The dependencies of versions that the write replaces beside `seen`; at the levels that order
   * across keys they may be in `past` as well.
   */
  readonly replaced?: Dependencies | undefined;
  /** Everything else that the session read or wrote. */
  readonly past: Dependencies;
  readonly key: Key;
  readonly writer: WriterId;
  /** The writer's next dot; spent only when the result has a counter. */
  readonly counter: number;
  readonly timestamp: HybridTimestamp;
}

/**
 * At `lww` and `repeatable-read` an LWW write, without clock or dependencies, except when the
 * version seen holds causal writes: an LWW write is never above a causal one, so the put would not
 * replace what its author saw. There it becomes a causal write that covers what was seen and
 * inherits its dependencies (those of a version known by its clock alone come with the past), which
 * keeps invariant (I) and the register a lattice.
 *
 * At the causal levels a dotted write. What it saw is its context, and its dependencies are the
 * session's past joined with those of the version it replaces (I); written blind, it replaces
 * nothing. `single-key-causal` promises no order across keys: it adds none of its own past, but
 * still inherits, because others may rely on what it replaces.
 */
export function registerWrite(input: RegisterWriteInput): RegisterWrite {
  const { level, value, seen, key, writer, counter, timestamp } = input;
  const inherited = seen === undefined ? NO_DEPENDENCIES : dependenciesOf(seen);
  const { replaced = NO_DEPENDENCIES } = input;
  const known = joinDependencies(input.past, replaced);
  const version = seen === undefined ? EMPTY_CLOCK : versionOf(seen);
  const context = joinClocks(version, input.seenClock ?? EMPTY_CLOCK);
  const knowsAll = context === version;
  switch (level) {
    case 'lww':
    case 'repeatable-read':
      if (namesCausalWriter(context)) {
        const dependencies = knowsAll
          ? inherited
          : joinDependencies(withoutKey(known, key), inherited);
        return { writer, timestamp, counter, context, dependencies, value };
      }
      return { writer, timestamp, context: EMPTY_CLOCK, dependencies: NO_DEPENDENCIES, value };
    case 'single-key-causal':
      return {
        writer,
        timestamp,
        counter,
        context,
        dependencies: joinDependencies(inherited, closedBeside(replaced, key, context)),
        value,
      };
    case 'multi-key-causal':
    case 'causal':
    case 'causal-cut': {
      const dependencies = joinDependencies(closedBeside(known, key, context), inherited);
      return { writer, timestamp, counter, context, dependencies, value };
    }
  }
}

/**
 * What is known of the key itself through dependencies, and is not in the context, stays: the write
 * does not replace it, so whoever sees the write has to see that beside it.
 */
function closedBeside(known: Dependencies, key: Key, context: VectorClock): Dependencies {
  const ofKey = known.get(key);
  const others = withoutKey(known, key);
  return ofKey === undefined || covers(context, ofKey) ? others : new Map(others).set(key, ofKey);
}

const namesCausalWriter = (clock: VectorClock): boolean =>
  [...clock.keys()].some((writer) => writer !== LWW_WRITER);

export const holdsCausalWrites = (capsule: Capsule): boolean =>
  capsule.kind === 'register' && capsule.writes.some(isCausalWrite);
