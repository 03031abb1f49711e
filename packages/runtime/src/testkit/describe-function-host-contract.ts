/**
 * What every FunctionHost that runs JavaScript owes (ports/function-host.ts). Call it with a way to
 * make a host.
 */
import type { Failure, FunctionDefinition } from '@stormglass/core';
import { afterEach, describe, expect, test } from 'vitest';
import type {
  FunctionHost,
  LibraryReply,
  LibraryRequest,
  Outcome,
} from '../ports/function-host.ts';

type Answer = (request: LibraryRequest, reply: (reply: LibraryReply) => void) => void;

export interface StageCall {
  readonly id?: string;
  /** JSON texts; `undefined` leaves a default to the function. */
  readonly arguments?: readonly (string | undefined)[];
  /** Without it every request is done at once. */
  readonly answer?: Answer;
  readonly leftMs?: number;
}

/** One host, and everything that its calls said. */
export class HostStage {
  readonly host: FunctionHost;
  readonly requests: LibraryRequest[] = [];
  readonly logs: string[] = [];
  /** Of finished calls, by id, in the order in which they finished. */
  readonly outcomes = new Map<string, Outcome>();
  #calls = 0;

  constructor(host: FunctionHost) {
    this.host = host;
  }

  /** Resolves when the call has finished. */
  run(definition: FunctionDefinition, call: StageCall = {}): Promise<Outcome> {
    this.#calls += 1;
    const { id = `call-${this.#calls}`, arguments: given = [], answer, leftMs } = call;
    return new Promise((resolve) => {
      this.host.start(
        {
          id,
          definition,
          arguments: definition.parameters.map((_, index) => given[index]),
          leftMs,
        },
        {
          request: (request, reply) => {
            this.requests.push(request);
            if (answer === undefined) reply({ status: 'done' });
            else answer(request, reply);
          },
          log: (level, text) => {
            this.logs.push(`${level}: ${text}`);
          },
          finished: (outcome) => {
            if (this.outcomes.has(id)) throw new Error(`${id} finishes twice`);
            this.outcomes.set(id, outcome);
            resolve(outcome);
          },
        },
      );
    });
  }

  /** The outcome of a call that asks for nothing it has to wait for. */
  runNow(definition: FunctionDefinition, call: StageCall = {}): Outcome {
    const id = call.id ?? `call-now-${this.#calls}`;
    void this.run(definition, { ...call, id });
    const outcome = this.outcomes.get(id);
    if (outcome === undefined) throw new Error(`${id} did not finish before start returned`);
    return outcome;
  }

  async result(definition: FunctionDefinition, call: StageCall = {}): Promise<unknown> {
    const outcome = await this.run(definition, call);
    if (outcome.status === 'failed') throw new Error(outcome.failure.detail);
    return outcome.value === undefined ? undefined : JSON.parse(outcome.value);
  }

  async failure(definition: FunctionDefinition, call: StageCall = {}): Promise<Failure> {
    const outcome = await this.run(definition, call);
    if (outcome.status === 'returned') throw new Error(`it returned ${outcome.value}`);
    return outcome.failure;
  }
}

/** Collects replies, to be given later. */
export class HeldReplies {
  readonly held: ((reply: LibraryReply) => void)[] = [];
  readonly answer: Answer = (_request, reply) => {
    this.held.push(reply);
  };

  next(reply: LibraryReply): void {
    const first = this.held.shift();
    if (first === undefined) throw new Error('nothing was asked');
    first(reply);
  }
}

const value = (json: string | undefined): LibraryReply => ({ status: 'values', values: [json] });
const refusal: Failure = { type: 'lattice-mismatch', detail: 'k holds a counter.', key: 'k' };

export interface HostMaker {
  readonly makeHost: () => FunctionHost;
  /** The definition of a function of this source; `limits` are the definition's. */
  readonly define: (
    source: string,
    limits?: { readonly timeoutMs?: number; readonly memoryMb?: number; readonly name?: string },
  ) => FunctionDefinition;
}

interface Suite {
  readonly define: HostMaker['define'];
  readonly openStage: () => HostStage;
}

