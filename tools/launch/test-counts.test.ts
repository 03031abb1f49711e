import { expect, test } from 'vitest';
import { playwrightCounts, readCounts, vitestCounts } from './test-counts.mjs';

function vitestReport(files: readonly (readonly [status: string, tests: readonly string[]])[]) {
  const all = files.flatMap(([, tests]) => tests);
  return {
    numPassedTests: all.filter((status) => status === 'passed').length,
    numPendingTests: all.filter((status) => status === 'pending').length,
    testResults: files.map(([status, tests]) => ({
      status,
      assertionResults: tests.map((outcome) => ({ status: outcome })),
    })),
  };
}

test('passed, failed and skipped tests are counted', () => {
  const report = vitestReport([
    ['passed', ['passed', 'passed', 'pending']],
    ['failed', ['passed', 'failed']],
  ]);
  expect(vitestCounts(report, 1)).toEqual({ passed: 3, failed: 1, skipped: 1 });
});

test('a test file that does not load counts as one failure', () => {
  const report = vitestReport([
    ['passed', ['passed']],
    ['failed', []],
  ]);
  expect(vitestCounts(report, 1)).toEqual({ passed: 1, failed: 1, skipped: 0 });
});

test('a bad exit code without a failing test counts as one failure', () => {
  const report = vitestReport([['passed', ['passed']]]);
  expect(vitestCounts(report, 1).failed).toBe(1);
  expect(vitestCounts(report, 0).failed).toBe(0);
});

test('a flaky story is a failed one', () => {
  const stats = { expected: 4, unexpected: 1, flaky: 1, skipped: 2 };
  expect(playwrightCounts({ stats }, 1)).toEqual({ passed: 4, failed: 2, skipped: 2 });
});

test('a run that left no report failed', () => {
  expect(readCounts('/nonexistent/report.json', vitestCounts, 0).failed).toBe(1);
});
