// What packages/core must not do to reach the world past the linter and the import table. Those two
// know names; these are the ways around names.

/** Core as it ships: no tests, no test tools. */
export const isCoreSource = (path: string): boolean =>
  /^packages\/core\/src\/.*\.ts$/u.test(path) &&
  !path.endsWith('.test.ts') &&
  !path.includes('/testkit/');

const waysAround: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['loads a module while running', /\bimport\s*\(/u],
  ['loads a module by require', /\brequire\s*\(|\bimport\s+\w+\s*=/u],
  ['asks for the types of a host', /^\s*\/\/\/\s*<reference/mu],
  ['declares what it does not have', /^\s*(?:export\s+)?declare\s+(?!module)/mu],
  ['knows its own place', /\bimport\.meta\b/u],
  ['makes code from text', /\beval\b|\bFunction\s*\(/u],
  ['takes Math as a value', /\bMath\b(?!\.[a-z])/u],
  ['asks for the language of the machine', /\.(?:localeCompare|toLocale\w*)\b/u],
  ['switches the linter off', /(?:ox|es)lint-disable/u],
];

/** Comments may name anything; switches of the linter and references are comments themselves. */
const withoutComments = (text: string): string =>
  text
    .replaceAll(/\/\*(?:(?!lint-disable)[\s\S])*?\*\//gu, ' ')
    .replaceAll(/(^|[\s;])\/\/(?!\/)(?:(?!lint-disable).)*$/gmu, '$1');

/** One sentence for each way around that the text takes. */
export function purityProblems(path: string, text: string): string[] {
  const code = withoutComments(text);
  return waysAround.filter(([, pattern]) => pattern.test(code)).map(([what]) => `${path}: ${what}`);
}