export function describeFunctionHostContract(name: string, maker: HostMaker): void {
  describe(`FunctionHost: ${name}`, () => {
    const stages: HostStage[] = [];
    const openStage = (): HostStage => {
      const stage = new HostStage(maker.makeHost());
      stages.push(stage);
      return stage;
    };
    afterEach(() => {
      for (const { host } of stages.splice(0)) host.close();
    });
    const suite: Suite = { define: maker.define, openStage };
    describe('results and arguments', () => {
      describeResults(suite);
    });
    describe('asking for keys', () => {
      describeRequests(suite);
    });
    describe('errors', () => {
      describeErrors(suite);
    });
    describe('many calls', () => {
      describeManyCalls(suite);
    });
    describe('log', () => {
      describeLog(suite);
    });
    describe('time', () => {
      describeTime(suite);
    });
  });
}

function describeResults({ define, openStage }: Suite): void {
  test.each([
    ['export default (x) => x * x', ['7'], 49],
    ['export default async (x) => x * x', ['7'], 49],
    ['export default (x) => ({ then: (resolve) => resolve(x) })', ['7'], 7],
    ['export default (a, b = 5) => a + b', ['1'], 6],
    ['export default (a, b = 5) => a + b', ['1', '2'], 3],
    ['export default (a = 1, b = 2) => [a, b]', [undefined, '7'], [1, 7]],
    ['export default (a) => a === null', ['null'], true],
    ['export default (a) => String(a)', [undefined], 'undefined'],
    [
      'export default (a) => ({ ...a, b: undefined, d: new Date(0) })',
      ['{"c":[1]}'],
      { c: [1], d: '1970-01-01T00:00:00.000Z' },
    ],
    [
      'export default (a) => Object.keys(a)',
      ['{"__proto__":1,"constructor":2}'],
      ['__proto__', 'constructor'],
    ],
    ['export default (a, cloud, b) => [a, typeof cloud.get, b]', ['1', '2'], [1, 'function', 2]],
    ['export default (cloud) => cloud.id', [], 'call-1'],
    [
      'export default (text) => text',
      [JSON.stringify('\u2028 \ud800 \0 é 😀')],
      '\u2028 \ud800 \0 é 😀',
    ],
  ])('%s of %j', async (source, given, expected) => {
    expect(await openStage().result(define(source), { arguments: given })).toEqual(expected);
  });

  test('nothing returned is no value; null is one', async () => {
    const stage = openStage();
    expect(await stage.run(define('export default () => {}'))).toEqual({
      status: 'returned',
      value: undefined,
    });
    expect(await stage.run(define('export default async () => null'))).toEqual({
      status: 'returned',
      value: 'null',
    });
  });

  test('bytes are bytes inside and base64 outside, at every length', async () => {
    const stage = openStage();
    const echo = define(
      'export default (bytes) => ({ length: bytes.length, kind: bytes.constructor.name, same: bytes, buffer: [bytes.buffer] })',
    );
    for (const length of [0, 1, 2, 3, 4, 255, 6_143, 6_144, 6_145, 20_000]) {
      const $bytes = Buffer.from(Array.from({ length }, (_, index) => (index * 7) % 256)).toString(
        'base64',
      );
      expect(await stage.result(echo, { arguments: [JSON.stringify({ $bytes })] })).toEqual({
        length,
        kind: 'Uint8Array',
        same: { $bytes },
        buffer: [{ $bytes }],
      });
    }
  });

  test('what only looks like bytes stays what it is', async () => {
    const texts = ['{"$bytes":"é"}', '{"$bytes":5}', '{"$bytes":"AA==","b":1}', '{"$bytes":"A"}'];
    const stage = openStage();
    const kindOf = define('export default (x) => x.constructor.name');
    for (const text of texts)
      expect(await stage.result(kindOf, { arguments: [text] })).toBe('Object');
  });

  test.each([
    ['({ a: [1, { b: NaN }] })', 'The result at .a[1].b is NaN'],
    ['-1 / 0', 'The result is -Infinity'],
    ['() => 1', 'The result is a function'],
    ['[Symbol("s")]', 'The result at [0] is a symbol'],
    ['10n', 'The result is a BigInt'],
    ['new Map([[1, 2]])', 'is a Map'],
    ['[new Set()]', 'is a Set'],
    ['[Promise.resolve(1)]', 'is a promise: await it'],
    ['new Float64Array(2)', 'is a Float64Array'],
    ['({ e: new Error("x") })', 'The result at .e is an Error'],
    ['({ toJSON: () => ({ x: NaN }) })', 'What toJSON gives at .x is NaN'],
    ['(() => { const a = {}; a.a = [a]; return a })()', 'refers to itself'],
    [
      '(() => { let a = 1; for (let i = 0; i < 600; i++) a = [a]; return a })()',
      'nested more than 500',
    ],
  ])('%s cannot leave, and the error says why', async (expression, words) => {
    const stage = openStage();
    for (const source of [
      `export default () => ${expression}`,
      `export default async () => ${expression}`,
    ]) {
      const failure = await stage.failure(define(source));
      expect(failure).toMatchObject({ type: 'function-failed', error: { name: 'TypeError' } });
      expect(failure.detail).toContain(words);
    }
  });

  test.each([
    '"x".repeat(17 * 2 ** 20)',
    'Array(3e6).fill("abcd")',
    'new Uint8Array(13 * 2 ** 20)',
  ])('%s is too large', async (expression) => {
    const definition = define(`export default () => ${expression}`, {
      memoryMb: 256,
      timeoutMs: 10_000,
    });
    expect(await openStage().failure(definition)).toMatchObject({ type: 'value-too-large' });
  });
}

