/**
 * The public form of a vector clock: an object from writer id to count (api.md, "Keys"), writers sorted.
 */
import * as z from 'zod';
import type { VectorClock } from '../../clock/vector-clock.ts';

export const versionVector = z.record(z.string(), z.number());
export type VersionVector = Readonly<Record<string, number>>;

/** `Object.fromEntries` defines own properties, so a writer named `__proto__` survives. */
export const toVersionVector = (clock: VectorClock): VersionVector =>
  Object.fromEntries(
    clock.size < 2 ? clock : [...clock].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
  );

export const versionVectors = z.record(z.string(), versionVector);
/** Key → version vector, as dependencies appear in public. */
export type VersionVectors = Readonly<Record<string, VersionVector>>;

export const toVersionVectors = (clocks: ReadonlyMap<string, VectorClock>): VersionVectors =>
  Object.fromEntries([...clocks].map(([key, clock]) => [key, toVersionVector(clock)]));
