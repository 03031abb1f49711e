import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameDecoder, FrameEncoder, FrameTooLarge } from './frame-codec.ts';

/**
 * Values as role messages hold them: records of fixed shape, Maps and Sets with any string as key.
 */
const plainData = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.string({ unit: 'grapheme' }),
    fc.double({ noNaN: true }).map((number) => (number === 0 ? 0 : number)),
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constantFrom(null, undefined, '', '__proto__'),
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.oneof(fc.string(), fc.constant('__proto__')), tie('value')), {
        maxLength: 4,
      })
      .map((entries) => new Map(entries)),
    fc.array(fc.string(), { maxLength: 4 }).map((elements) => new Set(elements)),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/u), tie('value'), {
      maxKeys: 4,
      noNullPrototype: true,
    }),
  ),
})).value;

test('any plain data survives, however the bytes are cut into chunks', () => {
  fc.assert(
    fc.property(
      fc.array(plainData, { minLength: 1, maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
      (frames, cuts) => {
        const encoder = new FrameEncoder();
        const bytes = Buffer.concat(frames.map((frame) => Buffer.from(encoder.encode(frame))));
        const decoder = new FrameDecoder();
        const received: unknown[] = [];
        let position = 0;
        for (let turn = 0; position < bytes.length; turn += 1) {
          const end = position + (cuts[turn % cuts.length] ?? 1);
          received.push(...decoder.decode(bytes.subarray(position, end)));
          position = end;
        }
        expect(received).toEqual(frames);
      },
    ),
    { numRuns: 300 },
  );
});

test('a dictionary with the key __proto__ stays a dictionary', () => {
  const frame = { clock: new Map([['__proto__', new Map([['constructor', 1]])]]) };
  const [received] = new FrameDecoder().decode(new FrameEncoder().encode(frame));
  expect(received).toEqual(frame);
  expect(Object.getPrototypeOf(received)).toBe(Object.prototype);
});

test('field names are sent once, and more shapes than the dictionary holds still arrive', () => {
  const encoder = new FrameEncoder();
  const decoder = new FrameDecoder();
  const shapes = Array.from({ length: 300 }, (_, index) => ({
    type: 'many',
    [`field${index}`]: index,
    inner: { [`other${index % 90}`]: 'x' },
  }));
  for (let round = 0; round < 3; round += 1) {
    for (const shape of shapes) expect(decoder.decode(encoder.encode(shape))).toEqual([shape]);
  }
  const first = encoder.encode({ aLongFieldName: 1, anotherLongFieldName: 2 }).length;
  const second = encoder.encode({ aLongFieldName: 3, anotherLongFieldName: 4 }).length;
  expect(second).toBeLessThan(first / 4);
});

test('a field that is undefined or missing arrives as undefined', () => {
  const encoder = new FrameEncoder();
  const decoder = new FrameDecoder();
  const frames = [{ a: 1, b: undefined }, { a: 1 }, { results: new Map([['sink', undefined]]) }];
  for (const frame of frames) {
    expect(decoder.decode(encoder.encode(frame))).toEqual([frame]);
  }
});

test('what was received does not change with the buffer it came in', () => {
  const frame = { text: 'a text of some length', bytes: new Uint8Array([1, 2, 3]) };
  const chunk = Buffer.from(new FrameEncoder().encode(frame));
  const decoder = new FrameDecoder();
  const [received] = decoder.decode(chunk);
  chunk.fill(0xff);
  expect(received).toMatchObject({ text: frame.text });
  expect(received).toMatchObject({ bytes: new Uint8Array([1, 2, 3]) });
});

test('a frame over the limit is refused with both numbers, and the link goes on', () => {
  const encoder = new FrameEncoder(1_000);
  const decoder = new FrameDecoder(1_000);
  expect(decoder.decode(encoder.encode({ old: 1 }))).toEqual([{ old: 1 }]);
  expect(() => encoder.encode({ fresh: 'x'.repeat(2_000), old: 2 })).toThrow(
    /A frame of 20\d\d bytes is over the limit of 1000/u,
  );
  const odd = {
    get fails(): never {
      throw new Error('no plain data');
    },
  };
  expect(() => encoder.encode(odd)).toThrow('no plain data');
  // The shape of the refused frame was never sent; it is announced with the next one.
  expect(decoder.decode(encoder.encode({ fresh: 'y', old: 2 }))).toEqual([{ fresh: 'y', old: 2 }]);
  expect(decoder.decode(encoder.encode({ old: 3 }))).toEqual([{ old: 3 }]);
});

test('a header that announces too much is refused before the body comes', () => {
  const header = Buffer.alloc(4);
  header.writeUInt32BE(5_000);
  expect(() => new FrameDecoder(1_000).decode(header)).toThrow(FrameTooLarge);
});

test('bytes that are no frame are an error, not a wrong value', () => {
  const garbage = Buffer.from([0, 0, 0, 3, 0xc1, 0xc1, 0xc1]);
  expect(() => new FrameDecoder().decode(garbage)).toThrow();
  const unknownRecord = Buffer.from([0, 0, 0, 2, 0x45, 0x01]);
  const decodeUnknown = (): unknown => new FrameDecoder().decode(unknownRecord);
  // 0x45 alone is the number 69 where no such record was announced; a second value is left over.
  expect(decodeUnknown).toThrow();
});

test('a megabyte that comes in small pieces is put together once', () => {
  const frame = { text: 'x'.repeat(1 << 20) };
  const bytes = Buffer.from(new FrameEncoder().encode(frame));
  const decoder = new FrameDecoder();
  const received: unknown[] = [];
  for (let position = 0; position < bytes.length; position += 1_000) {
    received.push(...decoder.decode(bytes.subarray(position, position + 1_000)));
  }
  expect(received).toEqual([frame]);
});