function describeRequests({ define, openStage }: Suite): void {
  test('a hit is answered without leaving the turn', () => {
    const stage = openStage();
    const outcome = stage.runNow(define('export default async (k, cloud) => await cloud.get(k)'), {
      arguments: ['"key"'],
      answer: (_request, reply) => {
        reply(value('{"a":1}'));
      },
    });
    expect(outcome).toEqual({ status: 'returned', value: '{"a":1}' });
    expect(stage.requests).toEqual([{ operation: 'get', keys: ['key'] }]);
  });

  test('a miss is answered later', async () => {
    const stage = openStage();
    const replies = new HeldReplies();
    const outcome = stage.run(define('export default async (k, cloud) => [await cloud.get(k)]'), {
      arguments: ['"key"'],
      answer: replies.answer,
    });
    expect(stage.outcomes.size).toBe(0);
    replies.next(value('5'));
    expect(await outcome).toEqual({ status: 'returned', value: '[5]' });
  });

  test('absent is undefined, one key or several, at once or later', async () => {
    const stage = openStage();
    const source = `export default async (cloud) => [
      await cloud.get('a') === undefined, await cloud.get(['a']), await cloud.get(['a', 'b']),
      await cloud.get([]), await cloud.siblings('a')]`;
    const answers: readonly LibraryReply[] = [
      value(undefined),
      value(undefined),
      { status: 'values', values: ['1', undefined] },
      { status: 'values', values: [] },
      { status: 'values', values: [] },
    ];
    const expected = [true, [null], [1, null], [], []];
    const direct = [...answers];
    const answer: Answer = (_request, reply) => {
      reply(direct.shift() ?? { status: 'done' });
    };
    expect(await stage.result(define(source), { answer })).toEqual(expected);
    const replies = new HeldReplies();
    const later = stage.result(define(source), { answer: replies.answer });
    for (const reply of answers) replies.next(reply);
    expect(await later).toEqual(expected);
  });

  test('every operation, as roles see it', async () => {
    const stage = openStage();
    const source = `export default async (cloud) => {
      const { lattice, put, merge } = cloud;
      const answers = [
        await cloud.get(['a', '__proto__']), await cloud.siblings('a'), await put('a', { x: new Uint8Array([1]) }),
        await cloud.delete('a'), await merge('n', lattice.counter(-2)), await merge('s', lattice.set([1, 'x', null])),
        await merge('m', lattice.map({ ['__proto__']: 1, b: [2] })), await merge('x', lattice.max(1.5)),
        await cloud.flush(), await cloud.send('other', { hi: 1 }), await cloud.recv(),
        await cloud.recv({ timeoutMs: 50 })];
      return answers.map((answer) => answer === undefined ? 'nothing' : answer);
    }`;
    const result = await stage.result(define(source), {
      answer: (request, reply) => {
        if (request.operation === 'get') reply({ status: 'values', values: ['1', '2'] });
        else if (request.operation === 'siblings') reply({ status: 'values', values: ['1', '2'] });
        else if (request.operation !== 'receive') reply({ status: 'done' });
        else if (request.timeoutMs === undefined)
          reply({ status: 'message', from: 'x', message: '[1]' });
        else reply({ status: 'none' });
      },
    });
    expect(result).toEqual([
      [1, 2],
      [1, 2],
      ...Array.from({ length: 8 }, () => 'nothing'),
      { from: 'x', message: [1] },
      'nothing',
    ]);
    expect(stage.requests).toEqual([
      { operation: 'get', keys: ['a', '__proto__'] },
      { operation: 'siblings', key: 'a' },
      { operation: 'put', key: 'a', value: '{"x":{"$bytes":"AQ=="}}' },
      { operation: 'delete', key: 'a' },
      { operation: 'merge', key: 'n', operand: { kind: 'counter', add: -2 } },
      { operation: 'merge', key: 's', operand: { kind: 'set', elements: ['1', '"x"', 'null'] } },
      {
        operation: 'merge',
        key: 'm',
        operand: {
          kind: 'map',
          fields: [
            ['__proto__', '1'],
            ['b', '[2]'],
          ],
        },
      },
      { operation: 'merge', key: 'x', operand: { kind: 'max', max: 1.5 } },
      { operation: 'flush' },
      { operation: 'send', to: 'other', message: '{"hi":1}' },
      { operation: 'receive', timeoutMs: undefined },
      { operation: 'receive', timeoutMs: 50 },
    ]);
  });

  test.each([
    [
      'cloud.get("")',
      'cloud.get: a key is a non-empty string of at most 1024 characters; this is one of 0 characters',
    ],
    ['cloud.get("k".repeat(1025))', 'this is one of 1025 characters'],
    ['cloud.get(5)', 'this is number'],
    ['cloud.put("\\ud800", 1)', 'this is one with half of a surrogate pair'],
    ['cloud.get(["a", null])', 'a key is a non-empty string'],
    ['cloud.get(Array(10001).fill("k"))', 'these are 10001 keys; at most 10000 in one call'],
    ['cloud.siblings()', 'cloud.siblings: a key'],
    ['cloud.put("k", undefined)', 'cloud.put: the value is undefined; use null'],
    ['cloud.put("k", { f() {} })', 'cloud.put: the value at .f is a function'],
    ['cloud.delete({})', 'cloud.delete: a key'],
    ['cloud.merge("k", 5)', 'made by cloud.lattice'],
    ['cloud.lattice.counter("1")', 'cloud.lattice.counter takes a finite number'],
    ['cloud.lattice.counter(1e300)', 'cloud.lattice.counter takes a number of at most'],
    ['cloud.lattice.max(NaN)', 'cloud.lattice.max takes a finite number'],
    ['cloud.lattice.set("ab")', 'takes an array'],
    ['cloud.lattice.set([undefined])', 'Element 0 of the set is undefined'],
    ['cloud.lattice.map([1])', 'takes an object'],
    ['cloud.lattice.map({ a: NaN })', 'Field a of the map is NaN'],
    ['cloud.put("k", cloud.lattice.counter(1))', 'the value is made by cloud.lattice'],
    ['cloud.lattice.map({ a: cloud.lattice.counter(1) })', 'join it into a key with cloud.merge'],
    ['cloud.send("", 1)', 'cloud.send: the first argument'],
    ['cloud.recv({ timeoutMs: -1 })', 'cloud.recv: timeoutMs'],
  ])('%s throws where it stands', async (expression, words) => {
    const stage = openStage();
    const failure = await stage.failure(define(`export default (cloud) => {\n  ${expression}\n}`));
    expect(failure).toMatchObject({
      type: 'function-failed',
      error: { name: 'TypeError', line: 2 },
    });
    expect(failure.detail).toContain(words);
    expect(stage.requests).toEqual([]);
  });

  test.each(['at once', 'later'])('a refusal %s is an error with a code', async (when) => {
    const stage = openStage();
    const replies = new HeldReplies();
    const answer: Answer =
      when === 'at once'
        ? (_request, reply) => {
            reply({ status: 'refused', failure: refusal });
          }
        : replies.answer;
    const caught = stage.result(
      define(
        'export default async (cloud) => { try { await cloud.delete("k") } catch (e) { return [e.code, e.message, e instanceof Error] } }',
      ),
      { answer },
    );
    if (when === 'later') replies.next({ status: 'refused', failure: refusal });
    expect(await caught).toEqual(['lattice-mismatch', 'k holds a counter.', true]);
    const uncaught = stage.failure(
      define('export default async (cloud) => {\n  await cloud.delete("k")\n}'),
      { answer },
    );
    if (when === 'later') replies.next({ status: 'refused', failure: refusal });
    expect(await uncaught).toMatchObject({
      ...refusal,
      error: { message: 'k holds a counter.', line: 2 },
    });
  });

  test('a refusal that nobody awaits fails the call', async () => {
    const definition = define('export default (cloud) => { cloud.delete("k"); return 1 }');
    const answer: Answer = (_request, reply) => {
      reply({ status: 'refused', failure: refusal });
    };
    expect(await openStage().failure(definition, { answer })).toMatchObject(refusal);
  });

  test('a call that has returned hears nothing more', async () => {
    const stage = openStage();
    const replies = new HeldReplies();
    const definition = define(
      'export default (cloud) => { cloud.get("k").then(() => cloud.get("late")); return 1 }',
    );
    expect(await stage.result(definition, { answer: replies.answer })).toBe(1);
    replies.next(value('5'));
    expect(stage.requests).toEqual([{ operation: 'get', keys: ['k'] }]);
  });
}

