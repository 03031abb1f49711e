/**
 * Code that tries to get out, to get at other calls, or to take more than its share (correctness.md
 * section 9).
 */
import { isDeepStrictEqual } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { HeldReplies, HostStage } from '../../../testkit/describe-function-host-contract.ts';
import type { StageCall } from '../../../testkit/describe-function-host-contract.ts';
import { createIsolateHost } from './isolate-host.ts';
import { defineFunction } from './testkit/define-function.ts';

const stages: HostStage[] = [];
const openStage = (): HostStage => {
  const stage = new HostStage(createIsolateHost({ executor: 'w1/e1' }));
  stages.push(stage);
  return stage;
};
const prototypePrint = (): unknown =>
  [Object.prototype, Array.prototype, Function.prototype, Promise.prototype, Error.prototype].map(
    (prototype) => Reflect.ownKeys(prototype).length,
  );
const printBefore = prototypePrint();

afterEach(() => {
  for (const { host } of stages.splice(0)) host.close();
  if (!isDeepStrictEqual(prototypePrint(), printBefore)) throw new Error('a prototype has changed');
});

/** What stands for the host: a function that reaches one of these got out. */
const hostNames =
  '["process", "require", "module", "global", "Buffer", "fetch", "setTimeout", "setImmediate", "queueMicrotask", "structuredClone", "performance", "crypto", "WebSocket", "Worker", "MessageChannel", "WebAssembly", "SharedArrayBuffer", "Atomics", "FinalizationRegistry", "WeakRef", "ShadowRealm", "gc", "_ivm"]';
const reach = `
  const names = ${hostNames}
  const reach = (start) => {
    const found = new Set(), seen = new Set()
    const visit = (value, depth) => {
      if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value) || depth > 12) return
      seen.add(value)
      let global
      try { global = value.constructor.constructor('return globalThis')() } catch {}
      if (global !== undefined && global !== globalThis) found.add('another global')
      for (const name of names) try { if (global !== undefined && name in global) found.add(name) } catch {}
      for (const key of Reflect.ownKeys(value)) {
        let descriptor
        try { descriptor = Reflect.getOwnPropertyDescriptor(value, key) } catch { continue }
        visit(descriptor?.value, depth + 1)
        visit(descriptor?.get, depth + 1)
        visit(descriptor?.set, depth + 1)
        try { visit(value[key], depth + 1) } catch {}
      }
      visit(Reflect.getPrototypeOf(value), depth + 1)
    }
    visit(start, 0)
    return [...found]
  }
`;

async function probe(body: string, call: StageCall = {}): Promise<unknown> {
  const definition = defineFunction(`${reach}\nexport default async (given, cloud) => { ${body} }`);
  return await openStage().result(definition, {
    arguments: ['{"a":[1,{"$bytes":"AAAA"}]}'],
    ...call,
  });
}

describe('no way to the host', () => {
  test.each([
    ['the global', 'reach(globalThis)'],
    ['arguments', 'reach(given)'],
    ['cloud', 'reach(cloud)'],
    ['this', 'reach((function () { return this })())'],
    ['console', 'reach(console)'],
    ['a value read', 'reach(await cloud.get("k"))'],
    ['values read', 'reach(await cloud.get(["a", "b"]))'],
    ['a promise', 'reach(cloud.get("k"))'],
    ['an operand', 'reach(cloud.lattice.counter(1))'],
    [
      'an error thrown by an argument check',
      '(() => { try { cloud.get("") } catch (e) { return reach(e) } })()',
    ],
    ['an error of the engine', '(() => { try { null.x } catch (e) { return reach(e) } })()'],
    [
      'a stack overflow',
      '(() => { const f = () => f(); try { f() } catch (e) { return reach(e) } })()',
    ],
    [
      'frames of the stack',
      `(() => {
        const seen = []
        Error.prepareStackTrace = (_, frames) => {
          for (const frame of frames) {
            seen.push(frame, frame.getThis(), frame.getFunction(), frame.getEvalOrigin())
          }
          return ''
        }
        console.log({ get x() { void new Error().stack; return 1 } })
        try { cloud.put('k', { toJSON() { void new Error().stack } }) } catch {}
        void new Error().stack
        return reach(seen.filter((value) => value !== globalThis))
      })()`,
    ],
    [
      'a function’s caller',
      `(() => {
        const seen = []
        const spy = new Function('seen', 'seen.push(arguments.callee.caller, (function f() { return f.caller })())')
        try { cloud.put('k', { toJSON() { spy(seen) } }) } catch {}
        return reach(seen)
      })()`,
    ],
  ])('%s', async (_name, expression) => {
    const result = await probe(`return await (${expression})`, {
      answer: (request, reply) => {
        const keys = request.operation === 'get' ? request.keys : [];
        reply(
          request.operation === 'get'
            ? { status: 'values', values: keys.map(() => '{"a":[1]}') }
            : { status: 'done' },
        );
      },
    });
    expect(result).toEqual([]);
  });

  test('an error of a refusal, and its stack shows no file of the host', async () => {
    const result = await probe(
      'try { await cloud.flush() } catch (e) { return [reach(e), e.stack.includes("file:") || e.stack.includes("node:")] }',
      {
        answer: (_request, reply) => {
          reply({ status: 'refused', failure: { type: 'unavailable', detail: 'no' } });
        },
      },
    );
    expect(result).toEqual([[], false]);
  });

  test.each([
    'import("node:fs")',
    'import("fs")',
    'import("node:node:fs")',
    'import("data:text/javascript,export default 1")',
    'import("file:///etc/passwd")',
    'import("./entries.ts")',
    'import("stormglass:entries.ts")',
  ])('%s', async (expression) => {
    const text = JSON.stringify(expression);
    const result = await probe(
      `const seen = []
      const AsyncFunction = (async () => {}).constructor
      const text = 'return ' + ${text}
      for (const run of [() => eval(${text}), () => new Function(text)(), () => AsyncFunction(text)()]) {
        try { seen.push(typeof await run()) } catch (e) { seen.push('refused') }
      }
      return seen`,
    );
    expect(result).toEqual(['refused', 'refused', 'refused']);
  });
});

