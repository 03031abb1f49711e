/**
 * `npm run matrix`: plays the anomaly schedules at every level, writes docs/anomaly-matrix.md from
 * what came of them, and prints the table.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { anomalyMatrix } from '../adapters/sim/scenarios/anomaly-matrix.ts';

const page = fileURLToPath(new URL('../../../../docs/anomaly-matrix.md', import.meta.url));

const text = await anomalyMatrix();
writeFileSync(page, text);
const table = text.split('\n').filter((line) => line.startsWith('|'));
process.stdout.write(`${table.join('\n')}\n\nWritten to docs/anomaly-matrix.md\n`);