function describeErrors({ define, openStage }: Suite): void {
  test('a stack of the author’s own lines, in both languages of time', async () => {
    const stage = openStage();
    const source =
      'function inner(x) {\n  return x.y.z\n}\nexport default async function outer(x, cloud) {\n  await cloud.flush()\n  return [1].map(() => inner(x))\n}';
    const failure = await stage.failure(define(source, { name: 'broken' }), { arguments: ['{}'] });
    expect(failure).toMatchObject({ type: 'function-failed', function: 'broken' });
    expect(failure.error).toMatchObject({ name: 'TypeError', line: 2, column: 14 });
    expect(failure.error?.stack.split('\n')).toEqual([
      "TypeError: Cannot read properties of undefined (reading 'z')",
      '    at inner (broken.js:2:14)',
      '    at broken.js:6:24',
      '    at outer (broken.js:6:14)',
    ]);
  });

  test.each([
    ['throw "text"', { name: 'Error', message: 'text was thrown, which is no Error' }],
    ['throw undefined', { message: 'undefined was thrown, which is no Error' }],
    ['throw { code: 1 }', { message: '{"code":1} was thrown, which is no Error' }],
    ['throw Object.create(null)', { message: '{} was thrown, which is no Error' }],
    ['throw Symbol("s")', { message: 'Symbol(s) was thrown, which is no Error' }],
    [
      'throw new (class Odd extends RangeError { name = "Odd" })("x")',
      { name: 'Odd', message: 'x', line: 1 },
    ],
    [
      'throw Object.defineProperty(new Error("x"), "message", { get() { throw 1 } })',
      { message: '' },
    ],
    ['throw new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 1 } })', {}],
    ['return Promise.reject(new Error("x"))', { name: 'Error', message: 'x', line: 1 }],
    [
      'const f = () => f(); f()',
      { name: 'RangeError', message: 'Maximum call stack size exceeded' },
    ],
  ])('%s', async (statement, error) => {
    const failure = await openStage().failure(define(`export default () => { ${statement} }`));
    expect(failure).toMatchObject({ type: 'function-failed', error });
  });

  test('a module that fails to load fails the call, and the next one alike', async () => {
    const stage = openStage();
    const definition = define('\nnull.x; export default () => 1');
    for (let round = 0; round < 2; round += 1) {
      expect(await stage.failure(definition)).toMatchObject({
        type: 'function-failed',
        error: { name: 'TypeError', line: 2, column: 6 },
      });
    }
    expect(stage.host.pinnedFunctions()).toEqual([]);
  });

  test('a promise that is rejected and dropped fails the call', async () => {
    const definition = define(
      'export default () => { Promise.reject(new Error("dropped")); return 1 }',
    );
    expect(await openStage().failure(definition)).toMatchObject({
      type: 'function-failed',
      error: { message: 'dropped', line: 1 },
    });
  });
}

