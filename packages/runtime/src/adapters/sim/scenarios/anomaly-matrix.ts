/**
 * The matrix of anomalies and levels (correctness.md 4.2), from playing every schedule at every level.
 */
import { assert, consistencyLevels, type ConsistencyLevel } from '@stormglass/core';
import { anomalies } from './anomalies.ts';
import type { Anomaly, Verdict } from './anomaly.ts';
import { playSchedule } from './play-schedule.ts';

export interface AnomalyRow {
  readonly anomaly: Anomaly;
  readonly verdicts: ReadonlyMap<ConsistencyLevel, Verdict>;
}

/** The steps are in a fixed order, so what is left to chance must not matter. */
const SEEDS = ['1', '2', '3'];

/** The levels that the page has a column for, in its order. */
const publishedLevels: readonly ConsistencyLevel[] = [
  'lww',
  'repeatable-read',
  'causal',
  'causal-cut',
];

export async function playAnomaly(anomaly: Anomaly): Promise<AnomalyRow> {
  const verdicts = new Map<ConsistencyLevel, Verdict>();
  for (const level of consistencyLevels) verdicts.set(level, await verdictAt(anomaly, level));
  return { anomaly, verdicts };
}

async function verdictAt(anomaly: Anomaly, level: ConsistencyLevel): Promise<Verdict> {
  const { schedule, clocks, number } = anomaly;
  const found = new Set<Verdict>();
  for (const seed of SEEDS) {
    found.add(anomaly.verdict(await playSchedule(schedule, { level, clocks, seed })));
  }
  const [verdict] = found;
  assert(
    found.size === 1 && verdict !== undefined,
    `${number} at ${level} came out differently: ${[...found].join(', ')}`,
  );
  return verdict;
}

/** The published verdicts that ours differ from, as `level: published`. */
export function differences({ anomaly, verdicts }: AnomalyRow): readonly string[] {
  return publishedLevels.flatMap((level, index) => {
    const published = anomaly.published[index] ?? 'none';
    if (published === verdicts.get(level)) return [];
    return [`${level}: ${published === 'none' ? 'no result' : published}`];
  });
}

export async function anomalyMatrix(): Promise<string> {
  const rows: AnomalyRow[] = [];
  for (const anomaly of anomalies) rows.push(await playAnomaly(anomaly));
  const table = [
    ['', 'Anomaly', ...consistencyLevels],
    ['---', '---', ...consistencyLevels.map(() => '---')],
    ...rows.map(({ anomaly, verdicts }) => [anomaly.number, anomaly.name, ...verdicts.values()]),
  ].map((cells) => `| ${cells.join(' | ')} |`);
  const different = rows.filter((row) => differences(row).length > 0);
  return [HEAD, ...table, BETWEEN, ...different.map(sayDifference), '', schedulesOf(rows)].join(
    '\n',
  );
}

const sayDifference = (row: AnomalyRow): string =>
  `- **${row.anomaly.number}** (there ${differences(row).join(', ')}). ${row.anomaly.differs ?? ''}`;

const schedulesOf = (rows: readonly AnomalyRow[]): string =>
  rows
    .map(({ anomaly }) => {
      const lines = anomaly.schedule.trim().split('\n');
      return [
        `### ${anomaly.number} ${anomaly.name}`,
        '',
        ...(anomaly.note === undefined ? [] : [anomaly.note, '']),
        ...lines.map((line) => `    ${line.trim()}`),
        '',
      ].join('\n');
    })
    .join('\n');

const HEAD = `# Which anomaly occurs at which level

Written by \`npm run matrix\`, which plays each schedule below on the simulated cluster at every
level and looks at what the readers saw. All runs of a schedule have the level of the column. A test
fails when this page is not what playing them gives.

**x**: the anomaly occurs. **ok**: it does not. **ok (restart)**: it does not, because the DAG was run
again. **both kept**: nothing is lost, the values stand side by side. **UNAV**: the read is refused.

The levels are a matrix, not a ladder: repeatable read is about one key at a time, causality is about
order and not about a moment, and none of the levels is about a decision.
`;

const BETWEEN = `
## Where the published table says something else
`;
