import { expect, test } from 'vitest';
import { isTest, repositoryFiles } from './repository.ts';
import { quotedRules, ruleProblems, statedRules } from './rule-ids.ts';

const packages = [
  'packages/core',
  'packages/checker',
  'packages/runtime',
  'apps/server',
  'apps/studio',
];

test.each(packages)('%s: every rule has a test and every quoted rule exists', (name) => {
  const files = repositoryFiles().filter((file) => file.path.startsWith(`${name}/`));
  const specs = files.filter((file) => file.path.endsWith('/SPEC.md')).map((file) => file.text);
  const tests = files.filter((file) => isTest(file.path));
  expect(ruleProblems({ name, specs, tests })).toEqual([]);
});

test('a rule without a test, a quote without a rule and a rule stated twice are found', () => {
  const specs = ['- [CUT1] a\n- **[CUT2]** b, see [CUT1]\n- [CUT1] again'];
  const tests = [{ path: 'cut.test.ts', text: "test('[CUT1] holds [CUT9]', () => {});" }];
  expect(ruleProblems({ name: 'core', specs, tests })).toEqual([
    'core: [CUT1] is stated twice',
    'core: no test quotes [CUT2] of its SPEC.md',
    'cut.test.ts: [CUT9] is in no SPEC.md of core',
  ]);
});

test('a rule may stand in a list, a heading or a table; a mention inside a sentence states nothing', () => {
  const spec = '# [A1] x\n* `[B2]` y\n| [C3] | z |\nas [D4] says';
  expect([...statedRules(spec).ids]).toEqual(['A1', 'B2', 'C3']);
});

test('quotes are read from strings and templates, not from comments or array indexes', () => {
  const text = '// [A1]\nconst x = list[B2]; test(`[C3] n`, () => "[D4]");';
  expect([...quotedRules('x.test.ts', text)]).toEqual(['C3', 'D4']);
});
