// docs/glossary.md against the code: an identifier in the glossary exists, and a term that is only reserved
// moves up as soon as the code uses it.
import { parseSync, Visitor } from 'oxc-parser';

export interface GlossaryTerm {
  readonly term: string;
  readonly identifiers: readonly string[];
  /** True below the heading "Reserved": decided, but not built yet. */
  readonly reserved: boolean;
}

/** Rows of the tables whose second column is `Identifier`. */
export function glossaryTerms(page: string): GlossaryTerm[] {
  const terms: GlossaryTerm[] = [];
  let reserved = false;
  let isTermTable = false;
  for (const line of page.split('\n')) {
    if (line.startsWith('## ')) reserved = line.includes('Reserved');
    if (!line.startsWith('|')) isTermTable = false;
    const [term = '', identifiers = ''] = line
      .split(/(?<!\\)\|/u)
      .slice(1)
      .map((cell) => cell.trim());
    if (identifiers === 'Identifier') isTermTable = true;
    else if (isTermTable && !/^-+$/u.test(term)) {
      const quoted = [...identifiers.matchAll(/`(?<name>[^`]+)`/gu)];
      terms.push({
        term,
        identifiers: quoted.map((match) => match.groups?.['name'] ?? ''),
        reserved,
      });
    }
  }
  return terms;
}

/** Every identifier and every string literal of a module: types, functions, fields, union members. */
export function wordsOf(path: string, text: string): Set<string> {
  const words = new Set<string>();
  new Visitor({
    Identifier(node) {
      words.add(node.name);
    },
    PrivateIdentifier(node) {
      words.add(node.name);
    },
    Literal(node) {
      if (typeof node.value === 'string') words.add(node.value);
    },
  }).visit(parseSync(path, text).program);
  return words;
}

export function glossaryProblems(
  terms: readonly GlossaryTerm[],
  words: ReadonlySet<string>,
): string[] {
  const problems: string[] = [];
  for (const { term, identifiers, reserved } of terms) {
    if (identifiers.length === 0) problems.push(`glossary: '${term}' names no identifier`);
    for (const identifier of identifiers) {
      if (!reserved && !words.has(identifier)) {
        problems.push(`glossary: '${term}' names ${identifier}, which is nowhere in the code`);
      }
      if (reserved && words.has(identifier)) {
        problems.push(
          `glossary: '${term}' is reserved, but the code has ${identifier}: move the row up`,
        );
      }
    }
  }
  return problems;
}
