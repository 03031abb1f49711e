import { capsule, joinCapsules, versionOf, type Capsule } from '@stormglass/core';
import { historyArbitrary, playHistory } from '@stormglass/core/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { storedCodec } from './stored-codec.ts';

const kinds = ['register', 'counter', 'set', 'map', 'max'] as const;
const codec = storedCodec<Capsule>((value) => capsule.parse(value));

test('whatever a key can hold comes back as it was', () => {
  fc.assert(
    fc.property(fc.constantFrom(...kinds), historyArbitrary, (kind, history) => {
      for (const written of playHistory(kind, history).capsules) {
        expect(codec.decode(codec.encode(written))).toEqual(written);
      }
    }),
  );
});

test('a writer, key and field named __proto__ survive', () => {
  const odd: Capsule = {
    kind: 'map',
    epoch: 0,
    clock: new Map([['__proto__', 3]]),
    dependencies: new Map([['__proto__', new Map([['__proto__', 1]])]]),
    fields: new Map([['__proto__', { timestamp: 1, writer: '__proto__', value: '1' }]]),
  };
  const read = codec.decode(codec.encode(odd));
  expect(read).toEqual(odd);
  expect(versionOf(read).get('__proto__')).toBe(3);
  expect(joinCapsules(read, odd)).toBe(read);
});

test('bytes that are no capsule are an error', () => {
  expect(() => codec.decode(Uint8Array.of(2, 0))).toThrow(/format 2/u);
  const other = storedCodec<unknown>((value) => value);
  expect(() => codec.decode(other.encode({ kind: 'register', writes: 'none' }))).toThrow();
});
