// What a worker still tells when the server is far behind.
import type { RuntimeEvent } from '@stormglass/core';
import { expect, test } from 'vitest';
import { CausalKnowledge } from './causal-knowledge.ts';
import { EventOutbox, UNTAKEN_LENGTH_MAX } from './event-outbox.ts';

const EVENT: RuntimeEvent = { kind: 'cluster.changed', change: 'worker-joined', id: 'w9' };

test('[EXEC5] what has no end is not told while too much of it is under way', () => {
  let length = 0;
  const ends: (() => void)[] = [];
  const outbox = new EventOutbox({
    knowledge: new CausalKnowledge('w1.1'),
    clock: { nowUs: () => 0, wallMs: () => 0 },
    send: () => length,
    atTurnEnd: (callback) => ends.push(callback),
  });
  const tell = (characters: number): void => {
    length = characters;
    outbox.emit(EVENT);
    for (const end of ends.splice(0)) end();
  };
  tell(UNTAKEN_LENGTH_MAX - 1);
  expect(outbox.isListening('cache.read')).toBe(true);
  // Events that have not left count as well.
  outbox.emit(EVENT);
  expect(outbox.isListening('cache.read')).toBe(false);
  expect(outbox.isListening('message.sent')).toBe(false);
  expect(outbox.isListening('function.finished')).toBe(true);
  expect(outbox.isListening('events.omitted')).toBe(true);
  tell(1_000);
  outbox.onTaken(UNTAKEN_LENGTH_MAX / 2);
  expect(outbox.isListening('cache.read')).toBe(true);
});
