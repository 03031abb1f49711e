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

/** @param calls of each contestant, in turns of `turn` calls */
export const measure = async (
  contestants: readonly Contestant[],
  {
    calls,
    warmUp,
    turn,
  }: { readonly calls: number; readonly warmUp: number; readonly turn: number },
): Promise<readonly Figures[]> => {
  for (const { call } of contestants) for (let n = 0; n < warmUp; n += 1) await call();
  const durations = new Map(contestants.map(({ name }) => [name, [] as number[]]));
  for (let done = 0; done < calls; done += turn) {
    for (const { name, call } of contestants) {
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
