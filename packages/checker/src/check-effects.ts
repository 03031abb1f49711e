/**
 * Each invocation takes effect exactly once, or not at all, and is answered once (correctness.md
 * P6): one attempt commits, what it added is counted once, what others added is not.
 */
import type { Invocation } from './history.ts';
import type { IndexedHistory, Op } from './indexed-history.ts';
import { violation, type Violation } from './violation.ts';

/** More sums than this are not told apart: only the range is. */
const SUMS_MAX = 4_096;

export function checkAnswers(
  { id, attempts, answers, asked }: Invocation,
  isComplete: boolean,
): readonly Violation[] {
  const found: Violation[] = [];
  if (answers.length > asked || (isComplete && answers.length < asked)) {
    const sentence = `${id} was asked ${asked} times and answered ${answers.length} times`;
    found.push(violation('answers', sentence));
  }
  const [first] = answers;
  if (first === undefined) return found;
  const differs = answers.some(
    ({ status, results }) => status !== first.status || results !== first.results,
  );
  if (differs) found.push(violation('answers', `${id} was answered in different ways`));
  const committed = attempts.filter(({ status }) => status === 'committed');
  if (first.status === 'ok') {
    const ofAttempt = attempts.find(({ number }) => number === first.attempt);
    if (
      ofAttempt?.status === 'abandoned' ||
      attempts.every(({ status }) => status === 'abandoned')
    ) {
      found.push(violation('answers', `${id} was answered by an attempt that did not commit`));
    }
  } else if (committed.length > 0) {
    found.push(violation('effects', `${id} was answered as failed, and took effect`));
  }
  return found;
}

export function checkCommits({ id, attempts }: Invocation): readonly Violation[] {
  const committed = attempts.filter(({ status }) => status === 'committed');
  if (committed.length < 2) return [];
  const numbers = committed.map(({ number }) => number).join(' and ');
  return [violation('effects', `Attempts ${numbers} of ${id} have both taken effect`)];
}

/** Counters into which nothing but additions went: what is there is their sum. */
export function checkCounters(indexed: IndexedHistory): readonly Violation[] {
  const found: Violation[] = [];
  for (const [key, writes] of indexed.writesOfKey) {
    if (!writes.every(isAddition)) continue;
    const certain = sumOf(writes.filter(({ status }) => status === 'ok'));
    const possible = writes.filter(({ status }) => status === 'unknown');
    for (const { place, held } of indexed.history.atRest) {
      for (const { key: of, state, values } of held) {
        if (of !== key || (state === undefined && values === undefined)) continue;
        const counted = state ?? 0;
        if (state === undefined && values?.length !== 0) continue;
        if (isSum(counted - certain, possible.map(additionOf))) continue;
        const sentence = `${place} has ${key} = ${counted}, and ${certain} was added`;
        found.push(violation('effects', sentence, writes));
      }
    }
  }
  return found;
}

/** Other than a put, an addition has a number. */
function isAddition({ operation }: Op): boolean {
  return operation.kind === 'write' && operation.effect.kind === 'counter';
}

function additionOf({ operation }: Op): number {
  return operation.kind === 'write' && operation.effect.kind === 'counter'
    ? operation.effect.add
    : 0;
}

function sumOf(writes: readonly Op[]): number {
  return writes.reduce((sum, write) => sum + additionOf(write), 0);
}

/** Whether some of `parts`, each once, add up to `wanted`. */
export function isSum(wanted: number, parts: readonly number[]): boolean {
  let sums = new Set([0]);
  for (const part of parts) {
    sums = new Set([...sums].flatMap((sum) => [sum, sum + part]));
    if (sums.size > SUMS_MAX) {
      const low = parts.filter((one) => one < 0).reduce((sum, one) => sum + one, 0);
      const high = parts.filter((one) => one > 0).reduce((sum, one) => sum + one, 0);
      return low <= wanted && wanted <= high;
    }
  }
  return sums.has(wanted);
}
