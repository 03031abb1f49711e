/**
 * Schemas of the capsule and of the clocks inside it, held to their domain types.
 */
import * as z from 'zod';
import type { Dependencies } from '../../causality/dependencies.ts';
import type { VectorClock } from '../../clock/vector-clock.ts';
import type { Capsule, RegisterWrite } from '../../lattice/capsule.ts';

export const vectorClock: z.ZodType<VectorClock> = z.map(z.string(), z.number());
export const dependencies: z.ZodType<Dependencies> = z.map(z.string(), vectorClock);

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