describe('stack overflow inside a call to the host', () => {
  test('the host always has stack left', async () => {
    const depths: number[] = [];
    const depthLeft = (): number => {
      let depth = 0;
      const dive = (): void => {
        depth += 1;
        dive();
      };
      try {
        dive();
      } catch {
        // The end of the stack.
      }
      return depth;
    };
    const definition = defineFunction(
      'export default (cloud) => { let n = 0; const f = () => { n += 1; if (n % 50 === 0) cloud.get("k"); f() }; try { f() } catch (e) { return [n > 500, e.name] } }',
      { timeoutMs: 20_000 },
    );
    const result = await openStage().result(definition, {
      answer: (_request, reply) => {
        depths.push(depthLeft());
        reply({ status: 'done' });
      },
    });
    expect(result).toEqual([true, 'RangeError']);
    expect(depths.length).toBeGreaterThan(10);
    expect(Math.min(...depths)).toBeGreaterThan(1_000);
  });

  test('deep recursion in what the bridge reads', async () => {
    const stage = openStage();
    const sources = [
      'export default () => { const f = () => ({ get x() { return f() } }); return f() }',
      'export default () => { const f = () => { throw { toJSON: f } }; f() }',
      'export default () => { console.log({ toJSON() { return console.log(this) } }) }',
    ];
    for (const source of sources) {
      const outcome = await stage.run(defineFunction(source));
      expect(['failed', 'returned']).toContain(outcome.status);
    }
    expect(await stage.result(defineFunction('export default () => 1'))).toBe(1);
  });
});

