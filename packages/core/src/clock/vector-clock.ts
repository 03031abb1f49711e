/**
 * Vector clocks: writer → count, absent is 0 (protocols.md 2.4, "order used everywhere"; T1).
 * A `Map`, not an object: a writer named `__proto__` must not disappear.
 */
import type { WriterId } from '../ids.ts';

export type VectorClock = ReadonlyMap<WriterId, number>;
export type Ordering = 'before' | 'same' | 'after' | 'concurrent';

export const EMPTY_CLOCK: VectorClock = new Map();
