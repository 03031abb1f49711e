/**
 * Dependencies of many writes, told one after the other by what each adds to those before it. A
 * session's writes depend on all that it wrote before, so told whole they would take the square of
 * their number.
 */
import * as z from 'zod';
import type { Dependencies } from '../../causality/dependencies.ts';
import { ownMap } from '../../causality/own-map.ts';
import type { VectorClock } from '../../clock/vector-clock.ts';
import type { Key } from '../../ids.ts';
import { dependencies } from './capsule.ts';

/** What one write depends on, beside everything that was told before it. */
export const growth = z.object({
  /** Of what was told before, nothing counts: `added` is all. */
  isWhole: z.boolean(),
  /** Of what was told before, this write does not depend on these; later ones may. */
  without: z.array(z.string()),
  /** New keys in their order, and new clocks of known keys. */
  added: dependencies,
});
export type Growth = z.infer<typeof growth>;

/** Of the same entries in the same order. */
function isAsTold(clock: VectorClock, told: VectorClock): boolean {
  if (clock === told) return true;
  if (clock.size !== told.size) return false;
  const known = told.entries();
  for (const [writer, count] of clock) {
    const [knownWriter, knownCount] = known.next().value ?? [];
    if (writer !== knownWriter || count !== knownCount) return false;
  }
  return true;
}

/** At the sender. */
export class GrowthTeller {
  #told = new Map<Key, VectorClock>();

  next(depends: Dependencies): Growth {
    const change = this.#changeTo(depends);
    if (change === undefined || change.without.length + change.added.size > depends.size) {
      this.#told = new Map(depends);
      return { isWhole: true, without: [], added: depends };
    }
    for (const [key, clock] of change.added) this.#told.set(key, clock);
    return { isWhole: false, ...change };
  }

  /** `undefined` where the order is another one: who is told must have the keys in the same order. */
  #changeTo(depends: Dependencies): Omit<Growth, 'isWhole'> | undefined {
    const without: Key[] = [];
    const added = new Map<Key, VectorClock>();
    const entries = depends.entries();
    let entry = entries.next();
    for (const [key, known] of this.#told) {
      if (!entry.done && entry.value[0] === key) {
        const clock = entry.value[1];
        if (!isAsTold(clock, known)) added.set(key, clock);
        entry = entries.next();
      } else if (depends.has(key)) return undefined;
      else without.push(key);
    }
    for (; !entry.done; entry = entries.next()) added.set(entry.value[0], entry.value[1]);
    return { without, added };
  }
}

/** At the receiver: what was told, in the same order, becomes what it was. */
export class GrowthHearer {
  #heard = new Map<Key, VectorClock>();

  next({ isWhole, without, added }: Growth): Dependencies {
    this.#heard = isWhole ? new Map() : ownMap(this.#heard, false);
    for (const [key, clock] of added) this.#heard.set(key, clock);
    if (without.length === 0) return this.#heard;
    const depends = new Map(this.#heard);
    for (const key of without) depends.delete(key);
    return depends;
  }
}
