/**
 * `npm run simulate:defects -- --schedules N --defect NAME`: puts each published defect back, looks
 * for a schedule on which it breaks a rule, and prints a table. `--tell` prints the shrunk schedules
 * too. Fails when one is not found.
 */
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { allDefects } from '../adapters/sim/defects/all-defects.ts';
import type { Defect } from '../adapters/sim/defects/defect.ts';
import type { DefectReport } from './defects/defect-report.ts';

const FOLDER = '.cache/simulate/defects';

const { values } = parseArgs({
  options: {
    schedules: { type: 'string', default: '20000' },
    defect: { type: 'string', multiple: true },
    tell: { type: 'boolean', default: false },
  },
});
const schedulesMax = Number(values.schedules);
const chosen = allDefects.filter(({ name }) => values.defect?.includes(name) ?? true);

async function huntAll(defects: readonly Defect[]): Promise<readonly DefectReport[]> {
  const waiting = [...defects];
  const reports: DefectReport[] = [];
  const entry = new URL('defects/defects-thread-main.ts', import.meta.url);
  const work = async (): Promise<void> => {
    const worker = new Worker(entry);
    for (let defect = waiting.shift(); defect !== undefined; defect = waiting.shift()) {
      worker.postMessage({ name: defect.name, schedulesMax });
      // Rejects when the thread fails meanwhile.
      const [report]: DefectReport[] = await once(worker, 'message');
      if (report === undefined) throw new Error('A thread answered without a report');
      reports.push(report);
      keep(report);
      process.stderr.write(
        `${reports.length} of ${defects.length}: ${report.name} ` +
          `${report.found === undefined ? 'NOT FOUND in' : 'found in schedule'} ${report.schedules}\n`,
      );
    }
    await worker.terminate();
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return reports;
}

function keep({ name, found }: DefectReport): void {
  if (found === undefined) return;
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, `${name}.json`), found.text);
}

/** A Markdown table in the order of the registry. */
function table(reports: readonly DefectReport[]): string {
  const rows = chosen.flatMap(({ name, source, what, level }) => {
    const report = reports.find((candidate) => candidate.name === name);
    if (report === undefined) return [];
    const { schedules, found } = report;
    const tried = found === undefined ? `not in ${schedules}` : `${schedules}`;
    const length =
      found === undefined ? '' : `${found.length}${found.isMinimal ? '' : ' (not minimal)'}`;
    return [[name, source, what, level, tried, length, found?.violation ?? 'NOT FOUND']];
  });
  const head = [
    'Defect',
    'Described',
    'What',
    'Level',
    'Found in schedule',
    'Shrunk to',
    'Violation',
  ];
  return [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |\n`)
    .join('');
}

const startedMs = performance.now();
const reports = await huntAll(chosen);
if (values.tell) {
  for (const { name, found } of reports) {
    if (found === undefined) continue;
    process.stdout.write(`${[name, ...found.told, found.sentence].join('\n  ')}\n\n`);
  }
}
const missing = reports.filter(({ found }) => found === undefined);
const seconds = Math.round((performance.now() - startedMs) / 1000);
process.stdout.write(
  `${table(reports)}\n${reports.length - missing.length} of ${reports.length} defects found in ` +
    `${seconds} s; their schedules are in ${FOLDER}\n`,
);
process.exitCode = missing.length === 0 && reports.length > 0 ? 0 : 1;
