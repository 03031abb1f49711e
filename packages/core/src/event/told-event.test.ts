import { expect, test } from 'vitest';
import type { RuntimeEvent } from './runtime-event.ts';
import { heardEvent, toldEvent, type HeardEvent } from './told-event.ts';

const event: RuntimeEvent = {
  kind: 'log',
  invocation: 'i',
  attempt: 1,
  worker: 'w1',
  level: 'info',
  text: 'hello',
};
const text = JSON.stringify(event);
const heard: HeardEvent = { at: 7, kind: 'log', invocation: 'i', text };

test('an event is the same, told here or heard from elsewhere', () => {
  for (const told of [toldEvent(7, event), heardEvent(heard, 'w1')]) {
    expect(told).toMatchObject({ at: 7, kind: 'log', invocation: 'i' });
    expect(told.event()).toEqual(event);
    expect(told.text()).toBe(text);
  }
});

test('the length of an event with large clocks is near that of its text, told or heard', () => {
  const after = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`w1.1-${n}`, n + 100]));
  const merged: RuntimeEvent = {
    kind: 'storage.merged',
    storage: 's1',
    key: 'hot',
    before: after,
    incoming: {},
    after,
    relation: 'concurrent',
  };
  const { length } = JSON.stringify(merged);
  const heardMerged = { at: 7, kind: merged.kind, text: JSON.stringify(merged) };
  expect(heardEvent(heardMerged, 'w1').length).toBe(length);
  const told = toldEvent(7, merged);
  expect(told.length).toBeGreaterThan(length);
  expect(told.length).toBeLessThan(3 * length);
});

test.each<[string, Partial<HeardEvent>]>([
  ['no JSON', { text: '{"kind":' }],
  ['no event', { text: '{"kind":"log"}' }],
  ['of another kind', { kind: 'cache.evicted' }],
  ['of another invocation', { invocation: 'j' }],
])('what is heard and is %s reads as a line that says so', (_what, changed) => {
  const told = heardEvent({ ...heard, ...changed }, 'w1');
  expect(told.event()).toMatchObject({ kind: 'log', level: 'error', worker: 'w1' });
  expect(JSON.parse(told.text())).toEqual(told.event());
});
