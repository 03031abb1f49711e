/**
 * Schemas of the capsule and of the clocks inside it, held to their domain types.
 */
import * as z from 'zod';
import type { Dependencies } from '../../causality/dependencies.ts';
import type { VectorClock } from '../../clock/vector-clock.ts';
import type { Capsule, RegisterWrite } from '../../lattice/capsule.ts';

function isVectorClock(value: unknown): value is VectorClock {
  if (!(value instanceof Map)) return false;
  for (const [writer, count] of value) {
    if (typeof writer !== 'string' || !Number.isFinite(count)) return false;
  }
  return true;
}

function isDependencies(value: unknown): value is Dependencies {
  if (!(value instanceof Map)) return false;
  for (const [key, clock] of value) {
    if (typeof key !== 'string' || !isVectorClock(clock)) return false;
  }
  return true;
}

/**
 * Looked through and not copied, as schemas of maps do: the writes of one session name each other,
 * so thousands of them have millions of entries here, most of which are the same few clocks.
 */
export const vectorClock = z.custom<VectorClock>(isVectorClock, 'Expected a clock');
export const dependencies = z.custom<Dependencies>(isDependencies, 'Expected dependencies');

const registerWrite: z.ZodType<RegisterWrite> = z.object({
  writer: z.string(),
  timestamp: z.number(),
  counter: z.number().optional(),
  context: vectorClock,
  dependencies,
  value: z.string().nullable(),
});

const metadata = { epoch: z.number(), clock: vectorClock, dependencies };

export const capsule: z.ZodType<Capsule> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('register'), writes: z.array(registerWrite) }),
  z.object({
    kind: z.literal('counter'),
    ...metadata,
    shares: z.map(z.string(), z.object({ up: z.number(), down: z.number() })),
  }),
  z.object({ kind: z.literal('set'), ...metadata, elements: z.set(z.string()) }),
  z.object({
    kind: z.literal('map'),
    ...metadata,
    fields: z.map(
      z.string(),
      z.object({ timestamp: z.number(), writer: z.string(), value: z.string() }),
    ),
  }),
  z.object({ kind: z.literal('max'), ...metadata, max: z.number().optional() }),
]);

/** A key's state as one cache or storage node knows it: a capsule, or known to be absent. */
export const capsuleOrAbsent = z.union([capsule, z.literal('absent')]);
export type CapsuleOrAbsent = Capsule | 'absent';
