// Rules about the text of a file and its name that no other tool checks.

export const LINE_LENGTH_MAX = 110;

/** Assembled from pieces, so that this file does not break its own rule. */
const unfinished = new RegExp(
  `\\b(?:${[
    ['FIX', 'ME'],
    ['TO', 'DO'],
    ['X', 'XX'],
  ]
    .map((word) => word.join(''))
    .join('|')})\\b`,
  'u',
);

/** The line without what stands in quotes: a sentence for a person is not cut in two for the rule's sake. */
function withoutStrings(line: string): string {
  return line.replaceAll(/(?<quote>['"`]).*?\k<quote>/gu, '');
}

export function textProblems(path: string, text: string): string[] {
  const problems: string[] = [];
  const limitsLines = /\.(?:ts|tsx|mjs|js|css)$/u.test(path);
  for (const [index, line] of text.split('\n').entries()) {
    if (limitsLines && withoutStrings(line).length > LINE_LENGTH_MAX) {
      problems.push(
        `${path}:${index + 1}: ${line.length} characters, the limit is ${LINE_LENGTH_MAX}`,
      );
    }
    const mark = unfinished.exec(line);
    if (mark)
      problems.push(`${path}:${index + 1}: ${mark[0]}: do it, or write down that it is not done`);
  }
  return problems;
}

const shapelessNames = /^(?:utils?|helpers?|types|common|misc|.*-?manager|.*-impl)$/iu;

/** Source files are kebab-case and named after what they export; components are PascalCase, hooks useX. */
export function nameProblems(path: string): string[] {
  const file = path.slice(path.lastIndexOf('/') + 1);
  const stem = file.replace(/(?:\.[a-z]+)+$/u, '');
  if (shapelessNames.test(stem)) return [`${path}: '${stem}' says nothing; name what is in it`];
  const kebab = /^[a-z0-9]+(?:-[a-z0-9]+)*$/u.test(stem);
  const component = /^(?:use)?[A-Z][A-Za-z0-9]*$/u.test(stem);
  if (kebab || (component && path.startsWith('apps/studio/'))) return [];
  return [`${path}: file names are kebab-case (components PascalCase, hooks useSomething)`];
}

/** The numbers of the decision records run from 1 without a hole, and each title repeats its number. */
export function adrProblems(
  records: readonly { readonly path: string; readonly text: string }[],
): string[] {
  const problems: string[] = [];
  for (const [index, { path, text }] of records.entries()) {
    const expected = String(index + 1).padStart(4, '0');
    const file = path.slice(path.lastIndexOf('/') + 1);
    if (!file.startsWith(`${expected}-`)) problems.push(`${path}: the next number is ${expected}`);
    if (!text.startsWith(`# ${index + 1}. `))
      problems.push(`${path}: the title is '# ${index + 1}. …'`);
    for (const heading of ['Context', 'Decision', 'Consequences', 'What would change our mind']) {
      if (!text.includes(`\n## ${heading}\n`)) problems.push(`${path}: no heading '${heading}'`);
    }
  }
  return problems;
}
