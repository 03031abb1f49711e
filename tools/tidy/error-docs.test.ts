import { parseSync, Visitor } from 'oxc-parser';
import { expect, test } from 'vitest';
import { errorDocProblems } from './error-docs.ts';
import { fileText } from './repository.ts';

/** The keys of the object that `problem.ts` exports as `problemTypes`, read without running it. */
function problemSlugs(): string[] {
  const path = 'packages/core/src/wire/http/problem.ts';
  const slugs: string[] = [];
  new Visitor({
    VariableDeclarator(node) {
      if (node.id.type !== 'Identifier' || node.id.name !== 'problemTypes') return;
      const value = node.init?.type === 'TSAsExpression' ? node.init.expression : node.init;
      if (value?.type !== 'ObjectExpression') return;
      for (const property of value.properties) {
        if (property.type !== 'Property') continue;
        if (property.key.type === 'Identifier') slugs.push(property.key.name);
        if (property.key.type === 'Literal') slugs.push(String(property.key.value));
      }
    },
  }).visit(parseSync(path, fileText(path)).program);
  return slugs;
}

test('docs/errors.md and the problem types of the code are the same list', () => {
  const slugs = problemSlugs();
  expect(slugs.length).toBeGreaterThan(20);
  expect(errorDocProblems(fileText('docs/errors.md'), slugs)).toEqual([]);
});

test('a missing heading, a missing part and a heading nobody uses are found', () => {
  const page = '# Errors\n## timeout\n**Cause** a **What the user sees** b\n## old\n**Cause** c';
  expect(errorDocProblems(page, ['timeout', 'dag-cycle'])).toEqual([
    'docs/errors.md: timeout lacks **What to do**',
    'docs/errors.md has no heading for dag-cycle',
    'docs/errors.md explains old, which no code uses',
  ]);
});
