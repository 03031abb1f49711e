import { expect, test } from 'vitest';
import { isCode, repositoryFiles } from './repository.ts';
import { adrProblems, LINE_LENGTH_MAX, nameProblems, textProblems } from './text-rules.ts';

test('no line is too long and nothing is marked as unfinished', () => {
  expect(repositoryFiles().flatMap((file) => textProblems(file.path, file.text))).toEqual([]);
});

test('file names say what is in the file', () => {
  const code = repositoryFiles().filter((file) => isCode(file.path));
  expect(code.flatMap((file) => nameProblems(file.path))).toEqual([]);
});

test('decision records are numbered without a hole and have the four parts', () => {
  const records = repositoryFiles().filter((file) => file.path.startsWith('docs/adr/'));
  expect(records.length).toBeGreaterThan(0);
  expect(adrProblems(records)).toEqual([]);
});

test('a long line and an unfinished mark are found', () => {
  const long = 'x'.repeat(LINE_LENGTH_MAX + 1);
  expect(textProblems('a.ts', `${long}\n// ${['TO', 'DO'].join('')} later`)).toHaveLength(2);
  expect(textProblems('a.md', long)).toEqual([]);
  expect(textProblems('a.ts', `detail: '${long}',`)).toEqual([]);
  expect(textProblems('a.ts', `// ${long}`)).toHaveLength(1);
  expect(textProblems('a.ts', 'x'.repeat(LINE_LENGTH_MAX))).toEqual([]);
});

test('names that say nothing and names in the wrong case are found', () => {
  for (const path of [
    'a/utils.ts',
    'a/types.ts',
    'a/session-manager.ts',
    'a/myFile.ts',
    'a/Cache.ts',
    'a/useTidy.ts',
  ]) {
    expect(nameProblems(path), path).toHaveLength(1);
  }
  for (const path of [
    'a/read-decision.ts',
    'a/cut.laws.test.ts',
    'apps/studio/src/Canvas.tsx',
    'apps/studio/src/useTidy.ts',
  ]) {
    expect(nameProblems(path), path).toEqual([]);
  }
});

test('a hole in the numbers, a wrong title and a missing part are found', () => {
  const body = ['Context', 'Decision', 'Consequences', 'What would change our mind']
    .map((heading) => `\n## ${heading}\n`)
    .join('');
  expect(adrProblems([{ path: 'docs/adr/0001-a.md', text: `# 1. A\n${body}` }])).toEqual([]);
  const records = [{ path: 'docs/adr/0002-b.md', text: '# 2. B\n\n## Context\n\n## Decision\n' }];
  expect(adrProblems(records)).toEqual([
    'docs/adr/0002-b.md: the next number is 0001',
    "docs/adr/0002-b.md: the title is '# 1. …'",
    "docs/adr/0002-b.md: no heading 'Consequences'",
    "docs/adr/0002-b.md: no heading 'What would change our mind'",
  ]);
});
