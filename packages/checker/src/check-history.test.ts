// Every promise with histories that keep it and histories that break it.
import { describe, expect, test } from 'vitest';
import { checkHistory } from './check-history.ts';
import { EMPTY_HISTORY, type Level, type Operation, type RecordedHistory } from './history.ts';
import {
  all,
  historyOf,
  operation,
  operations,
  operationsHistory,
  remove,
  type Run,
} from './testkit/compose-history.ts';

const classes = (history: RecordedHistory, as?: Level): readonly string[] => [
  ...new Set(checkHistory(history, as === undefined ? {} : { as }).map((one) => one.class)),
];

const run = (id: string, nodes: Record<string, string>, rest: Partial<Run> = {}): Run => ({
  id,
  level: 'causal',
  nodes: Object.fromEntries(Object.entries(nodes).map(([node, text]) => [node, operations(text)])),
  ...rest,
});

const version = (entries: Record<string, number>) => new Map(Object.entries(entries));

describe('every level', () => {
  test('[WF1] thin air, failed, dirty and future reads, repeated values, cycles', () => {
    const client = (...own: readonly Operation[]): RecordedHistory => ({
      ...operationsHistory('w z1'),
      sessions: [
        { kind: 'client', id: 'c', level: 'lww', isContinued: true, operations: own },
        {
          kind: 'client',
          id: 'd',
          level: 'lww',
          isContinued: true,
          operations: [operation('r x1')],
        },
      ],
    });
    expect(classes(client(operation('w x1')))).toEqual([]);
    expect(classes(client())).toEqual(['thin-air']);
    expect(classes(client({ ...operation('w x1'), status: 'failed' }))).toEqual(['failed-read']);
    expect(classes(client(operation('w x1'), operation('w x1')))).toEqual(['repeated-value']);
    expect(classes(operationsHistory('r x1, w x1'))).toContain('future-read');
    expect(classes(operationsHistory('r x1, w y1 | r y1, w x1'))).toEqual(['cyclic-order']);
    const writer = { level: 'lww' as const };
    const reader = run('r', { f: 'r x1' }, writer);
    const dirty = (status: Run['status']) =>
      historyOf([run('w', { f: 'w x1' }, { ...writer, ...(status && { status }) }), reader]);
    expect(classes(dirty('committed'))).toEqual([]);
    expect(classes(dirty('unknown'))).toEqual([]);
    expect(classes(dirty('abandoned'))).toContain('dirty-read');
  });

  test('[WF2] of two puts of an attempt others see the last, or the one that was flushed', () => {
    const written = (first: Operation): RecordedHistory =>
      historyOf([
        { ...run('w', {}), nodes: { f: [first, operation('w x2')] } },
        run('r', { f: 'r x1' }),
      ]);
    expect(classes(written(operation('w x1')))).toEqual(['intermediate-read']);
    expect(classes(written({ ...operation('w x1'), status: 'ok' }))).toEqual([]);
    expect(classes(historyOf([run('w', { f: 'w x1, w x2' }), run('r', { f: 'r x2' })]))).toEqual(
      [],
    );
  });

  test('[WF3] an unknown write orders nothing behind it', () => {
    const history = (status: 'ok' | 'unknown'): RecordedHistory => ({
      ...EMPTY_HISTORY,
      sessions: [
        {
          kind: 'client',
          id: 'c',
          level: 'causal',
          isContinued: true,
          operations: [{ ...operation('w x1'), status }, operation('w y1')],
        },
        {
          kind: 'client',
          id: 'd',
          level: 'causal',
          isContinued: true,
          operations: [operation('r y1'), operation('r x0')],
        },
      ],
    });
    expect(classes(history('ok'))).toEqual(['monotonic-writes']);
    expect(classes(history('unknown'))).toEqual([]);
  });

  test('[OW1] an own write is read by the functions behind it', () => {
    for (const level of ['repeatable-read', 'single-key-causal', 'causal'] as const) {
      const after = (read: string) =>
        historyOf([
          run('w', { f: 'w x1' }, { level }),
          run('i', { f: 'r x1, w x2', g: read }, { level }),
        ]);
      expect(classes(after('r x2'))).toEqual([]);
      expect(classes(after('r x1'))).toEqual(['own-write-lost']);
      expect(classes(after('r x0'))).toEqual(['own-write-lost']);
    }
    const lww = (read: string) =>
      historyOf([
        run('w', { f: 'w x1' }, { level: 'lww' }),
        run('o', { f: 'w x3' }, { level: 'lww' }),
        run('i', { f: 'r x1, w x2', g: read }, { level: 'lww' }),
      ]);
    expect(classes(lww('r x3'))).toEqual([]);
    expect(classes(lww('r x1'))).toEqual(['own-write-lost']);
  });

  test('[OW1] a delete in a branch beside may be the later write', () => {
    const fanIn = [
      ['f', 'h'],
      ['g', 'h'],
    ] as const;
    const joined = (level: Level, other: Operation) => {
      const nodes = { f: [operation('w x1')], g: [other], h: [operation('r x0')] };
      return historyOf([{ ...run('i', {}, { level, edges: fanIn }), nodes }]);
    };
    expect(classes(joined('repeatable-read', remove('x', 'gone')))).toEqual([]);
    expect(classes(joined('repeatable-read', operation('w y2')))).toEqual(['own-write-lost']);
    expect(classes(joined('causal', remove('x', 'gone')))).toEqual(['own-write-lost']);
    const shown = (level: Level) => {
      const nodes = { f: [operation('w x1')], g: [operation('w x2')], h: [all('r x2')] };
      return historyOf([{ ...run('i', {}, { level, edges: fanIn }), nodes }]);
    };
    expect(classes(shown('repeatable-read'))).toEqual([]);
    expect(classes(shown('causal'))).toEqual(['own-write-lost']);
  });

  test('[ST1] S11: a writer stamps above what it has read', () => {
    const stamped = (text: string, time: number): Operation => ({
      ...(operation(text) as Operation & { kind: 'write' }),
      stamp: { time, writer: 'w' },
    });
    const history = (level: Level, nodes: (later: Operation) => Run['nodes'], time: number) =>
      classes(
        historyOf([
          { ...run('p', {}), level, nodes: { f: [stamped('w x1', 12)] } },
          { ...run('q', {}), level, nodes: nodes(stamped('w x2', time)) },
        ]),
      );
    const inOne = (later: Operation) => ({ f: [operation('r x1'), later] });
    const inTwo = (later: Operation) => ({ f: [operation('r x1')], g: [later] });
    expect(history('lww', inOne, 13)).toEqual([]);
    expect(history('lww', inOne, 3)).toEqual(['clock-inversion']);
    expect(history('lww', inTwo, 3)).toEqual([]);
    expect(history('repeatable-read', inTwo, 13)).toEqual([]);
    expect(history('repeatable-read', inTwo, 3)).toEqual(['clock-inversion']);
  });

  test('[EO1] one answer, one attempt that takes effect', () => {
    const [base] = historyOf([run('i', { f: 'w x1' })]).invocations;
    if (base === undefined) throw new Error('no invocation');
    const of = (rest: object): RecordedHistory => ({
      ...EMPTY_HISTORY,
      isComplete: true,
      invocations: [{ ...base, ...rest }],
    });
    const ok = { status: 'ok' } as const;
    expect(classes(of({}))).toEqual([]);
    expect(classes(of({ answers: [] }))).toEqual(['answers']);
    expect(classes({ ...of({ answers: [] }), isComplete: false })).toEqual([]);
    expect(classes(of({ answers: [ok, ok] }))).toEqual(['answers']);
    expect(classes(of({ answers: [ok, ok], asked: 2 }))).toEqual([]);
    expect(
      classes(
        of({
          answers: [
            { ...ok, results: '1' },
            { ...ok, results: '2' },
          ],
          asked: 2,
        }),
      ),
    ).toEqual(['answers']);
    expect(classes(of({ answers: [{ status: 'failed' }] }))).toEqual(['effects']);
    const two = [
      { number: 1, status: 'committed' },
      { number: 2, status: 'committed' },
    ];
    expect(classes(of({ attempts: two }))).toEqual(['effects']);
    expect(classes(of({ attempts: [{ number: 1, status: 'abandoned' }] }))).toEqual(['answers']);
  });

  test('[EO2] a counter is the sum of what committed, and perhaps of what nobody knows', () => {
    const add = (value: string, amount: number): Operation => ({
      kind: 'write',
      key: 'n',
      value,
      effect: { kind: 'counter', add: amount },
    });
    const counted = (state: number) =>
      historyOf(
        [
          { ...run('a', {}), nodes: { f: [add('a', 1)], g: [add('b', 2)] } },
          { ...run('b', {}), nodes: { f: [add('c', 4)] }, status: 'abandoned' },
          { ...run('c', {}), nodes: { f: [add('d', 8)] }, status: 'unknown' },
        ],
        { atRest: [{ place: 's', held: [{ key: 'n', isPick: false, state }] }] },
      );
    const verdicts = [3, 11, 7, 2, 4].map((state) => classes(counted(state)).includes('effects'));
    expect(verdicts).toEqual([false, false, true, true, true]);
  });
});

