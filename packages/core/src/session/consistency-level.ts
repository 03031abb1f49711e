/**
 * The consistency levels and what each keeps track of (protocols.md decision 3). A matrix, not a ladder.
 */
export const consistencyLevels = [
  'lww',
  'repeatable-read',
  'single-key-causal',
  'multi-key-causal',
  'causal',
  'causal-cut',
] as const;

export type ConsistencyLevel = (typeof consistencyLevels)[number];
