// Canonical text and the codec over it.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalText } from './plain-data.ts';
import { plainDataCodec } from './plain-data-codec.ts';
import { hashOfPlainData } from './plain-data-hash.ts';

const scalar = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
);
const data = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(fc.string(), tie('value')), { maxLength: 4 }).map((pairs) => new Map(pairs)),
    fc.array(fc.string(), { maxLength: 4 }).map((members) => new Set(members)),
    fc.record({ kind: fc.string(), value: tie('value') }, { noNullPrototype: true }),
  ),
})).value;

describe('plain data', () => {
  test('what was encoded comes back, lone surrogates and a map key named __proto__ included', () => {
    const codec = plainDataCodec((parsed) => parsed);
    fc.assert(
      fc.property(data, (value) => {
        const bytes = codec.encode(value);
        expect(codec.decode(bytes)).toEqual(value);
        expect(codec.encode(codec.decode(bytes))).toEqual(bytes);
      }),
    );
    const odd = new Map([['__proto__', '\ud800']]);
    expect(codec.decode(codec.encode(odd))).toEqual(odd);
  });

  test('the order of fields does not matter, the order of a Map does', () => {
    expect(canonicalText({ b: 1, a: undefined, c: 2 })).toBe(canonicalText({ c: 2, b: 1 }));
    expect(
      canonicalText(
        new Map([
          ['a', 1],
          ['b', 2],
        ]),
      ),
    ).not.toBe(
      canonicalText(
        new Map([
          ['b', 2],
          ['a', 1],
        ]),
      ),
    );
    expect(canonicalText(new Map([['a', 1]]))).not.toBe(canonicalText({ a: 1 }));
  });

  test('functions and instances are refused, and so are bytes of another codec', () => {
    expect(() => canonicalText({ wake: () => undefined })).toThrow('Not plain data: a function');
    expect(() => canonicalText(new Error('x'))).toThrow('an instance of Error');
    expect(() => plainDataCodec((parsed) => parsed).decode(new Uint8Array(3))).toThrow('Not bytes');
  });

  test('hashes are equal where texts are, and only there', () => {
    fc.assert(
      fc.property(data, data, (a, b) => {
        expect(hashOfPlainData(structuredClone(a))).toBe(hashOfPlainData(a));
        const areEqual = canonicalText(a) === canonicalText(b);
        expect(hashOfPlainData(a) === hashOfPlainData(b)).toBe(areEqual);
      }),
      { numRuns: 500 },
    );
    expect(hashOfPlainData({ b: 1, a: undefined, c: 2 })).toBe(hashOfPlainData({ c: 2, b: 1 }));
    expect(hashOfPlainData({ a: 1, b: 2 })).not.toBe(hashOfPlainData({ a: 2, b: 1 }));
    expect(hashOfPlainData([[1], 2])).not.toBe(hashOfPlainData([[1, 2]]));
    expect(hashOfPlainData(['history', 0.5, null, true])).toMatchInlineSnapshot(
      `"869f420064799621"`,
    );
    expect(() => hashOfPlainData(new Error('x'))).toThrow('an instance of Error');
  });
});
