/**
 * The writes of a session or a commit as they cross a link when there are many: apart from their
 * dependencies, which are told by what each adds to those of the writes before it
 * ({@link GrowthTeller}).
 */
import * as z from 'zod';
import { must } from '../../assert.ts';
import { type Dependencies, NO_DEPENDENCIES } from '../../causality/dependencies.ts';
import type { Key } from '../../ids.ts';
import type { Capsule } from '../../lattice/capsule.ts';
import { withDependencies } from '../../lattice/with-dependencies.ts';
import { capsule } from './capsule.ts';
import { growth, type Growth, GrowthHearer, GrowthTeller } from './growing-dependencies.ts';

/** Entries of dependencies, all writes together; fewer cross as they are. */
const ENTRIES_MIN = 256;

export const keyedCapsule = z.tuple([z.string(), capsule]);

const packedWrites = z
  .object({
    writes: z.array(keyedCapsule),
    /** One for each place of a capsule that has dependencies, in their order. */
    growths: z.array(growth),
  })
  .refine(({ writes, growths }) => dependenciesIn(writes).length === growths.length);
export type PackedWrites = z.infer<typeof packedWrites>;

/** Writes in their order, packed or not. */
export const keyedWrites = z.union([
  z.array(keyedCapsule),
  packedWrites.transform((packed) => unpack(packed)),
]);

/** By key, packed or not. */
export const writesByKey = z.union([
  z.map(z.string(), capsule),
  packedWrites.transform((packed) => new Map(unpack(packed))),
]);

/** `undefined` where there is too little to gain. */
export function packWrites(writes: Iterable<readonly [Key, Capsule]>): PackedWrites | undefined {
  const all = [...writes];
  const entries = dependenciesIn(all).reduce((sum, { size }) => sum + size, 0);
  if (all.length < 2 || entries < ENTRIES_MIN) return undefined;
  const teller = new GrowthTeller();
  const growths: Growth[] = [];
  const bare = all.map(([key, one]): [Key, Capsule] => {
    const without = withDependencies(one, (depends) => {
      growths.push(teller.next(depends));
      return NO_DEPENDENCIES;
    });
    return [key, without];
  });
  return { writes: bare, growths };
}

function unpack({ writes, growths }: PackedWrites): [Key, Capsule][] {
  const hearer = new GrowthHearer();
  const left = growths.values();
  const next = (): Dependencies =>
    hearer.next(must(left.next().value, 'there is one for each place'));
  return writes.map(([key, one]) => [key, withDependencies(one, next)]);
}

const dependenciesIn = (writes: readonly (readonly [Key, Capsule])[]): readonly Dependencies[] =>
  writes.flatMap(([, one]) =>
    one.kind === 'register'
      ? one.writes.map(({ dependencies }) => dependencies)
      : [one.dependencies],
  );
