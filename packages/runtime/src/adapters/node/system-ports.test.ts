import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { nodeTimers } from './node-timers.ts';
import { monotonicNs, systemClock } from './system-clock.ts';
import { systemRandom } from './system-random.ts';

test('two processes agree on the time since the start of the cluster', () => {
  const startedAtNs = monotonicNs() - 5_000_000_000n;
  const clock = systemClock(startedAtNs);
  const beforeUs = clock.nowUs();
  const program = `
    import { systemClock } from ${JSON.stringify(new URL('system-clock.ts', import.meta.url).href)};
    process.stdout.write(String(systemClock(${startedAtNs}n).nowUs()));
  `;
  const elsewhereUs = Number(
    execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' }),
  );
  expect(elsewhereUs).toBeGreaterThanOrEqual(beforeUs);
  expect(elsewhereUs).toBeLessThanOrEqual(clock.nowUs());
  expect(beforeUs).toBeGreaterThanOrEqual(5_000_000);
});

test('time does not go back', () => {
  const clock = systemClock(monotonicNs());
  let lastUs = 0;
  for (let draw = 0; draw < 100_000; draw += 1) {
    const nowUs = clock.nowUs();
    expect(nowUs).toBeGreaterThanOrEqual(lastUs);
    lastUs = nowUs;
  }
});

test('a wake runs as a turn of its own, unless it was cancelled', async () => {
  const woken: string[] = [];
  const last = Promise.withResolvers<undefined>();
  nodeTimers.after(0, () => woken.push('first'));
  const cancel = nodeTimers.after(0, () => woken.push('cancelled'));
  nodeTimers.after(2 ** 40, () => woken.push('in a thousand years'))();
  nodeTimers.after(1, () => last.resolve(undefined));
  cancel();
  expect(woken).toEqual([]);
  await last.promise;
  expect(woken).toEqual(['first']);
});

test('numbers are in [0, 1), spread, and two generators differ', () => {
  const random = systemRandom();
  const draws = Array.from({ length: 20_000 }, () => random.next());
  expect(draws.every((draw) => draw >= 0 && draw < 1)).toBe(true);
  expect(new Set(draws).size).toBe(draws.length);
  for (let tenth = 0; tenth < 10; tenth += 1) {
    const hits = draws.filter((draw) => Math.floor(draw * 10) === tenth).length;
    expect(Math.abs(hits - 2_000)).toBeLessThan(400);
  }
  expect(systemRandom().fork('a').next()).not.toBe(random.next());
});
