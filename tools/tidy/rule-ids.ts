// Numbered rules: a SPEC.md states `[CUT3] …`, a test quotes the id in its name. The two lists must be equal.
import { parseSync, Visitor } from 'oxc-parser';

const ruleId = /\[(?<id>[A-Z]{1,6}\d{1,3}[a-z]?)\]/gu;

function idsIn(text: string): string[] {
  return [...text.matchAll(ruleId)].map((match) => match.groups?.['id'] ?? '');
}

/** Ids that the specification states. A rule is stated once; what it says twice comes back in `repeated`. */
export function statedRules(spec: string): { ids: Set<string>; repeated: string[] } {
  const ids = new Set<string>();
  const repeated: string[] = [];
  for (const line of spec.split('\n')) {
    const stated = /^\s*(?:[-*|]\s*|#+\s*)?(?:\*\*|`)?(?<id>\[[A-Z]{1,6}\d{1,3}[a-z]?\])/u.exec(
      line,
    );
    const [id] = idsIn(stated?.groups?.['id'] ?? '');
    if (id === undefined) continue;
    if (ids.has(id)) repeated.push(id);
    ids.add(id);
  }
  return { ids, repeated };
}

/** Ids in the string literals of a test file: test names mostly, comments never. */
export function quotedRules(path: string, text: string): Set<string> {
  const ids = new Set<string>();
  const add = (value: string): void => {
    for (const id of idsIn(value)) ids.add(id);
  };
  new Visitor({
    Literal(node) {
      if (typeof node.value === 'string') add(node.value);
    },
    TemplateElement(node) {
      add(node.value.raw);
    },
  }).visit(parseSync(path, text).program);
  return ids;
}

export interface RulesOfPackage {
  readonly name: string;
  readonly specs: readonly string[];
  readonly tests: readonly { readonly path: string; readonly text: string }[];
}

/** Rules without a test, tests that quote no rule, and rules stated twice. */
export function ruleProblems({ name, specs, tests }: RulesOfPackage): string[] {
  const stated = statedRules(specs.join('\n'));
  const quoted = new Map<string, string>();
  for (const { path, text } of tests) {
    for (const id of quotedRules(path, text)) quoted.set(id, path);
  }
  return [
    ...stated.repeated.map((id) => `${name}: [${id}] is stated twice`),
    ...[...stated.ids]
      .filter((id) => !quoted.has(id))
      .map((id) => `${name}: no test quotes [${id}] of its SPEC.md`),
    ...[...quoted]
      .filter(([id]) => !stated.ids.has(id))
      .map(([id, path]) => `${path}: [${id}] is in no SPEC.md of ${name}`),
  ];
}