describe('at rest', () => {
  const resting = (places: Record<string, readonly string[]>, runs: readonly Run[]) =>
    historyOf(runs, {
      atRest: Object.entries(places).map(([place, values]) => ({
        place,
        held: [{ key: 'x', values, isPick: false }],
      })),
    });

  test('[CV1] every place has the same', () => {
    const runs = [run('a', { f: 'w x1' }), run('b', { f: 'w x2' })];
    expect(classes(resting({ s: ['x1', 'x2'], w: ['x2', 'x1'] }, runs))).toEqual([]);
    expect(classes(resting({ s: ['x1', 'x2'], w: ['x2'] }, runs))).toEqual(['divergence']);
    expect(classes(resting({ s: ['x1', 'x2'], w: [] }, runs))).toEqual(['divergence']);
  });

  test('[CV2] nothing that did not commit, nothing that was replaced', () => {
    const abandoned = run('a', { f: 'w x1' }, { status: 'abandoned' });
    expect(classes(resting({ s: ['x1'] }, [abandoned]))).toEqual(['resurrected']);
    expect(classes(resting({ s: [] }, [abandoned]))).toEqual([]);
    const replaced = [run('a', { f: 'w x1' }), run('b', { f: 'r x1, w x2' })];
    expect(classes(resting({ s: ['x1', 'x2'] }, replaced))).toEqual(['stale-at-rest']);
    expect(classes(resting({ s: ['x2'] }, replaced))).toEqual([]);
  });

  test('[CV3] S1: a lost update is one at the causal levels, and none at lww', () => {
    const runs = (level: Level) => [
      run('i', { f: 'w x1' }, { level }),
      run('p', { f: 'r x1, w x2' }, { level }),
      run('q', { f: 'r x1, w x3' }, { level }),
    ];
    expect(classes(resting({ s: ['x3'] }, runs('single-key-causal')))).toEqual(['lost-update']);
    expect(classes(resting({ s: ['x2', 'x3'] }, runs('single-key-causal')))).toEqual([]);
    expect(classes(resting({ s: ['x3'] }, runs('lww')))).toEqual([]);
    expect(classes(resting({ s: [] }, runs('causal')))).toEqual(['lost-write']);
  });

  test('[CV3] by stamps it is the greatest that stays, at equal times of the greater writer', () => {
    const stamped = (text: string, time: number, writer: string): Operation => ({
      ...(operation(text) as Operation & { kind: 'write' }),
      stamp: { time, writer },
    });
    const runs: readonly Run[] = [
      { ...run('a', {}), level: 'lww', nodes: { f: [stamped('w x1', 5, 'b')] } },
      { ...run('b', {}), level: 'lww', nodes: { f: [stamped('w x2', 5, 'a')] } },
    ];
    expect(classes(resting({ s: ['x1'] }, runs))).toEqual([]);
    expect(classes(resting({ s: ['x2'] }, runs))).toEqual(['stale-at-rest']);
  });

  test('[CV3] C4: a delete hides what it has seen or found, and nothing that came after it', () => {
    const seen: Run = { ...run('d', {}), nodes: { f: [operation('r x1'), remove('x', 'gone')] } };
    const blind: Run = { ...run('d', {}), nodes: { f: [remove('x', 'gone')] } };
    const put = run('a', { f: 'w x1' });
    expect(classes(resting({ s: [] }, [put, seen]))).toEqual([]);
    expect(classes(resting({ s: ['x1'] }, [put, seen]))).toEqual(['stale-at-rest']);
    expect(classes(resting({ s: ['x1'] }, [put, blind]))).toEqual([]);
    expect(classes(resting({ s: [] }, [put, blind]))).toEqual([]);
    expect(classes(resting({ s: [] }, [blind, { ...put, continues: 'd' }]))).toEqual([
      'lost-write',
    ]);
  });

  test('[CV3] what stood beside a value that was picked may be replaced by the session, also later', () => {
    const runs = (continues: string | undefined): readonly Run[] => [
      run('a', { f: 'w x1' }),
      run('b', { f: 'w x2' }),
      run('c', { f: 'r x1' }),
      { ...run('d', { f: 'w x3' }), continues },
    ];
    expect(classes(resting({ s: ['x3'] }, runs('c')))).toEqual([]);
    expect(classes(resting({ s: ['x3'] }, runs(undefined)))).toContain('lost-update');
    const level = 'single-key-causal';
    const both = (continues?: string): readonly Run[] => [
      run('a', { f: 'w x1' }, { level }),
      run('b', { f: 'w x2' }, { level }),
      { ...run('c', {}, { level }), nodes: { f: [all('r x1/2')] } },
      { ...run('d', { f: 'w x3' }, { level }), continues },
    ];
    expect(classes(resting({ s: ['x3'] }, both('c')))).toEqual([]);
    expect(classes(resting({ s: ['x3'] }, both()))).toContain('lost-update');
    const onTop = { ...run('e', {}), nodes: { f: [all('r x3'), operation('w x4')] } };
    expect(classes(resting({ s: ['x4'] }, [...runs('c'), onTop]))).toEqual([]);
    expect(classes(resting({ s: ['x4'] }, [...runs(undefined), onTop]))).toContain('lost-update');
  });

  test('[CV1] [CV3] C1: three writes, of which one replaces another, in every order of merging', () => {
    const dotted = (text: string, writer: string, count: number, seen = 0): Operation => ({
      ...(operation(text) as Operation & { kind: 'write' }),
      dot: { writer, count },
      context: seen === 0 ? version({}) : version({ a: seen }),
    });
    const runs: readonly Run[] = [
      { ...run('1', {}), nodes: { f: [dotted('w x1', 'a', 1)] } },
      { ...run('2', {}), nodes: { f: [dotted('w x2', 'b', 1)] } },
      { ...run('3', {}), nodes: { f: [operation('r x1'), dotted('w x3', 'a', 2, 1)] } },
    ];
    expect(classes(resting({ s: ['x2', 'x3'] }, runs))).toEqual([]);
    expect(classes(resting({ s: ['x1', 'x2', 'x3'] }, runs))).toEqual(['stale-at-rest']);
    expect(classes(resting({ s: ['x2', 'x3'], w: ['x1', 'x2', 'x3'] }, runs))).toEqual([
      'divergence',
    ]);
    expect(classes(resting({ s: ['x3'] }, runs))).toEqual(['lost-update']);
  });

  test('[CV3] white box: every merge is counted in the version at rest', () => {
    const merged = (count: number): RecordedHistory => {
      const write: Operation = {
        kind: 'write',
        key: 'n',
        value: 'one',
        effect: { kind: 'set', add: ['a'], remove: [] },
        dot: { writer: 'w', count: 2 },
      };
      return historyOf([{ ...run('a', {}), nodes: { f: [write] } }], {
        atRest: [
          { place: 's', held: [{ key: 'n', isPick: false, version: version({ w: count }) }] },
        ],
      });
    };
    expect(classes(merged(2))).toEqual([]);
    expect(classes(merged(1))).toEqual(['lost-write']);
  });

  test('[CV2] C5: what an old replica brings back is stale', () => {
    const runs = [run('a', { f: 'w x1' }), run('b', { f: 'r x1, w x2' })];
    expect(classes(resting({ old: ['x1'] }, runs))).toEqual(['stale-at-rest']);
  });

  test('[CV4] nothing is kept for what is over', () => {
    const left = (pins: number): RecordedHistory => ({
      ...EMPTY_HISTORY,
      leftovers: [{ place: 'w1', counts: version({ pins, calls: 0 }) }],
    });
    expect(classes(left(0))).toEqual([]);
    expect(checkHistory(left(2))).toMatchObject([{ sentence: 'In the end w1 still has 2 pins' }]);
  });
});

