/**
 * `npm run faults`: real processes, clients at every level, faults; then every checker over what the
 * clients saw. `--out` keeps the record, for `npm run check-history`.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { checkHistory, parseHistory } from '@stormglass/checker';
import { levels } from '../api-client.ts';
import { ServerProcess } from '../server-process.ts';
import { drawChance } from './draw.ts';
import { historyOf } from './history-of.ts';
import { recordRun, type Fault, type RecordedRun } from './record-run.ts';

const SHOWN_MAX = 20;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    level: { type: 'string', multiple: true, default: [...levels] },
    clients: { type: 'string', default: '2' },
    'fault-every-ms': { type: 'string', default: '1000' },
    out: { type: 'string' },
  },
});
const chosen = levels.filter((level) => values.level.includes(level));
const isCount = (text: string): boolean => Number.isSafeInteger(Number(text)) && Number(text) > 0;
const counts = [values.seconds, values.clients, values['fault-every-ms']];
if (chosen.length < values.level.length || !counts.every(isCount)) {
  process.stderr.write(
    'Usage: npm run faults -- [--seconds 20] [--level L]… [--clients 2] [--fault-every-ms 1000] ' +
      `[--out file.json]\nLevels: ${levels.join(', ')}\n`,
  );
  process.exit(2);
}

const drawFault = (): Fault =>
  drawChance(0.2) ? 'everything killed' : drawChance(0.3) ? 'worker paused' : 'worker killed';

/** `3 ok, 1 unavailable`. */
function outcomesOf({ asked }: RecordedRun): string {
  const found = new Map<string, number>();
  for (const { outcome } of asked) {
    const name = outcome.status === 'failed' ? outcome.problem.type : outcome.status;
    found.set(name, (found.get(name) ?? 0) + 1);
  }
  return [...found].map(([name, times]) => `${times} ${name}`).join(', ');
}

const server = await ServerProcess.start();
try {
  const run = await recordRun(server, {
    levels: chosen,
    clientsPerLevel: Number(values.clients),
    durationMs: Number(values.seconds) * 1_000,
    faultEveryMs: Number(values['fault-every-ms']),
    nextFault: drawFault,
  });
  const json = JSON.stringify(historyOf(run));
  if (values.out !== undefined) writeFileSync(values.out, json);
  const history = parseHistory(json);
  const violations = checkHistory(history);
  const operations = history.sessions.reduce((sum, session) => sum + session.operations.length, 0);
  console.log(`invocations: ${outcomesOf(run)}`);
  console.log(`faults: ${[...run.faults].map(([name, times]) => `${times} ${name}`).join(', ')}`);
  console.log(`${operations} operations checked, ${violations.length} violations`);
  for (const violation of violations.slice(0, SHOWN_MAX)) {
    console.log(`  ${violation.class}: ${violation.sentence}`);
  }
  process.exitCode = violations.length === 0 ? 0 : 1;
} finally {
  await server.dispose();
}