describe('a function that patches its world', () => {
  /** Everything that code in the same realm can replace, each with a spy that also breaks it. */
  const vandal = `
    const spied = globalThis.spied ??= []
    const { defineProperty, getOwnPropertyDescriptor } = Object, { ownKeys } = Reflect
    const text = String
    const push = (value) => {
      defineProperty(spied, spied.length, { __proto__: null, value: text(value) })
    }
    const spy = (target, key) => {
      const descriptor = getOwnPropertyDescriptor(target, key)
      if (!descriptor?.configurable) return
      const value = function () { push(key); throw 'vandal ' + text(key) }
      const isMethod = typeof descriptor.value === 'function'
      const half = isMethod ? { __proto__: null, value } : { __proto__: null, get: value }
      half.configurable = true
      defineProperty(target, key, half)
    }
    export default async (n, cloud) => {
      if (n > 0) return [
        await cloud.get('k'),
        await cloud.get(['a', 'b']),
        await cloud.put('k', { bytes: new Uint8Array(1), n }),
      ]
      const prototypes = [
        Object, Function, Array, String, Number, Promise, Map, Set,
        WeakMap, Error, TypeError, Uint8Array, ArrayBuffer, Symbol,
      ].map((constructor) => constructor.prototype)
      prototypes[prototypes.length] = Object.getPrototypeOf(Uint8Array.prototype)
      prototypes[prototypes.length] = Object.getPrototypeOf([][Symbol.iterator]())
      const statics = [Object, Reflect, JSON, Array, Number, String, Promise, Uint8Array, Symbol, Math]
      const targets = [...prototypes, ...statics]
      for (let i = 0; i < targets.length; i += 1) {
        const keys = ownKeys(targets[i])
        for (let j = 0; j < keys.length; j += 1) if (keys[j] !== 'constructor') spy(targets[i], keys[j])
      }
      const trap = (prototype, keys) => {
        for (let i = 0; i < keys.length; i += 1)
          defineProperty(prototype, keys[i], {
            __proto__: null,
            configurable: true,
            set() { push('set ' + keys[i]) },
          })
      }
      const indices = ['0', '1', '2', '3']
      trap(Object.prototype, ['value', 'get', 'set', 'writable', 'then', 'toJSON', 'kind', 'resolve', 'slot', '4'])
      trap(Array.prototype, indices)
      Error.prepareStackTrace = () => { throw 'vandal' }
      globalThis.Promise = globalThis.JSON = globalThis.Object = undefined
      globalThis.Reflect = globalThis.Error = undefined
      return 'done'
    }`;

  test('cannot break or watch the bridge of other calls', async () => {
    const stage = openStage();
    const definition = defineFunction(vandal);
    const replies = new HeldReplies();
    const before = stage.result(definition, { arguments: ['1'], answer: replies.answer });
    expect(await stage.result(definition, { arguments: ['0'] })).toBe('done');
    const answers = [
      { status: 'values', values: ['{"v":1}'] },
      { status: 'values', values: ['"x"', undefined] },
      { status: 'done' },
    ] as const;
    for (const answer of answers) replies.next(answer);
    const direct = [...answers];
    const after = stage.result(definition, {
      arguments: ['2'],
      answer: (_request, reply) => {
        reply(direct.shift() ?? { status: 'none' });
      },
    });
    const expected = [{ v: 1 }, ['x', null], null];
    expect(await before).toEqual(expected);
    expect(await after).toEqual(expected);
    const puts = stage.requests.filter(({ operation }) => operation === 'put');
    expect(puts).toEqual([
      { operation: 'put', key: 'k', value: '{"bytes":{"$bytes":"AA=="},"n":1}' },
      { operation: 'put', key: 'k', value: '{"bytes":{"$bytes":"AA=="},"n":2}' },
    ]);
  });

  test('nor through the constructor of promises', async () => {
    const stage = openStage();
    const definition = defineFunction(`export default async (n) => {
      if (n === 0) Object.defineProperty(Promise.prototype, 'constructor', { get() { throw 'vandal' } })
      return n
    }`);
    for (const n of [0, 1, 2]) {
      expect(await stage.result(definition, { arguments: [String(n)] })).toBe(n);
    }
  });

  test('and sees no step of it', async () => {
    const stage = openStage();
    const source = vandal.replace(
      'if (n > 0) return',
      'if (n === 9) { const seen = spied.length; cloud.put("k", { n }); cloud.merge("s", cloud.lattice.set([n])); cloud.log(n); return spied.length - seen } if (n > 0) return',
    );
    const definition = defineFunction(source);
    expect(await stage.result(definition, { arguments: ['0'] })).toBe('done');
    expect(await stage.result(definition, { arguments: ['9'] })).toBe(0);
  });

  test('what all calls share cannot be changed', async () => {
    const result = await probe(`
      const attempts = []
      const attempt = (action) => { try { action(); attempts.push('changed') } catch (e) { attempts.push(e.name) } }
      attempt(() => { console.log = 1 })
      attempt(() => { console.extra = 1 })
      attempt(() => { console.log.extra = 1 })
      attempt(() => { globalThis.console = 1 })
      attempt(() => { delete globalThis.console })
      attempt(() => { cloud.lattice.counter = 1 })
      attempt(() => { cloud.lattice.set.extra = 1 })
      attempt(() => { cloud.lattice.counter(1).kind = 'max' })
      return attempts`);
    expect(result).toEqual(Array.from({ length: 8 }, () => 'TypeError'));
  });

  test('a call keeps to itself after its end', async () => {
    const stage = openStage();
    const definition = defineFunction(
      'export default async (n, cloud) => { if (n === 0) { globalThis.old = cloud; return } try { return await old.get("k") } catch (e) { return e.code } }',
    );
    await stage.result(definition, { arguments: ['0'] });
    expect(await stage.result(definition, { arguments: ['1'] })).toBe('cancelled');
    expect(stage.requests).toEqual([]);
  });
});

