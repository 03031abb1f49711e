// Very many writes of one session cross a link without telling again and again what they share.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Dependencies } from '../../causality/dependencies.ts';
import { EMPTY_CLOCK } from '../../clock/vector-clock.ts';
import { applyMerge } from '../../lattice/apply-merge.ts';
import type { Capsule } from '../../lattice/capsule.ts';
import { isMismatch } from '../../lattice/join-capsules.ts';
import { registerOf } from '../../lattice/register-capsule.ts';
import { recordWrite, startSession } from '../../session/session-steps.ts';
import { packedMessage } from '../role/packed-message.ts';
import { roleMessage, type RoleMessage } from '../role/role-message.ts';
import { GrowthHearer, GrowthTeller } from './growing-dependencies.ts';
import { keyedWrites, packWrites, writesByKey } from './packed-writes.ts';

const entriesOf = (depends: Dependencies) => [...depends].map(([key, clock]) => [key, [...clock]]);

const clocks = fc
  .dictionary(fc.constantFrom('v', 'w'), fc.integer({ min: 1, max: 3 }), { minKeys: 1 })
  .map((counts) => new Map(Object.entries(counts)));
const dependencies = fc
  .array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', '__proto__'), clocks), { maxLength: 5 })
  .map((entries): Dependencies => new Map(entries));

test('[WIRE4] dependencies that are told by what they add are heard as they were, in their order', () => {
  fc.assert(
    fc.property(fc.array(dependencies, { maxLength: 12 }), (all) => {
      const [teller, hearer] = [new GrowthTeller(), new GrowthHearer()];
      const heard = all.map((depends) => hearer.next(teller.next(depends)));
      expect(heard.map(entriesOf)).toEqual(all.map(entriesOf));
    }),
    { numRuns: 500 },
  );
});

/** A session that puts so many keys, each after it has read it, and merges into one in between. */
function sessionOf(count: number) {
  let session = startSession({ invocation: 'i', attempt: 1, level: 'causal' });
  for (let counter = 1; counter <= count; counter += 1) {
    const key = `k${counter}`;
    const by = { writer: 'w', counter, timestamp: counter, dependencies: session.past };
    const put = registerOf({ ...by, context: EMPTY_CLOCK, value: `${counter}` });
    const merged = applyMerge(undefined, { kind: 'counter', add: counter }, by);
    const capsule: Capsule = counter % 10 === 0 && !isMismatch(merged) ? merged : put;
    session = recordWrite(session, { key, capsule });
  }
  return session;
}

const finished = (count: number): RoleMessage => ({
  type: 'scheduler.flush',
  invocation: 'i',
  attempt: 1,
  node: 'n',
  from: 'executor/w1/e1',
  flush: 1,
  session: sessionOf(count),
});

test('[WIRE4] the packed writes of a message are its writes once it has arrived', () => {
  const message = finished(60);
  const packed = packedMessage(message);
  expect(packed).not.toEqual(message);
  expect(roleMessage.parse(packed)).toEqual(message);
  const writes = [...sessionOf(60).writes];
  expect(keyedWrites.parse(packWrites(writes))).toEqual(writes);
  expect(writesByKey.parse(packWrites(writes))).toEqual(new Map(writes));
});

test('[WIRE4] six times as many writes tell six times as many dependencies, not more', () => {
  const toldOf = (count: number): number => {
    const growths = packWrites(sessionOf(count).writes)?.growths ?? [];
    return growths.reduce((sum, { added, without }) => sum + added.size + without.length, 0);
  };
  expect(toldOf(300)).toBe(299);
  expect(toldOf(50)).toBe(49);
});

test('[WIRE4] few writes cross as they are, and a pack with a part missing is refused', () => {
  const message = finished(5);
  expect(packedMessage(message)).toBe(message);
  const packed = packWrites(sessionOf(60).writes);
  const growths = packed?.growths.slice(1);
  expect(keyedWrites.safeParse({ ...packed, growths }).success).toBe(false);
});
