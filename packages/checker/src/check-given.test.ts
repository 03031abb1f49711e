// What user code was given, in histories that keep the rule and histories that break it.
import { describe, expect, test } from 'vitest';
import { checkHistory } from './check-history.ts';
import { parseHistory } from './parse-history.ts';
import type {
  ClientSession,
  Effect,
  Level,
  ReadOperation,
  RecordedHistory,
  WriteOperation,
} from './history.ts';
import { all, historyOf, operation, remove, type Run } from './testkit/compose-history.ts';

const classes = (history: RecordedHistory): readonly string[] => [
  ...new Set(checkHistory(history).map((one) => one.class)),
];

/** A read of everything that stands there, and what was given of it. */
const read = (text: string, given: ReadOperation['given']): ReadOperation => {
  const found = all(text);
  if (found.kind === 'write') throw new Error(`${text} is no read`);
  return { ...found, given };
};

/** Puts the JSON text of its name, at this time. */
const put = (text: string, time: number): WriteOperation => {
  const made = operation(text);
  if (made.kind === 'read') throw new Error(`${text} is no write`);
  return { ...made, text: `"${made.value}"`, rank: { time, writer: 'w' } };
};

const run = (id: string, nodes: Run['nodes'], rest: Partial<Run> = {}): Run => ({
  id,
  level: 'causal',
  nodes,
  ...rest,
});

const fanIn = [
  ['f', 'h'],
  ['g', 'h'],
] as const;

describe('[GV1] a plain get', () => {
  const others = (time: number) => run('o', { f: [put('w x2', time)] });
  const reader = (given: string | null) =>
    historyOf([
      run('w', { f: [put('w x1', 5)] }),
      others(9),
      run('r', { f: [read('r x1/2', given)] }),
    ]);

  test('gives the sibling with the largest rank, and nothing else', () => {
    expect(classes(reader('"x2"'))).toEqual([]);
    expect(classes(reader('"x1"'))).toEqual(['wrong-value']);
    expect(classes(reader(null))).toEqual(['wrong-value']);
  });

  test('gives any of them where no ranks are known', () => {
    const unranked = (given: string | null) =>
      historyOf([
        run('w', { f: [operation('w x1')] }),
        run('o', { f: [operation('w x2')] }),
        run('r', { f: [read('r x1/2', given)] }),
      ]);
    expect(classes(unranked('x1'))).toEqual([]);
    expect(classes(unranked('x2'))).toEqual([]);
    expect(classes(unranked(null))).toEqual(['wrong-value']);
  });

  test('gives the own put before a newer one of another, also behind the function that put it', () => {
    const own = (given: string | null) =>
      historyOf([others(9), run('i', { f: [put('w x1', 5)], g: [read('r x1/2', given)] })]);
    expect(classes(own('"x1"'))).toEqual([]);
    expect(classes(own('"x2"'))).toEqual(['wrong-value']);
  });

  test('gives what one branch put beside what another one deleted, the clock saying what it may', () => {
    for (const time of [1, 9]) {
      const gone = { ...remove('x', 'x3'), rank: { time, writer: 'w' } };
      const joined = (given: string | null) =>
        historyOf([
          run(
            'i',
            { f: [put('w x1', 5)], g: [gone], h: [read('r x1/3', given)] },
            { edges: fanIn },
          ),
        ]);
      expect(classes(joined('"x1"'))).toEqual([]);
      expect(classes(joined(null))).toEqual(['wrong-value']);
    }
  });

  test('gives nothing where the session itself deleted the key, or nothing but deletes stand', () => {
    const gone = remove('x', 'x3');
    const own = (given: string | null) =>
      historyOf([others(9), run('i', { f: [gone, read('r x2/3', given)] })]);
    expect(classes(own(null))).toEqual([]);
    expect(classes(own('"x2"'))).toEqual(['wrong-value']);
    const deleted = (given: string | null) =>
      historyOf([run('d', { f: [gone] }), run('r', { f: [read('r x3', given)] })]);
    expect(classes(deleted(null))).toEqual([]);
    expect(classes(deleted('"x2"'))).toEqual(['thin-air']);
    expect(classes(historyOf([run('r', { f: [read('r x0', null)] })]))).toEqual([]);
  });

  test('gives nothing out of thin air, and nothing of an attempt that never took effect', () => {
    expect(classes(reader('"x7"'))).toEqual(['thin-air']);
    const dirty = (status: Run['status']) =>
      historyOf([
        run('w', { f: [put('w x1', 5)] }),
        run('a', { f: [put('w x4', 9)] }, { status: status ?? 'committed' }),
        run('r', { f: [read('r x1', '"x4"')] }),
      ]);
    expect(classes(dirty('abandoned'))).toEqual(['dirty-read']);
    expect(classes(dirty('committed'))).toEqual(['wrong-value']);
    const pick = (given: string) =>
      historyOf([
        run('w', { f: [put('w x1', 5)] }),
        run('r', { f: [{ ...read('r x1', given), isPick: true }] }),
      ]);
    expect(classes(pick('"x1"'))).toEqual([]);
    expect(classes(pick('"x7"'))).toEqual(['thin-air']);
  });
});