describe('repeatable read', () => {
  const level = 'repeatable-read' as const;
  const writes = [run('a', { f: 'w x1' }, { level }), run('b', { f: 'w x2' }, { level })];
  const reading = (nodes: Record<string, string>, rest: Partial<Run> = {}) =>
    classes(historyOf([...writes, run('d', nodes, { level, ...rest })]));

  test('[RR1] S2 and S3: one version along a path, absence included', () => {
    expect(reading({ f: 'r x1', g: 'r x1' })).toEqual([]);
    expect(reading({ f: 'r x1', g: 'r x2' })).toEqual(['non-repeatable-read']);
    expect(reading({ f: 'r x2', g: 'r x1' })).toEqual(['non-repeatable-read']);
    expect(reading({ f: 'r x0, r x1' })).toEqual(['non-repeatable-read']);
    expect(reading({ f: 'r x1', g: 'r x2' }, { level: 'causal' })).toEqual([]);
  });

  test('[RR1] S14: branches may differ only where the attempt does not commit', () => {
    const diamond = { f: '', g: 'r x1', h: 'r x2' };
    const nodes = { f: 'w z1', g: diamond.g, h: diamond.h };
    const edges = [
      ['f', 'g'],
      ['f', 'h'],
    ] as const;
    expect(reading(nodes, { edges })).toEqual(['join-conflict']);
    const answered = historyOf([
      ...writes,
      run('d', nodes, { level, edges, status: 'abandoned' }),
      run('d', { g: 'r x2', h: 'r x2' }, { level, edges, attempt: 2 }),
    ]);
    expect(classes(answered)).toEqual([]);
  });

  test('[RR1] after an own write it is that write', () => {
    expect(reading({ f: 'r x1, w x3', g: 'r x3' })).toEqual([]);
    expect(reading({ f: 'r x1, w x3', g: 'r x1' })).toEqual(['own-write-lost']);
  });
});

