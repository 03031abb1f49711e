/**
 * `npm run check-history -- FILE [--as LEVEL]`: judges a recorded history (docs/checkers.md). Exit
 * code 1 when a promise was broken, 2 when the file is no record.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { levels } from '../history.ts';
import { HistoryFormatError } from '../json-shape.ts';
import { parseHistory } from '../parse-history.ts';
import { reportHistory } from '../report-history.ts';

const { values, positionals } = parseArgs({
  options: { as: { type: 'string' } },
  allowPositionals: true,
});
const [file] = positionals;
const as = levels.find((level) => level === values.as);

function report(path: string): number {
  // npm runs scripts in the root of the repository, wherever they were called.
  const from = process.env['INIT_CWD'] ?? process.cwd();
  try {
    const { lines, isBroken } = reportHistory(
      parseHistory(readFileSync(resolve(from, path), 'utf8')),
      as,
    );
    process.stdout.write(`${lines.join('\n')}\n`);
    return isBroken ? 1 : 0;
  } catch (thrown) {
    if (!(thrown instanceof HistoryFormatError) && !(thrown instanceof Error && 'code' in thrown)) {
      throw thrown;
    }
    process.stderr.write(`${thrown.message}\n`);
    return 2;
  }
}

if (file === undefined || (values.as !== undefined && as === undefined)) {
  process.stderr.write(
    `Usage: npm run check-history -- FILE [--as LEVEL]\nLevels: ${levels.join(', ')}\n`,
  );
  process.exitCode = 2;
} else process.exitCode = report(file);