test('[GV2] a get of siblings gives each value once, and no deletes', () => {
  const asked = (given: readonly string[]) =>
    historyOf([
      run('w', { f: [put('w x1', 5)] }),
      run('o', { f: [put('w x2', 9)] }),
      run('d', { f: [remove('x', 'x3')] }),
      run('r', { f: [read('r x1/2/3', given)] }),
    ]);
  expect(classes(asked(['"x2"', '"x1"']))).toEqual([]);
  expect(classes(asked(['"x2"']))).toEqual(['wrong-value']);
  expect(classes(asked(['"x2"', '"x1"', '"x1"']))).toEqual(['wrong-value']);
  expect(classes(asked([]))).toEqual(['wrong-value']);
  expect(classes(asked(['"x2"', '"x7"']))).toEqual(['thin-air']);
});

describe('[GV3] what is merged', () => {
  const merge = (writer: string, effect: Effect, time = 1): WriteOperation => ({
    kind: 'write',
    key: 'n',
    value: `merge ${writer}`,
    effect,
    dot: { writer, count: 1 },
    rank: { time, writer },
  });
  const version = (...writers: readonly string[]) => new Map(writers.map((one) => [one, 1]));
  const given = (
    effects: readonly Effect[],
    value: string | null,
    of: { readonly seen?: readonly string[]; readonly status?: Run['status'] } = {},
  ) =>
    classes(
      historyOf([
        ...effects.map((effect, index) =>
          run(
            `w${index}`,
            { f: [merge(`w${index}`, effect, index)] },
            index === 0 ? { status: of.status ?? 'committed' } : {},
          ),
        ),
        run('r', {
          f: [
            {
              kind: 'read',
              key: 'n',
              isPick: false,
              given: value,
              version: version(...(of.seen ?? effects.map((_, index) => `w${index}`))),
            },
          ],
        }),
      ]),
    );

  test('a counter is the sum of what its version counts', () => {
    const adds = [2, 5].map((add): Effect => ({ kind: 'counter', add }));
    expect(given(adds, '7')).toEqual([]);
    expect(given(adds, '5')).toEqual(['wrong-value']);
    expect(given(adds, null)).toEqual(['wrong-value']);
    expect(given(adds, '5', { seen: ['w1'] })).toEqual([]);
    expect(given(adds, null, { seen: [] })).toEqual([]);
    expect(given(adds, '5', { status: 'unknown' })).toEqual([]);
    expect(given(adds, '7', { status: 'unknown' })).toEqual([]);
    expect(given(adds, '7', { status: 'abandoned' })).toEqual(['wrong-value']);
  });

  test('a counter has what the session added itself, and nothing that it adds later', () => {
    const own = (value: string) =>
      historyOf([
        run('i', {
          f: [merge('a', { kind: 'counter', add: 2 })],
          g: [{ kind: 'read', key: 'n', isPick: false, given: value, version: version('a') }],
          h: [merge('b', { kind: 'counter', add: 5 })],
        }),
      ]);
    expect(classes(own('2'))).toEqual([]);
    expect(classes(own('7'))).toEqual(['wrong-value']);
  });

  test('a set is the union', () => {
    const adds = ['"a"', '"b"'].map((one): Effect => ({ kind: 'set', add: [one], remove: [] }));
    expect(given(adds, '["a","b"]')).toEqual([]);
    expect(given(adds, '["a"]')).toEqual(['wrong-value']);
    expect(given(adds, '["a","b","c"]')).toEqual(['wrong-value']);
    expect(given(adds, '["b"]', { status: 'unknown' })).toEqual([]);
  });

  test('a maximum is the largest', () => {
    const maxima = [4, 3].map((value): Effect => ({ kind: 'max', value }));
    expect(given(maxima, '4')).toEqual([]);
    expect(given(maxima, '3')).toEqual(['wrong-value']);
    expect(given(maxima, '3', { status: 'unknown' })).toEqual([]);
  });

  test('a field of a map is what was merged into it last', () => {
    const fields = (...own: readonly (readonly [string, string])[]): Effect => ({
      kind: 'map',
      fields: new Map(own),
    });
    const maps = [fields(['__proto__', '1'], ['x', '1']), fields(['x', '2'])];
    expect(given(maps, '{"__proto__":1,"x":2}')).toEqual([]);
    expect(given(maps, '{"__proto__":1,"x":1}')).toEqual(['wrong-value']);
    expect(given(maps, '{"x":2}')).toEqual(['wrong-value']);
    expect(given(maps, '{"x":2}', { status: 'unknown' })).toEqual([]);
  });
});

