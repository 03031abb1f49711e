/**
 * Closed-loop timings of several requests, taken in turns so that whatever else the machine does
 * hits all of them.
 */
export interface Contestant {
  readonly name: string;
  readonly call: () => Promise<void>;
}

export interface Figures {
  readonly name: string;
  readonly calls: number;
  readonly medianUs: number;
  readonly p99Us: number;
}

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

const timeUs = async (call: () => Promise<void>): Promise<number> => {
  const start = process.hrtime.bigint();
  await call();
  return Number(process.hrtime.bigint() - start) / 1_000;
};

/**
 * Each turn begins with calls that do not count: while client and server still run where the turn
 * before has left them, a bare route takes half or twice the time that it takes from then on.
 *
 * @param calls of each contestant, in turns of `turn` calls
 * @param settle calls before each turn that do not count
 */
export const measure = async (
  contestants: readonly Contestant[],
  {
    calls,
    turn,
    settle,
  }: {
    readonly calls: number;
    readonly turn: number;
    readonly settle: number;
  },
): Promise<readonly Figures[]> => {
  const durations = new Map(contestants.map(({ name }) => [name, [] as number[]]));
  for (let done = 0; done < calls; done += turn) {
    for (const { name, call } of contestants) {
      for (let n = 0; n < settle; n += 1) await call();
      for (let n = 0; n < turn; n += 1) durations.get(name)?.push(await timeUs(call));
    }
  }
  return [...durations].map(([name, taken]) => {
    const sorted = taken.toSorted((a, b) => a - b);
    return {
      name,
      calls: sorted.length,
      medianUs: quantile(sorted, 0.5),
      p99Us: quantile(sorted, 0.99),
    };
  });
};
