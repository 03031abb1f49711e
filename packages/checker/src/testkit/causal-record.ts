/**
 * A long history of a store that keeps causality: each session has a replica, which takes over all
 * that another knows at once, and the greater stamp wins.
 */
import { EMPTY_HISTORY, type Operation, type RecordedHistory } from '../history.ts';

interface Written {
  readonly value: string;
  readonly stamp: number;
}

/** A linear congruential generator: the same numbers everywhere. */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

export function causalRecord(of: {
  readonly operations: number;
  readonly sessions: number;
  readonly keys: number;
  readonly seed: number;
}): RecordedHistory {
  const draw = numbersFrom(of.seed);
  const replicas = Array.from({ length: of.sessions }, () => new Map<string, Written>());
  const recorded = replicas.map((): Operation[] => []);
  for (let stamp = 1; stamp <= of.operations; stamp += 1) {
    const session = draw(of.sessions);
    const replica = replicas[session];
    const own = recorded[session];
    if (replica === undefined || own === undefined) continue;
    if (draw(4) === 0) {
      for (const [key, written] of replicas[draw(of.sessions)] ?? []) {
        if ((replica.get(key)?.stamp ?? 0) < written.stamp) replica.set(key, written);
      }
    }
    const key = `k${draw(of.keys)}`;
    if (draw(2) === 0) {
      const value = `v${stamp}`;
      replica.set(key, { value, stamp });
      own.push({ kind: 'write', key, value, effect: { kind: 'put' } });
    } else {
      const written = replica.get(key);
      const values = written === undefined ? [] : [written.value];
      own.push({ kind: 'read', key, values, isPick: true });
    }
  }
  return {
    ...EMPTY_HISTORY,
    sessions: recorded.map((operations, index) => ({
      kind: 'client',
      id: `s${index}`,
      level: 'causal',
      isContinued: true,
      operations,
    })),
  };
}
