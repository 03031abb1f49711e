import type { FunctionDefinition } from '@stormglass/core';
import { expect, test } from 'vitest';
import type { FunctionHost } from '../../ports/function-host.ts';
import { CallGuard, UNANNOUNCED_CALL_MS_MAX } from './call-guard.ts';

const definition: FunctionDefinition = {
  name: 'f',
  version: 1,
  language: 'javascript',
  source: '',
  javascript: '',
  parameters: [],
  timeoutMs: 1_000,
  memoryMb: 8,
};

interface Scene {
  /** Runs a call that keeps the thread for so long; what was said before it, in order. */
  readonly call: (durationMs: number, change?: Partial<FunctionDefinition>) => readonly string[];
  readonly guard: CallGuard;
  readonly world: { nowMs: number; hasMessages: boolean };
}

function newScene(): Scene {
  const world = { nowMs: 0, hasMessages: false };
  const said: string[] = [];
  const guard = new CallGuard({
    nowMs: () => world.nowMs,
    hasMessages: () => world.hasMessages,
    flush: () => said.push('flush'),
    announceSilence: (durationMs) => said.push(`silence of ${durationMs}`),
  });
  let before: readonly string[] = [];
  const host: FunctionHost = {
    start: (call, listener) => {
      before = said.splice(0);
      world.nowMs += Number(call.id);
      listener.finished({ status: 'returned', value: undefined });
    },
    cancel: () => undefined,
    pinnedFunctions: () => ['f'],
    close: () => undefined,
  };
  const guarded = guard.wrap(host);
  const listener = { request: () => undefined, log: () => undefined, finished: () => undefined };
  const call: Scene['call'] = (durationMs, change) => {
    const changed = { ...definition, ...change };
    guarded.start({ id: String(durationMs), definition: changed, arguments: [] }, listener);
    return before;
  };
  return { call, guard, world };
}

test('first calls and calls after a long one are told before they run, short ones are not', () => {
  const { call } = newScene();
  expect(call(1)).toEqual(['flush']);
  expect(call(1)).toEqual([]);
  expect(call(50)).toEqual([]);
  expect(call(1)).toEqual(['flush']);
  expect(call(1)).toEqual([]);
  expect(call(1, { version: 2 })).toEqual(['flush']);
});

test('a message that another process waits for does not wait for a short call', () => {
  const { call, world } = newScene();
  call(1);
  world.hasMessages = true;
  expect(call(1)).toEqual(['flush']);
});

test('calls that may last long announce it, each time', () => {
  const { call } = newScene();
  const timeoutMs = UNANNOUNCED_CALL_MS_MAX + 1;
  for (let round = 0; round < 2; round += 1) {
    expect(call(1, { timeoutMs })).toEqual([`silence of ${timeoutMs}`, 'flush']);
  }
});

test('a worker that has been busy for a while says so before the next call', () => {
  const { call, guard, world } = newScene();
  call(1);
  world.nowMs += 2_000;
  expect(call(1)).toEqual(['silence of 1000', 'flush']);
  expect(call(1)).toEqual([]);
  world.nowMs += 2_000;
  guard.noteHeard();
  expect(call(1)).toEqual([]);
});
