/**
 * Random numbers. Fork by label, so that one more draw in one place does not shift another.
 */
export interface Random {
  /** Uniform in [0, 1). */
  readonly next: () => number;
  readonly fork: (label: string) => Random;
}
