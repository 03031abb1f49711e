import { describe, expect, test } from 'vitest';
import { HistoryFormatError } from './json-shape.ts';
import { parseHistory } from './parse-history.ts';

const parse = (history: unknown) => parseHistory(JSON.stringify(history));

describe('parse history', () => {
  test('[HF1] what a recorder does not know it may leave out', () => {
    const { sessions, ...rest } = parse({
      sessions: [
        { id: 'c', operations: [{ kind: 'write', key: 'x', value: '1' }] },
        { id: 's', invocation: 'i', node: 'f', operations: [] },
      ],
    });
    expect(sessions).toMatchObject([
      { kind: 'client', level: 'lww', operations: [{ value: '1', effect: { kind: 'put' } }] },
      { kind: 'function', invocation: 'i', attempt: 1, node: 'f' },
    ]);
    expect(rest).toEqual({
      isComplete: false,
      initial: new Map(),
      invocations: [],
      caches: [],
      atRest: [],
      leftovers: [],
    });
  });

  test.each([
    ['{', 'not JSON'],
    ['[]', 'history: expected an object'],
    ['{}', "history: 'sessions' is missing"],
    ['{"sessions":[],"more":1}', "history: unknown field 'more'"],
    ['{"sessions":[{"id":1,"operations":[]}]}', 'history.sessions[0].id: expected a text'],
    [
      '{"sessions":[],"invocations":[{"id":"i","level":"strong","attempts":[]}]}',
      'history.invocations[0].level: expected one of lww',
    ],
    [
      '{"sessions":[],"leftovers":[{"place":"w1","counts":{"pins":-1}}]}',
      'history.leftovers[0].counts.pins: expected a whole number from 0',
    ],
  ])('[HF1] %s is refused with the place', (json, message) => {
    expect(() => parseHistory(json)).toThrow(HistoryFormatError);
    expect(() => parseHistory(json)).toThrow(message);
  });

  test('[HF2] a key or a writer may be called __proto__', () => {
    const json =
      '{"initial":{"__proto__":"zero"},"sessions":[{"id":"__proto__","operations":' +
      '[{"kind":"write","key":"__proto__","value":"1","context":{"__proto__":3}}]}]}';
    const { initial, sessions } = parseHistory(json);
    expect(initial.get('__proto__')).toBe('zero');
    expect(sessions[0]?.operations[0]).toMatchObject({ context: new Map([['__proto__', 3]]) });
  });

  test('[HF3] a plain get shows one value or null, a get of siblings all of them', () => {
    const read = (shown: object) => ({ kind: 'read', key: 'x', ...shown });
    const { sessions } = parse({
      sessions: [
        {
          id: 'c',
          operations: [
            read({ value: '1' }),
            read({ value: null }),
            read({ values: ['1', '2'] }),
            read({ state: 5 }),
          ],
        },
      ],
    });
    expect(sessions[0]?.operations).toMatchObject([
      { values: ['1'], isPick: true },
      { values: [], isPick: true },
      { values: ['1', '2'], isPick: false },
      { state: 5, isPick: true },
    ]);
  });
});
