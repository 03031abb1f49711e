import { expect, test } from 'vitest';
import {
  INITIAL_CONNECTION,
  isCurrent,
  nextConnection,
  retryDelayMs,
  type ConnectionInput,
} from './connection.ts';

const lost: ConnectionInput = { type: 'lost', atMs: 500, retryAtMs: 750, reason: 'cut' };
const walk = (...inputs: ConnectionInput[]) => inputs.reduce(nextConnection, INITIAL_CONNECTION);

test('only the live state is current', () => {
  expect(isCurrent(walk())).toBe(false);
  expect(isCurrent(walk({ type: 'greeted' }))).toBe(false);
  expect(isCurrent(walk({ type: 'greeted' }, { type: 'caught-up' }))).toBe(true);
  expect(isCurrent(walk({ type: 'greeted' }, { type: 'caught-up' }, lost))).toBe(false);
});

test('reaching live forgets the failures and keeps the latency', () => {
  const connection = walk(
    lost,
    lost,
    { type: 'greeted' },
    { type: 'measured', latencyMs: 4 },
    { type: 'caught-up' },
  );
  expect(connection).toEqual({ status: 'live', failures: 0, latencyMs: 4 });
});

test('a new attempt hides the countdown but not the loss', () => {
  const connection = walk(lost, { type: 'attempt' });
  expect(connection.retryAtMs).toBeUndefined();
  expect(connection.lostAtMs).toBe(500);
  expect(connection.status).toBe('reconnecting');
});

test('jitter takes off at most a fifth', () => {
  expect(retryDelayMs(1, 0)).toBe(250);
  expect(retryDelayMs(1, 1)).toBe(200);
  expect(retryDelayMs(99, 1)).toBe(6_400);
});
