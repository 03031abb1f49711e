import { expect, test } from 'vitest';
import { glossaryProblems, glossaryTerms, wordsOf } from './glossary.ts';
import { fileText, isCode, isTest, repositoryFiles } from './repository.ts';

test('the glossary names identifiers that exist', () => {
  const words = new Set<string>();
  for (const file of repositoryFiles()) {
    if (!file.path.startsWith('packages/')) continue;
    if (!isCode(file.path) || isTest(file.path)) continue;
    for (const word of wordsOf(file.path, file.text)) words.add(word);
  }
  const terms = glossaryTerms(fileText('docs/glossary.md'));
  expect(terms.length).toBeGreaterThan(20);
  expect(glossaryProblems(terms, words)).toEqual([]);
});

test('an identifier that is gone, one that arrived, and a term without any are found', () => {
  const page = [
    '| Term | Identifier | Meaning |',
    '|---|---|---|',
    '| session | `Session` | x |',
    '| dot | `Dot` | x |',
    '| gossip | gossip | x |',
    '## Reserved',
    '| Term | Identifier | Meaning |',
    '|---|---|---|',
    '| monitor | `Monitor` | x |',
  ].join('\n');
  const words = wordsOf('x.ts', 'export interface Session { a: 1 } class Monitor {}');
  expect(glossaryProblems(glossaryTerms(page), words)).toEqual([
    "glossary: 'dot' names Dot, which is nowhere in the code",
    "glossary: 'gossip' names no identifier",
    "glossary: 'monitor' is reserved, but the code has Monitor: move the row up",
  ]);
});
