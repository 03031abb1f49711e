// How many tests passed and failed, read from the JSON reports of vitest and Playwright.
import { existsSync, readFileSync } from 'node:fs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * A file that did not load has no tests to count, yet it failed; so has a run that ended badly
 * although every test in it passed.
 *
 * @param {Counts} counts
 * @param {number} code
 * @returns {Counts}
 */
function withExitCode(counts, code) {
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/**
 * @param {{
 *   numPassedTests: number,
 *   numPendingTests: number,
 *   testResults: { status: string, assertionResults: { status: string }[] }[],
 * }} report
 * @param {number} code
 */
export function vitestCounts(report, code) {
  let failed = 0;
  for (const { status, assertionResults } of report.testResults) {
    const tests = assertionResults.filter((test) => test.status === 'failed').length;
    failed += tests === 0 && status === 'failed' ? 1 : tests;
  }
  const { numPassedTests: passed, numPendingTests: skipped } = report;
  return withExitCode({ passed, failed, skipped }, code);
}

/**
 * A flaky test passed only when it was tried again: it failed.
 *
 * @param {{ stats: { expected: number, unexpected: number, flaky: number, skipped: number } }} report
 * @param {number} code
 */
export function playwrightCounts({ stats }, code) {
  const failed = stats.unexpected + stats.flaky;
  return withExitCode({ passed: stats.expected, failed, skipped: stats.skipped }, code);
}

/**
 * @param {string} path
 * @param {(report: any, code: number) => Counts} read
 * @param {number} code
 * @returns {Counts}
 */
export function readCounts(path, read, code) {
  if (!existsSync(path)) return { passed: 0, failed: 1, skipped: 0 };
  return read(JSON.parse(readFileSync(path, 'utf8')), code);
}
