/**
 * The six consistency levels in words. A matrix, not a ladder: each promises something else
 * (correctness.md 4.2).
 */
import type { ConsistencyLevel } from '@stormglass/core';

export interface LevelWords {
  readonly level: ConsistencyLevel;
  readonly words: string;
  /** One sentence: what it promises, and about what. */
  readonly sentence: string;
  /** One answer for each of {@link levelQuestions}. */
  readonly answers: readonly [Answer, Answer, Answer];
}

/** `part`: only within one key or one cache. */
type Answer = 'yes' | 'part' | 'no';

export const levelQuestions = [
  'A key read twice is the same',
  'Concurrent writes are kept',
  'Causes come before effects',
] as const;

export const levels: readonly LevelWords[] = [
  {
    level: 'lww',
    words: 'Last writer wins',
    sentence: 'The write with the latest clock wins. Reads promise nothing to each other.',
    answers: ['no', 'no', 'no'],
  },
  {
    level: 'repeatable-read',
    words: 'Repeatable read',
    sentence: 'One key at a time: every function of a run reads the same version of it.',
    answers: ['yes', 'no', 'no'],
  },
  {
    level: 'single-key-causal',
    words: 'Single-key causal',
    sentence: 'One key at a time: no concurrent write is lost, both values are kept.',
    answers: ['no', 'yes', 'part'],
  },
  {
    level: 'multi-key-causal',
    words: 'Multi-key causal',
    sentence: 'One cache at a time: it never holds an effect without its cause.',
    answers: ['no', 'yes', 'part'],
  },
  {
    level: 'causal',
    words: 'Causal',
    sentence: 'Along the whole run, on every machine: never an effect before its cause.',
    answers: ['no', 'yes', 'yes'],
  },
  {
    level: 'causal-cut',
    words: 'Causal cut',
    sentence: 'As Causal, and nothing read later reveals that an earlier read was already too old.',
    answers: ['yes', 'yes', 'yes'],
  },
];

const byLevel = new Map(levels.map((entry) => [entry.level, entry]));

export const levelWords = (level: ConsistencyLevel): string => byLevel.get(level)?.words ?? level;

export function isConsistencyLevel(text: unknown): text is ConsistencyLevel {
  return levels.some((entry) => entry.level === text);
}
