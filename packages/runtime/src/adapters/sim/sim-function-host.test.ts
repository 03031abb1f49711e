// The scripted function host: one call, step by step.
import type { FunctionDefinition } from '@stormglass/core';
import { describe, expect, test } from 'vitest';
import type {
  CallListener,
  LibraryReply,
  LibraryRequest,
  Outcome,
} from '../../ports/function-host.ts';
import { EventQueue } from './event-queue.ts';
import { get, put, work, type Script } from './script.ts';
import { seededRandom } from './seeded-random.ts';
import { SimFunctionHost } from './sim-function-host.ts';
import { SimLife } from './sim-life.ts';

const definitionOf = (name: string): FunctionDefinition => ({
  name,
  version: 1,
  language: 'javascript',
  source: '',
  javascript: '',
  parameters: [{ name: 'x', required: true }],
  cloudPosition: 1,
  timeoutMs: 1_000,
  memoryMb: 16,
});

function hostOf(script: Script) {
  const queue = new EventQueue();
  const life = new SimLife('w1');
  const host = new SimFunctionHost({
    queue,
    random: seededRandom('host'),
    life,
    scripts: new Map([['f', script]]),
    startUs: { min: 0, max: 0 },
    observe: { called: () => undefined, replied: () => undefined },
  });
  const outcomes: Outcome[] = [];
  const requests: LibraryRequest[] = [];
  const waiting: ((reply: LibraryReply) => void)[] = [];
  const start = (answer?: (request: LibraryRequest) => LibraryReply): void => {
    const listener: CallListener = {
      request: (request, reply) => {
        requests.push(request);
        if (answer === undefined) waiting.push(reply);
        else reply(answer(request));
      },
      log: () => undefined,
      finished: (outcome) => outcomes.push(outcome),
    };
    host.start({ id: 'c1', definition: definitionOf('f'), arguments: ['20'] }, listener);
  };
  const runAll = (): void => {
    while (queue.runNext());
  };
  return { queue, life, host, outcomes, requests, waiting, start, runAll };
}

const values = (...found: string[]): LibraryReply => ({ status: 'values', values: found });

describe('scripted function host', () => {
  test('replies that come at once run the call to its end inside start', () => {
    const run = hostOf(function* (x) {
      const y = yield* get('k');
      yield* put('k', { sum: Number(x) + Number(y) });
      return Number(x) + Number(y);
    });
    run.start((request) => (request.operation === 'get' ? values('22') : { status: 'done' }));
    expect(run.outcomes).toEqual([{ status: 'returned', value: '42' }]);
    expect(run.requests).toEqual([
      { operation: 'get', keys: ['k'] },
      { operation: 'put', key: 'k', value: '{"sum":42}' },
    ]);
    expect(run.host.pinnedFunctions()).toEqual(['f']);
  });

  test('many immediate replies do not deepen the stack', () => {
    const run = hostOf(function* () {
      for (let count = 0; count < 100_000; count += 1) yield* get('k');
      return 'done';
    });
    run.start(() => values('1'));
    expect(run.outcomes).toEqual([{ status: 'returned', value: '"done"' }]);
  });

  test('a call waits for a late reply and for its own work', () => {
    const run = hostOf(function* () {
      const found = yield* get('k');
      yield* work(250);
      return found;
    });
    run.start();
    run.waiting[0]?.(values('"late"'));
    expect(run.outcomes).toEqual([]);
    run.runAll();
    expect(run.outcomes).toEqual([{ status: 'returned', value: '"late"' }]);
    expect(run.queue.nowUs).toBe(250_000);
  });

  test('a refusal is thrown inside the function, which may catch it', () => {
    const refuse: LibraryReply = {
      status: 'refused',
      failure: { type: 'lattice-mismatch', detail: 'k holds a counter' },
    };
    const catching = hostOf(function* () {
      try {
        yield* put('k', 1);
      } catch (error) {
        return error instanceof Error && 'code' in error ? error.code : undefined;
      }
      return 'not refused';
    });
    catching.start(() => refuse);
    expect(catching.outcomes).toEqual([{ status: 'returned', value: '"lattice-mismatch"' }]);
    const failing = hostOf(function* () {
      yield* put('k', 1);
    });
    failing.start(() => refuse);
    expect(failing.outcomes).toMatchObject([
      { status: 'failed', failure: { type: 'lattice-mismatch', function: 'f' } },
    ]);
  });

  test('a call that runs too long ends with timeout', () => {
    const run = hostOf(function* () {
      yield* work(5_000);
    });
    run.start();
    run.runAll();
    expect(run.outcomes).toMatchObject([{ status: 'failed', failure: { type: 'timeout' } }]);
    expect(run.queue.nowUs).toBeLessThan(5_000_001);
  });

  test('a cancelled call and a crashed worker are never heard of again', () => {
    const script: Script = function* () {
      yield* work(10);
      return 1;
    };
    const cancelled = hostOf(script);
    cancelled.start();
    cancelled.host.cancel('c1');
    const crashed = hostOf(script);
    crashed.start();
    crashed.life.end();
    for (const run of [cancelled, crashed]) {
      run.runAll();
      expect(run.outcomes).toEqual([]);
    }
  });
});