describe('session causality', () => {
  const photo = [
    run('i', { f: 'w acl1', g: 'w photo1' }),
    run('o', { f: 'r acl1, w acl2', g: 'r photo1, w photo2' }),
  ];
  const reading = (nodes: Record<string, string>, rest: Partial<Run> = {}, before = photo) =>
    classes(historyOf([...before, run('d', nodes, rest)]));

  test('[SC1] S4a, S5: what was read depends on what is read next', () => {
    expect(reading({ f: 'r photo2, r acl2' })).toEqual([]);
    expect(reading({ f: 'r photo2, r acl1' })).toEqual(['monotonic-writes']);
    expect(reading({ f: 'r photo2, r acl1' }, { level: 'repeatable-read' })).toEqual([]);
    expect(reading({ f: 'r photo2, r acl1' }, { level: 'single-key-causal' })).toEqual([]);
  });

  test('[SC1] along triggers at causal, inside one execution at multi-key-causal', () => {
    const across = { f: 'r photo2', g: 'r acl1' };
    expect(reading(across)).toEqual(['monotonic-writes']);
    expect(reading(across, { level: 'causal-cut' })).toContain('monotonic-writes');
    expect(reading(across, { level: 'multi-key-causal' })).toEqual([]);
    expect(reading({ f: 'r photo2, r acl1' }, { level: 'multi-key-causal' })).toEqual([
      'monotonic-writes',
    ]);
    expect(reading(across, { edges: [] })).toEqual([]);
  });

  test('[SC1] at multi-key-causal an own write brings nothing of the function that wrote it', () => {
    const nodes = { f: 'r photo2, w x1', g: 'r x1, r acl1' };
    expect(reading(nodes)).toEqual(['monotonic-writes']);
    expect(reading(nodes, { level: 'multi-key-causal' })).toEqual([]);
  });

  test('[SC5] of reads asked for together neither comes first, and both come before the next', () => {
    const together = (...own: readonly Operation[]): readonly Operation[] =>
      own.map((one, index) => (index === 0 ? one : ({ ...one, isTogether: true } as Operation)));
    const reads = (...own: readonly Operation[]) =>
      classes(historyOf([...photo, { ...run('d', {}), nodes: { f: own } }]));
    const batch = together(operation('r photo2'), operation('r acl1'));
    expect(reads(...batch)).toEqual([]);
    expect(reads(...batch, operation('r acl1'))).toEqual(['monotonic-writes']);
    expect(reads(...batch.toReversed(), operation('r acl1'))).toEqual(['monotonic-writes']);
  });

  test('[SC1] S13: transitive, through a key that the reader never reads', () => {
    const chain = [
      run('i', { f: 'w x1' }),
      run('a', { f: 'r x1, w x2' }),
      run('b', { f: 'r x2, w y1' }),
      run('c', { f: 'r y1, w z1' }),
    ];
    expect(reading({ f: 'r z1, r x2' }, {}, chain)).toEqual([]);
    expect(reading({ f: 'r z1, r x1' }, {}, chain)).toEqual(['causality']);
    expect(reading({ f: 'r y1, r x1' }, {}, chain)).toEqual(['writes-follow-reads']);
  });

  test('[SC1] a session goes on with its token, and nowhere else', () => {
    const runs = (continues?: string) =>
      classes(
        historyOf([
          run('a', { f: 'w x1' }),
          run('b', { f: 'r x1, w x2' }),
          run('c', { f: 'r x2' }),
          run('d', { f: 'r x1' }, { continues }),
        ]),
      );
    expect(runs()).toEqual([]);
    expect(runs('c')).toEqual(['monotonic-reads']);
    expect(runs('b')).toEqual(['read-your-writes']);
    expect(runs('a')).toEqual([]);
  });

  test('[SC2] a write at lww carries nothing, at single-key-causal what it replaced', () => {
    const chain = (level: Level) => [
      run('i', { f: 'w x1' }),
      run('a', { f: 'r x1, w x2' }),
      run('b', { f: 'r x2, w y1' }),
      run('c', { f: 'r y1, w y2' }, { level }),
      run('e', { f: 'r x2, w z1' }, { level }),
    ];
    for (const level of ['lww', 'single-key-causal'] as const) {
      expect(reading({ f: 'r z1, r x1' }, {}, chain(level))).toEqual([]);
      expect(reading({ f: 'r y2, r x1' }, {}, chain(level))).toEqual(['causality']);
    }
  });

  test('[SC3] a plain get may return either sibling, a get of siblings has to return both', () => {
    const siblings = [
      run('a', { f: 'w x1' }),
      run('b', { f: 'w x2' }),
      run('c', { f: 'r x1, w y1' }),
    ];
    const reads = (...own: readonly Operation[]) =>
      classes(
        historyOf([...siblings, { ...run('d', {}), nodes: { f: [operation('r y1'), ...own] } }]),
      );
    expect(reads(operation('r x2'))).toEqual([]);
    expect(reads(all('r x1/2'))).toEqual([]);
    expect(reads(all('r x2'))).toEqual(['writes-follow-reads']);
    expect(reads(all('r x0'))).toEqual(['writes-follow-reads']);
  });

  test('[SC4] white box: a read below the closure of the recorded dependencies', () => {
    const put = (key: string, count: number, needs: Record<string, number>): Operation => ({
      kind: 'write',
      key,
      value: `${key}${count}`,
      effect: { kind: 'put' },
      dot: { writer: 'w', count },
      context: version({}),
      dependencies: new Map(Object.entries(needs).map(([on, at]) => [on, version({ w: at })])),
    });
    const get = (key: string, count: number): Operation => ({
      kind: 'read',
      key,
      isPick: false,
      version: version({ w: count }),
    });
    const reads = (...own: readonly Operation[]) =>
      classes(
        historyOf([
          { ...run('a', {}), nodes: { f: [put('l', 3, {}), put('m', 1, { l: 3 })] } },
          { ...run('b', {}), nodes: { f: [put('k', 2, { m: 1 })] } },
          { ...run('d', {}), nodes: { f: own.slice(0, 1), g: own.slice(1) } },
        ]),
      );
    expect(reads(get('k', 2), get('l', 3))).toEqual([]);
    expect(reads(get('k', 2), get('l', 2))).toEqual(['below-dependency']);
    expect(reads(get('l', 3), get('l', 2))).toEqual(['below-dependency']);
    expect(reads(get('l', 2), get('k', 2))).toEqual([]);
  });
});