describe('keys named like parts of a prototype', () => {
  test.each([
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    'then',
    'toJSON',
  ])('%s', async (key) => {
    const stage = openStage();
    const definition = defineFunction(
      'export default async (key, cloud) => { const value = await cloud.get(key); await cloud.put(key, { ["x" + key]: 1, [key]: value, bytes: new Uint8Array(1) }); return JSON.parse(JSON.stringify({ [key]: value })) }',
      { name: /^[a-z]/iu.test(key) ? key : '__proto__' },
    );
    const result = await stage.run(definition, {
      id: key,
      arguments: [JSON.stringify(key)],
      answer: (request, reply) => {
        reply(
          request.operation === 'get'
            ? { status: 'values', values: [`{"${key}":{"${key}":1},"b":{"$bytes":"AA=="}}`] }
            : { status: 'done' },
        );
      },
    });
    expect(result).toMatchObject({ status: 'returned' });
    expect(stage.requests).toEqual([
      { operation: 'get', keys: [key] },
      {
        operation: 'put',
        key,
        value: `{"x${key}":1,"${key}":{"${key}":{"${key}":1},"b":{"$bytes":"AA=="}},"bytes":{"$bytes":"AA=="}}`,
      },
    ]);
  });
});

describe('memory', () => {
  const limits = { memoryMb: 8, timeoutMs: 5_000 };

  test.each([
    ['objects', 'const a = []; for (;;) a.push({ x: [1, 2, 3] })'],
    ['arrays', 'const a = []; for (;;) a.push(new Array(1000).fill(1.5))'],
    ['closures', 'let f = () => 1; for (;;) { const g = f; f = () => g() + 1 }'],
  ])('%s', async (_name, body) => {
    const stage = openStage();
    const definition = defineFunction(`export default () => { ${body} }`, limits);
    const replies = new HeldReplies();
    const bystander = defineFunction('export default async (cloud) => await cloud.get("k")', {
      name: 'bystander',
    });
    const other = stage.result(bystander, { answer: replies.answer });
    expect(await stage.failure(definition)).toMatchObject({
      type: 'memory-limit',
      detail: 'The function f used more than the 8 MB of memory that it may.',
    });
    replies.next({ status: 'values', values: ['"unharmed"'] });
    expect(await other).toBe('unharmed');
    expect(await stage.result(defineFunction('export default () => 1'))).toBe(1);
  });

  test.each(['"x".repeat(2 ** 28)', 'new ArrayBuffer(2 ** 31)', 'new Array(2 ** 32)'])(
    '%s is refused inside',
    async (expression) => {
      const source = `export default () => { try { ${expression} } catch (e) { return e.name } return 'lazy' }`;
      expect(['RangeError', 'lazy']).toContain(
        await openStage().result(defineFunction(source, limits)),
      );
    },
  );

  test('typed arrays, with what the engine throws caught', async () => {
    const source =
      'export default () => { const a = []; for (;;) try { a.push(new Uint8Array(1e5)) } catch { a.push({}) } }';
    const definition = defineFunction(source, { memoryMb: 8, timeoutMs: 300 });
    expect(['timeout', 'memory-limit']).toContain((await openStage().failure(definition)).type);
  });

  test('a storm of promises', async () => {
    const source =
      'export default async () => { for (;;) await Promise.all(Array.from({ length: 1000 }, async () => 1)) }';
    const failure = await openStage().failure(
      defineFunction(source, { memoryMb: 8, timeoutMs: 300 }),
    );
    expect(['timeout', 'memory-limit']).toContain(failure.type);
  });

  test('a flood of requests that are never answered', async () => {
    const source = 'export default async (cloud) => { for (;;) cloud.get("k") }';
    const replies = new HeldReplies();
    const failure = await openStage().failure(
      defineFunction(source, { memoryMb: 8, timeoutMs: 300 }),
      { answer: replies.answer },
    );
    expect(['timeout', 'memory-limit']).toContain(failure.type);
  });
});

describe('isolates come and go', () => {
  test('idle ones beyond the limit are disposed of, the longest unused first', async () => {
    const stage = new HostStage(createIsolateHost({ executor: 'w1/e1', maxIsolates: 2 }));
    stages.push(stage);
    const [a, b, c] = ['a', 'b', 'c'].map((name) =>
      defineFunction('export default () => 1', { name }),
    );
    for (const definition of [a, b, a, c]) {
      if (definition !== undefined) await stage.run(definition);
    }
    expect([...stage.host.pinnedFunctions()].toSorted()).toEqual(['a', 'c']);
  });

  test('a busy one stays', async () => {
    const stage = new HostStage(createIsolateHost({ executor: 'w1/e1', maxIsolates: 1 }));
    stages.push(stage);
    const replies = new HeldReplies();
    const busy = stage.result(
      defineFunction('export default async (cloud) => await cloud.get("k")', { name: 'busy' }),
      { answer: replies.answer },
    );
    expect(await stage.result(defineFunction('export default () => 1', { name: 'other' }))).toBe(1);
    replies.next({ status: 'values', values: ['5'] });
    expect(await busy).toBe(5);
  });
});
