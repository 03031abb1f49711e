// The progress of a sweep on a terminal and in a log.
import { expect, test } from 'vitest';
import { ProgressLine, type Progress } from './progress-line.ts';

const half: Progress = { label: 'causal', done: 50, total: 100, perSecond: 25, broken: 1 };

function linesOn(stream: { isTTY?: boolean; columns?: number }, timesMs: readonly number[]) {
  const written: string[] = [];
  const line = new ProgressLine({ ...stream, write: (text) => written.push(text) }, 0);
  for (const timeMs of timesMs) line.show(half, timeMs);
  line.clear();
  return written;
}

test('a terminal gets a bar over itself, cut to its width, and taken away in the end', () => {
  const written = linesOn({ isTTY: true, columns: 40 }, [0, 50, 100]);
  const clear = '\r\u001B[2K';
  const bar = `${clear}${'causal [############------------] 50 %  '.slice(0, 39)}`;
  expect(written).toEqual([bar, bar, clear]);
});

test('a log gets a line now and then', () => {
  const written = linesOn({}, [0, 1_000, 5_000, 9_000, 10_000]);
  const text = 'causal 50 %  50 of 100, 25 a second, 2 s left, 1 broken\n';
  expect(written).toEqual([text, text]);
});