describe('[SG1] siblings', () => {
  const dotted = (text: string, writer: string, context: Record<string, number>) => ({
    ...put(text, 1),
    dot: { writer, count: 1 },
    context: new Map(Object.entries(context)),
  });
  const grown = (context: Record<string, number>, level: Level = 'causal') =>
    classes(
      historyOf([
        run('a', { f: [dotted('w x1', 'a', {})] }, { level }),
        run('b', { f: [dotted('w x2', 'b', {})] }, { level }),
        run(
          'c',
          { f: [read('r x1/2', ['"x1"', '"x2"'])], g: [dotted('w x3', 'c', context)] },
          { level },
        ),
      ]),
    );

  test('a put takes the place of all that its session had read', () => {
    for (const level of [
      'single-key-causal',
      'multi-key-causal',
      'causal',
      'causal-cut',
    ] as const) {
      expect(grown({ a: 1, b: 1 }, level)).toEqual([]);
      expect(grown({ a: 1 }, level)).toEqual(['sibling-growth']);
    }
  });

  test('a put takes the place of what an invocation read or wrote whose session it continues', () => {
    const continued = (context: Record<string, number>, status: Run['status'] = 'committed') =>
      classes(
        historyOf([
          run('a', { f: [dotted('w x1', 'a', {})] }),
          run('b', { f: [read('r x1', '"x1"')] }, { status }),
          run('c', { f: [dotted('w x3', 'c', context)] }, { continues: 'b' }),
        ]),
      );
    expect(continued({ a: 1 })).toEqual([]);
    expect(continued({})).toEqual(['sibling-growth']);
    expect(continued({}, 'abandoned')).toEqual([]);
  });

  test('nothing stands beside what has replaced it, whatever the record says of versions', () => {
    const beside = (text: string, level: Level = 'causal') => {
      const writer = (id: string, own: Run['nodes']): Run => run(id, own, { level });
      return classes(
        historyOf([
          writer('a', { f: [operation('w x1')] }),
          writer('b', { f: [all('r x1'), operation('w x2')] }),
          writer('r', { f: [all(text)] }),
        ]),
      );
    };
    expect(beside('r x2')).toEqual([]);
    expect(beside('r x1/2')).toContain('sibling-growth');
    expect(beside('r x1/2', 'lww')).not.toContain('sibling-growth');
  });
});

test('[HF1] what was given and what was put have a place in the JSON form', () => {
  const { sessions } = parseHistory(
    JSON.stringify({
      sessions: [
        {
          id: 'c',
          operations: [
            { kind: 'write', key: 'x', value: 'one', text: '"1"', rank: { time: 3, writer: 'w' } },
            { kind: 'read', key: 'x', values: ['one'], given: '"1"' },
            { kind: 'read', key: 'y', values: [], given: null },
            { kind: 'read', key: 'x', values: ['one'], given: ['"1"'] },
            { kind: 'write', key: 'm', value: 'two', effect: { kind: 'map', fields: { a: '1' } } },
          ],
        },
      ],
    }),
  );
  const { operations } = sessions[0] as ClientSession;
  expect(operations).toMatchObject([
    { text: '"1"', rank: { time: 3, writer: 'w' } },
    { given: '"1"' },
    { given: null },
    { given: ['"1"'] },
    { effect: { fields: new Map([['a', '1']]) } },
  ]);
});
