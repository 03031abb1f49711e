// What a trace tells of a call that does very much.
import type { RuntimeEvent } from '@stormglass/core';
import { expect, test } from 'vitest';
import { ACCESSES_TOLD_MAX } from '../limits.ts';
import { ToldAccesses } from './told-accesses.ts';

const place = { invocation: 'i1', attempt: 1, node: 'f', worker: 'w1', executor: 'w1/e1' };

function stage(heard: (kind: RuntimeEvent['kind']) => boolean = () => true) {
  const events: RuntimeEvent[] = [];
  const sink = { emit: (event: RuntimeEvent) => events.push(event), isListening: heard };
  return { events, told: new ToldAccesses(sink, place) };
}
const omitted = (reads: number, writes = 0, messages = 0) => ({
  kind: 'events.omitted',
  ...place,
  reads,
  writes,
  messages,
});

test('[EXEC5] the first accesses of a call are told; that the rest is not is told at once and in the end', () => {
  const { events, told } = stage();
  for (let n = 0; n < ACCESSES_TOLD_MAX; n += 1) expect(told.take('cache.read')).toBe(true);
  expect(events).toEqual([]);
  for (let n = 0; n < 3; n += 1) expect(told.take('cache.read')).toBe(false);
  expect(told.take('cache.write')).toBe(false);
  expect(told.take('message.sent')).toBe(false);
  expect(events).toEqual([omitted(1)]);
  told.close();
  told.close();
  expect(events).toEqual([omitted(1), omitted(3, 1, 1)]);
});

test('[EXEC5] of one get of very many keys the first reads are told', () => {
  const { events, told } = stage();
  expect(told.take('cache.read', ACCESSES_TOLD_MAX + 5)).toBe(true);
  expect(told.take('cache.read', 2)).toBe(false);
  told.close();
  expect(events).toEqual([omitted(5), omitted(7)]);
});

test('[EXEC5] what nobody can take for a while is left out and counted, too', () => {
  let hasRoom = false;
  const { events, told } = stage((kind) => hasRoom || kind === 'events.omitted');
  expect(told.take('cache.read')).toBe(false);
  hasRoom = true;
  expect(told.take('cache.read')).toBe(true);
  told.close();
  expect(events).toEqual([omitted(1)]);
});

test('a call that does little leaves nothing out', () => {
  const { events, told } = stage();
  told.take('cache.read', 7);
  told.close();
  expect(events).toEqual([]);
});
