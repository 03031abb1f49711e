/**
 * What can be asked of any capsule: its version, what it depends on, its value, its siblings, its size.
 */
import { type Dependencies, joinAllDependencies } from '../causality/dependencies.ts';
import type { VectorClock } from '../clock/vector-clock.ts';
import type { EncodedValue } from '../ids.ts';
import { compareTexts } from '../text-order.ts';
import type {
  Capsule,
  HybridTimestamp,
  MapCapsule,
  MergedMetadata,
  RegisterWrite,
  SetCapsule,
} from './capsule.ts';
import { counterTotal } from './counter-capsule.ts';
import { clockOfWrite, clockOfWrites } from './register-capsule.ts';

/** A version grows with the join: `versionOf(a ⊔ b)` is the join of both versions. */
export function versionOf(capsule: Capsule): VectorClock {
  if (capsule.kind !== 'register') return capsule.clock;
  const { writes } = capsule;
  const [first] = writes;
  if (first !== undefined && writes.length === 1) return clockOfWrite(first);
  return clockOfWrites(writes);
}

export function dependenciesOf(capsule: Capsule): Dependencies {
  if (capsule.kind !== 'register') return capsule.dependencies;
  const { writes } = capsule;
  const [first] = writes;
  if (first !== undefined && writes.length === 1) return first.dependencies;
  return joinAllDependencies(writes.map(({ dependencies }) => dependencies));
}

/** Whether there is nothing but what a delete, or nobody yet, left behind. */
const isBottom = (metadata: MergedMetadata): boolean =>
  metadata.epoch > 0 || metadata.clock.size === 0;

function setText(capsule: SetCapsule): EncodedValue | undefined {
  if (capsule.elements.size === 0 && isBottom(capsule)) return undefined;
  return `[${[...capsule.elements].toSorted(compareTexts).join(',')}]`;
}

function mapText(capsule: MapCapsule): EncodedValue | undefined {
  if (capsule.fields.size === 0 && isBottom(capsule)) return undefined;
  const fields = [...capsule.fields].toSorted(([a], [b]) => compareTexts(a, b));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${field.value}`).join(',')}}`;
}

/**
 * The JSON text that a `get` returns, or `undefined` when the key is deleted. Of several siblings
 * of a register it is the one with the largest (timestamp, writer), the same on every replica (T4).
 * A delete removes what it has seen and nothing else, so a value written beside it is there.
 */
export function valueOf(capsule: Capsule): EncodedValue | undefined {
  switch (capsule.kind) {
    case 'register':
      return capsule.writes.find((write) => write.value !== null)?.value ?? undefined;
    case 'counter':
      return capsule.shares.size === 0 ? undefined : JSON.stringify(counterTotal(capsule));
    case 'set':
      return setText(capsule);
    case 'map':
      return mapText(capsule);
    case 'max':
      return capsule.max === undefined ? undefined : JSON.stringify(capsule.max);
  }
}

/** The concurrent writes of a register, tombstones left out, newest first. Other kinds have no siblings. */
export const siblingsOf = (capsule: Capsule): readonly RegisterWrite[] =>
  capsule.kind === 'register' ? capsule.writes.filter((write) => write.value !== null) : [];

/** The largest timestamp in it: what a hybrid clock that has seen this capsule has to exceed. */
export function newestTimestamp(capsule: Capsule): HybridTimestamp {
  if (capsule.kind === 'register') return capsule.writes[0]?.timestamp ?? 0;
  if (capsule.kind !== 'map') return capsule.epoch;
  let newest = capsule.epoch;
  for (const field of capsule.fields.values()) newest = Math.max(newest, field.timestamp);
  return newest;
}

const NUMBER_BYTES = 8;

function clockBytes(clock: VectorClock): number {
  let bytes = 0;
  for (const writer of clock.keys()) bytes += writer.length + NUMBER_BYTES;
  return bytes;
}

function dependencyBytes(dependencies: Dependencies): number {
  let bytes = 0;
  for (const [key, clock] of dependencies) bytes += key.length + clockBytes(clock);
  return bytes;
}

const writeBytes = (write: RegisterWrite): number =>
  write.writer.length +
  NUMBER_BYTES * (write.counter === undefined ? 1 : 2) +
  clockBytes(write.context) +
  dependencyBytes(write.dependencies) +
  (write.value?.length ?? 0);

function stateBytes(capsule: Exclude<Capsule, { kind: 'register' }>): number {
  let bytes = 0;
  switch (capsule.kind) {
    case 'counter':
      for (const writer of capsule.shares.keys()) bytes += writer.length + 2 * NUMBER_BYTES;
      return bytes;
    case 'set':
      for (const element of capsule.elements) bytes += element.length;
      return bytes;
    case 'map':
      for (const [name, field] of capsule.fields) {
        bytes += name.length + field.value.length + field.writer.length + NUMBER_BYTES;
      }
      return bytes;
    case 'max':
      return NUMBER_BYTES;
  }
}

/** About how many bytes values and metadata take, a character counted as one. For limits and display only. */
export function encodedBytes(capsule: Capsule): number {
  if (capsule.kind === 'register') {
    return capsule.writes.reduce((bytes, write) => bytes + writeBytes(write), 0);
  }
  const metadata = NUMBER_BYTES + clockBytes(capsule.clock) + dependencyBytes(capsule.dependencies);
  return metadata + stateBytes(capsule);
}