describe('causal cut', () => {
  const photo = [
    run('i', { f: 'w acl1', g: 'w photo1' }),
    run('o', { f: 'r acl1, w acl2', g: 'r photo1, w photo2' }),
  ];

  test('[RC1] S4b: the old ACL, then the new photo; causal lets it pass', () => {
    const leak = (level: Level) =>
      classes(historyOf([...photo, run('d', { f: 'r acl1', g: 'r photo2' }, { level })]));
    expect(leak('causal')).toEqual([]);
    expect(leak('causal-cut')).toEqual(['read-set-cut']);
    const kept = (acl: string, image: string) =>
      classes(historyOf([...photo, run('d', { f: acl, g: image }, { level: 'causal-cut' })]));
    expect(kept('r acl1', 'r photo1')).toEqual([]);
    expect(kept('r acl2', 'r photo2')).toEqual([]);
  });

  test('[RC1] an attempt that is abandoned because of it breaks nothing', () => {
    const again = historyOf([
      ...photo,
      run('d', { f: 'r acl1', g: 'r photo2' }, { level: 'causal-cut', status: 'abandoned' }),
      run('d', { f: 'r acl2', g: 'r photo2' }, { level: 'causal-cut', attempt: 2 }),
    ]);
    expect(classes(again)).toEqual([]);
  });

  test('[RC1] reading the key again does not heal what was returned before', () => {
    const again = run('d', { f: 'r acl1, r photo2, r acl2' }, { level: 'causal-cut' });
    expect(classes(historyOf([...photo, again]))).toEqual(['read-set-cut']);
  });

  test('[RC2] a store that pins what was read is asked for more', () => {
    const pinned = (rest: Partial<Run>, nodes: Record<string, string>) =>
      checkHistory(historyOf([...photo, run('d', nodes, { level: 'causal-cut', ...rest })]), {
        isCutPinned: true,
      }).map((one) => one.class);
    expect(pinned({}, { f: 'r acl1', g: 'r acl1' })).toEqual([]);
    expect(pinned({}, { f: 'r acl1', g: 'r acl2' })).toEqual(['non-repeatable-read']);
    const leak = { f: 'r acl1', g: 'r photo2' };
    expect(pinned({ status: 'abandoned' }, leak)).toEqual(['read-set-cut']);
    expect(pinned({ status: 'abandoned', edges: [] }, leak)).toEqual([]);
  });

  test('[RC1] strict where all siblings are known, weak for a plain get', () => {
    const siblings = [
      run('a', { f: 'w x1' }),
      run('b', { f: 'w x2' }),
      run('c', { f: 'r x1, w y1' }),
    ];
    const reads = (first: Operation) =>
      classes(
        historyOf([
          ...siblings,
          { ...run('d', {}), level: 'causal-cut', nodes: { f: [first], g: [operation('r y1')] } },
        ]),
      );
    expect(reads(operation('r x2'))).toEqual([]);
    expect(reads(all('r x2'))).toEqual(['read-set-cut']);
    expect(reads(all('r x1/2'))).toEqual([]);
  });

  test('[RC1] white box: a version that depends on more than was read', () => {
    const read = (key: string, count: number): Operation => ({
      kind: 'read',
      key,
      isPick: false,
      version: version({ w: count }),
    });
    const write: Operation = {
      kind: 'write',
      key: 'k',
      value: 'k2',
      effect: { kind: 'put' },
      dot: { writer: 'w', count: 2 },
      dependencies: new Map([['l', version({ w: 3 })]]),
    };
    const reads = (count: number) =>
      classes(
        historyOf([
          { ...run('a', {}), nodes: { f: [write] } },
          {
            ...run('d', {}),
            level: 'causal-cut',
            nodes: { f: [read('l', count)], g: [read('k', 2)] },
          },
        ]),
      );
    expect(reads(3)).toEqual([]);
    expect(reads(2)).toEqual(['read-set-cut']);
  });

  test('[CU1] a cache holds what its versions depend on', () => {
    const cache = (held: Record<string, number>) =>
      classes({
        ...EMPTY_HISTORY,
        caches: [
          {
            cache: 'w1',
            entries: [
              {
                key: 'k',
                version: version({ v: 1 }),
                dependencies: new Map([['l', version({ u: 2 })]]),
              },
              ...Object.entries(held).map(([key, count]) => ({
                key,
                version: version({ u: count }),
                dependencies: new Map(),
              })),
            ],
          },
        ],
      });
    expect(cache({ l: 2 })).toEqual([]);
    expect(cache({ l: 1 })).toEqual(['cache-cut']);
    expect(cache({})).toEqual(['cache-cut']);
  });
});

test('[AS1] a run at lww is judged by what each level would have forbidden', () => {
  const level = 'lww';
  const history = historyOf([
    run('i', { f: 'w acl1', g: 'w photo1' }, { level }),
    run('o', { f: 'r acl1, w acl2', g: 'r photo1, w photo2' }, { level }),
    run('d', { f: 'r photo2', g: 'r acl1' }, { level }),
    run('e', { f: 'r acl1', g: 'r photo2' }, { level }),
  ]);
  expect(classes(history)).toEqual([]);
  expect(classes(history, 'repeatable-read')).toEqual([]);
  expect(classes(history, 'causal')).toEqual(['monotonic-writes']);
  expect(classes(history, 'causal-cut').toSorted()).toEqual(['monotonic-writes', 'read-set-cut']);
});
