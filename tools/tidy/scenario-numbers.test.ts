import { expect, test } from 'vitest';
import { isTest, repositoryFiles } from './repository.ts';
import { scenarioHomes, scenarioNumbers, scenarioProblems } from './scenario-numbers.ts';

test('every scenario and every anomaly has a test, in the file that is named for it', () => {
  const tests = repositoryFiles().filter(
    ({ path }) => isTest(path) && /^packages\/(?:core|runtime)\//u.test(path),
  );
  expect(scenarioProblems(tests, scenarioHomes, scenarioNumbers)).toEqual([]);
});

test('a number without a test and a test in another file are found', () => {
  const homes = new Map([
    ['a.test.ts', ['T1', 'S4']],
    ['b.test.ts', ['T2']],
  ]);
  const tests = [
    { path: 'a.test.ts', text: "test('[VC1] T1: order', run); test('S4b ACL first', run);" },
    { path: 'b.test.ts', text: "test('order (T2)', run); test('T1 again', run);" },
  ];
  expect(scenarioProblems(tests, homes, ['T1', 'T2', 'T3', 'S4'])).toEqual([
    'b.test.ts has no test of T2',
    'T3 has no file of tests',
    'b.test.ts: a title begins with T1, which belongs to a.test.ts',
  ]);
});