function describeManyCalls({ define, openStage }: Suite): void {
  test('calls of one function take turns at await and keep apart', async () => {
    const stage = openStage();
    const definition = define(
      'export default async (n, cloud) => [n, cloud.id, await cloud.get("k" + n)]',
    );
    const held = new Map<string, (reply: LibraryReply) => void>();
    const results = ['a', 'b', 'c'].map((id, index) =>
      stage.result(definition, {
        id,
        arguments: [String(index)],
        answer: (_request, reply) => held.set(id, reply),
      }),
    );
    for (const id of ['c', 'a', 'b']) held.get(id)?.(value(`"for ${id}"`));
    expect(await Promise.all(results)).toEqual([
      [0, 'a', 'for a'],
      [1, 'b', 'for b'],
      [2, 'c', 'for c'],
    ]);
    expect([...stage.outcomes.keys()]).toEqual(['c', 'a', 'b']);
  });

  test('a call may be started from inside another’s request and from its end', async () => {
    const stage = openStage();
    const inner = define('export default () => 1');
    const finished: Promise<unknown>[] = [];
    const outer = define('export default async (cloud) => { await cloud.flush(); return 2 }');
    await stage.run(outer, {
      id: 'outer',
      answer: (_request, reply) => {
        finished.push(stage.run(inner, { id: 'inner' }));
        expect(stage.outcomes.size).toBe(0);
        reply({ status: 'done' });
      },
    });
    await Promise.all(finished);
    expect([...stage.outcomes.keys()]).toEqual(['outer', 'inner']);
  });

  test('a cancelled call is silent', async () => {
    const stage = openStage();
    const replies = new HeldReplies();
    const definition = define(
      'export default async (cloud) => { await cloud.get("k"); await cloud.get("late") }',
    );
    void stage.run(definition, { id: 'gone', answer: replies.answer });
    stage.host.cancel('gone');
    stage.host.cancel('never started');
    replies.next(value('1'));
    expect(await stage.result(define('export default () => 1'))).toBe(1);
    expect(stage.requests).toHaveLength(1);
    expect(stage.outcomes.has('gone')).toBe(false);
  });

  test('a call cancelled while it asks is silent too', async () => {
    const stage = openStage();
    void stage.run(
      define('export default async (cloud) => { await cloud.get("k"); await cloud.get("late") }'),
      {
        id: 'gone',
        answer: (_request, reply) => {
          stage.host.cancel('gone');
          reply(value('1'));
        },
      },
    );
    expect(await stage.result(define('export default () => 1'))).toBe(1);
    expect(stage.requests).toHaveLength(1);
    expect(stage.outcomes.has('gone')).toBe(false);
  });

  test('a bug of a role reaches the caller, not the function', async () => {
    const stage = openStage();
    const definition = define(
      'export default async (cloud) => { try { await cloud.flush() } catch (e) { return [e.message, e.stack.includes("/")] } }',
    );
    const outcomes: Outcome[] = [];
    const start = (): void => {
      stage.host.start(
        { id: 'unlucky', definition, arguments: [] },
        {
          request: () => {
            throw new Error('a bug in /some/file');
          },
          log: () => {},
          finished: (outcome) => {
            outcomes.push(outcome);
          },
        },
      );
    };
    expect(start).toThrow('a bug in /some/file');
    expect(outcomes).toEqual([{ status: 'returned', value: '["Stormglass failed.",false]' }]);
    expect(await stage.result(define('export default () => 1'))).toBe(1);
  });

  test('warm functions are pinned by name, the newest version only', async () => {
    const stage = openStage();
    await stage.run(define('export default () => 1', { name: 'one' }));
    await stage.run(define('export default () => 2', { name: 'two' }));
    expect(await stage.result(define('export default () => 3', { name: 'one' }))).toBe(3);
    expect([...stage.host.pinnedFunctions()].toSorted()).toEqual(['one', 'two']);
  });
}

