/**
 * The public form of a vector clock: an object from writer id to count (api.md, "Keys"), writers sorted.
 */
import * as z from 'zod';
import { countOf, type VectorClock } from '../../clock/vector-clock.ts';
import type { WriterId } from '../../ids.ts';

export const versionVector = z.record(z.string(), z.number());
export type VersionVector = Readonly<Record<string, number>>;

export function toVersionVector(clock: VectorClock): VersionVector {
  const writers = [...clock.keys()];
  if (writers.length > 1) writers.sort();
  const vector: Record<string, number> = {};
  for (const writer of writers) {
    // Assigning this one would set the prototype.
    if (writer === '__proto__') return fromSorted(writers, clock);
    vector[writer] = countOf(clock, writer);
  }
  return vector;
}

const fromSorted = (writers: readonly WriterId[], clock: VectorClock): VersionVector =>
  Object.fromEntries(writers.map((writer) => [writer, countOf(clock, writer)]));

export const versionVectors = z.record(z.string(), versionVector);
/** Key → version vector, as dependencies appear in public. */
export type VersionVectors = Readonly<Record<string, VersionVector>>;

export const toVersionVectors = (clocks: ReadonlyMap<string, VectorClock>): VersionVectors =>
  Object.fromEntries([...clocks].map(([key, clock]) => [key, toVersionVector(clock)]));
