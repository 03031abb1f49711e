// What a module imports, by parsing it: static imports, re-exports, and `import()` of a literal.
import { parseSync } from 'oxc-parser';

/** The specifiers in the order they stand; type-only imports count, since they couple as well. */
export function moduleImports(path: string, text: string): string[] {
  const { module } = parseSync(path, text);
  const found: { readonly start: number; readonly specifier: string }[] = [];
  for (const { start, moduleRequest } of module.staticImports) {
    found.push({ start, specifier: moduleRequest.value });
  }
  for (const { entries } of module.staticExports) {
    for (const { start, moduleRequest } of entries) {
      if (moduleRequest) found.push({ start, specifier: moduleRequest.value });
    }
  }
  for (const { start, moduleRequest } of module.dynamicImports) {
    const literal = /^(['"`])(?<specifier>[^'"`$]+)\1$/u.exec(
      text.slice(moduleRequest.start, moduleRequest.end),
    );
    const specifier = literal?.groups?.['specifier'];
    if (specifier !== undefined) found.push({ start, specifier });
  }
  const inOrder = found.toSorted((a, b) => a.start - b.start).map((entry) => entry.specifier);
  return [...new Set(inOrder)];
}