function describeLog({ define, openStage }: Suite): void {
  test('console and cloud.log', async () => {
    const stage = openStage();
    await stage.run(
      define(`export default async (cloud) => {
        console.log('a', 1, null, undefined, { b: [1] }); console.info(10n); console.warn(new RangeError('x'))
        console.error(Symbol('s')); console.debug(() => 1); await cloud.flush(); cloud.log('late', true)
        const loop = {}; loop.loop = loop; console.log(loop)
      }`),
    );
    expect(stage.logs).toEqual([
      'info: a 1 null undefined {"b":[1]}',
      'info: 10',
      'warn: RangeError: x',
      'error: Symbol(s)',
      'debug: [function]',
      'info: late true',
      'info: [object Object]',
    ]);
  });

  test('lines are cut, and there are not too many', async () => {
    const stage = openStage();
    await stage.run(
      define(
        'export default () => { for (let i = 0; i < 5000; i++) console.log("x".repeat(9000)) }',
      ),
    );
    expect(stage.logs).toHaveLength(1_001);
    expect(stage.logs[0]).toHaveLength('info: '.length + 4_001);
    expect(stage.logs.at(-1)).toContain('first 1000 log lines');
  });
}

function describeTime({ define, openStage }: Suite): void {
  const limits = { timeoutMs: 200 };

  test.each([
    ['a loop', 'export default () => { for (;;); }'],
    ['a loop of built-ins', 'export default () => { for (;;) new Array(1000).fill(0) }'],
    ['an await loop', 'export default async () => { for (;;) await 1 }'],
    ['a loop of hits', 'export default async (cloud) => { for (;;) await cloud.get("k") }'],
    ['a promise that never settles', 'export default () => new Promise(() => {})'],
    ['a loop in the module', 'for (;;); export default () => 1'],
    ['a loop in a getter of the result', 'export default () => ({ get x() { for (;;); } })'],
    ['a loop in toJSON', 'export default async () => ({ toJSON() { for (;;); } })'],
    [
      'a loop in a thrown error',
      'export default () => { throw Object.defineProperty(new Error(), "message", { get() { for (;;); } }) }',
    ],
  ])('%s ends as timeout, and the function can run again', async (_name, source) => {
    const stage = openStage();
    const definition = define(source, limits);
    const failure = await stage.failure(definition, { id: 'first' });
    expect(failure).toMatchObject({ type: 'timeout', function: definition.name });
    expect(await stage.result(define('export default () => 1'))).toBe(1);
  });

  test.each([
    ['a loop', 'export default () => { for (;;); }'],
    ['a loop in the module', 'for (;;); export default () => 1'],
    ['a promise that never settles', 'export default () => new Promise(() => {})'],
  ])('%s ends when nobody waits for it any longer', async (_name, source) => {
    const stage = openStage();
    const startedMs = performance.now();
    const definition = define(source, { timeoutMs: 15_000 });
    expect(await stage.failure(definition, { leftMs: 100 })).toMatchObject({ type: 'timeout' });
    expect(performance.now() - startedMs).toBeLessThan(10_000);
  });

  test('a request that is not answered in time', async () => {
    const stage = openStage();
    const replies = new HeldReplies();
    const definition = define('export default async (cloud) => await cloud.recv()', limits);
    expect(await stage.failure(definition, { answer: replies.answer })).toMatchObject({
      type: 'timeout',
    });
    replies.next({ status: 'none' });
    expect(stage.outcomes.size).toBe(1);
  });

  test('other calls of a function that is ended are told to run again', async () => {
    const stage = openStage();
    const replies = new HeldReplies();
    const definition = define(
      'export default async (spin, cloud) => { if (spin) for (;;); return await cloud.get("k") }',
      limits,
    );
    const waiting = stage.failure(definition, { arguments: ['false'], answer: replies.answer });
    expect(await stage.failure(definition, { arguments: ['true'] })).toMatchObject({
      type: 'timeout',
    });
    expect(await waiting).toMatchObject({ type: 'unavailable' });
    replies.next(value('1'));
    expect(
      await stage.result(definition, {
        arguments: ['false'],
        answer: (_request, reply) => {
          reply(value('2'));
        },
      }),
    ).toBe(2);
  });
}
