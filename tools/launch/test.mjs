// `npm test`: every check there is, each under its own heading. A failing stage does not hide the others.
// `npm test -- lint unit` runs only the stages named.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { endingSignal, endTogether, exitCode, startProcess } from './child-process.mjs';
import { ensureChromium } from './chromium.mjs';
import { secondsSince } from './progress.mjs';
import { playwrightCounts, readCounts, vitestCounts } from './test-counts.mjs';
import { ensureToolchain, pnpmPath, projectRoot, toolchainEnvironment } from './toolchain.mjs';
import { ensureInstalled } from './workspace.mjs';

/** @typedef {import('./test-counts.mjs').Counts} Counts */
/** @typedef {{ name: string, heading: string, run: () => Promise<Counts> }} Stage */

const reports = join(projectRoot, '.cache/test');
const passed = { passed: 0, failed: 0, skipped: 0 };
const failed = { passed: 0, failed: 1, skipped: 0 };

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string }} [where]
 */
function run(command, args, { env = toolchainEnvironment(), cwd = projectRoot } = {}) {
  return exitCode(
    startProcess(command, args, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'] }),
  );
}

/**
 * A stage that is one program: good or bad, nothing to count.
 *
 * @param {string} name
 * @param {string} heading
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {Stage}
 */
function check(name, heading, command, args) {
  return { name, heading, run: async () => ((await run(command, args)) === 0 ? passed : failed) };
}

/** @param {string} name */
function tool(name) {
  return join(projectRoot, 'node_modules/.bin', name);
}

/**
 * @param {string} name
 * @param {readonly string[]} projects
 * @param {NodeJS.ProcessEnv} [env]
 */
async function runVitest(name, projects, env) {
  const report = join(reports, `${name}.json`);
  const selected = projects.flatMap((project) => ['--project', project]);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const where = env === undefined ? {} : { env };
  const code = await run(tool('vitest'), ['run', ...selected, ...reporters], where);
  return readCounts(report, vitestCounts, code);
}

/**
 * @param {string} name
 * @param {string} heading
 * @param {readonly string[]} projects
 * @returns {Stage}
 */
function vitest(name, heading, projects) {
  return { name, heading, run: () => runVitest(name, projects) };
}

/**
 * A stage that needs a Chromium; without one it has failed.
 *
 * @param {string} name
 * @param {string} heading
 * @param {(env: NodeJS.ProcessEnv) => Promise<Counts>} runWith
 * @returns {Stage}
 */
function inChromium(name, heading, runWith) {
  return {
    name,
    heading,
    run: async () => {
      const env = await ensureChromium();
      if (env !== undefined) return runWith(env);
      console.error('No Chromium could be found or installed.');
      return failed;
    },
  };
}

const pages = inChromium('page', 'Core and the simulator in Chromium', (env) =>
  runVitest('page', ['core-in-chromium', 'simulator-in-chromium'], env),
);

const stories = inChromium('e2e', 'Stories in a browser', async (env) => {
  const report = join(reports, 'e2e.json');
  const code = await run(
    join(projectRoot, 'e2e/node_modules/.bin/playwright'),
    ['test', '--reporter=list,json'],
    { cwd: join(projectRoot, 'e2e'), env: { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: report } },
  );
  return readCounts(report, playwrightCounts, code);
});

const stages = [
  check('format', 'Format', tool('oxfmt'), ['--check', '.']),
  check('lint', 'Lint', tool('oxlint'), []),
  vitest('tidy', 'Imports and house rules', ['tidy']),
  check('unused', 'Unused files, exports and dependencies', tool('knip'), []),
  check('types', 'Types', tool('tsc'), ['-b']),
  vitest('unit', 'Unit and property tests', ['core', 'runtime', 'server', 'studio']),
  pages,
  check('studio', 'Build of the studio', pnpmPath, ['--filter', '@stormglass/studio', 'build']),
  stories,
];

/** @param {readonly string[]} names */
function selectedStages(names) {
  const unknown = names.filter((name) => stages.every((stage) => stage.name !== name));
  if (unknown.length > 0) {
    const known = stages.map((stage) => stage.name).join(', ');
    console.error(`There is no stage ${unknown.join(', ')}. Stages: ${known}`);
    process.exit(2);
  }
  return stages.filter((stage) => names.length === 0 || names.includes(stage.name));
}

const chosen = selectedStages(process.argv.slice(2));
const startedMs = performance.now();
endTogether();
await ensureToolchain();
await ensureInstalled();
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

const total = { ...passed };
/** @type {string[]} */
const summary = [];
for (const { name, heading, run: runStage } of chosen) {
  const stageStartedMs = performance.now();
  console.log(`\n== ${heading} (${name})`);
  const counts = await runStage();
  if (endingSignal() !== undefined) process.exit(130);
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
  const verdict = counts.failed === 0 ? 'ok' : 'FAILED';
  const line = `${verdict.padEnd(6)}  ${heading}, ${secondsSince(stageStartedMs)}`;
  console.log(`== ${line}`);
  summary.push(line);
}
console.log(`\n${summary.join('\n')}\nall of it in ${secondsSince(startedMs)}`);
if (total.skipped > 0) console.log(`${total.skipped} tests were skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;
console.log(`tests: ${total.passed} passed, ${total.failed} failed`);
