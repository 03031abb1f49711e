import { describe, expect, test } from 'vitest';
import { analyzeFunction } from './analyze-function.ts';
import type { FunctionSource } from './analyze-function.ts';

function analyze(source: string, more: Partial<FunctionSource> = {}) {
  return analyzeFunction({ name: 'f', source, version: 1, ...more });
}

function parametersOf(source: string, more: Partial<FunctionSource> = {}) {
  const result = analyze(source, more);
  if (!result.ok) throw new Error(result.failure.detail);
  return result.value.parameters.map(({ name, required }) => (required ? name : `${name}?`));
}

function failureOf(source: string, more: Partial<FunctionSource> = {}) {
  const result = analyze(source, more);
  if (result.ok) throw new Error('expected a failure');
  return result.failure;
}

describe('parameters are ports', () => {
  test.each([
    ['export default (x) => x * x', ['x']],
    ['export default x => x', ['x']],
    ['export default () => 1', []],
    ['export default async (x, limit = 10) => x', ['x', 'limit?']],
    ['export default function follow(user, target) {}', ['user', 'target']],
    ['export default async function (user = "a", target) {}', ['user?', 'target']],
    ['const f = (a, b) => a + b\nexport default f', ['a', 'b']],
    ['export default f\nfunction f(a) {}', ['a']],
    ['export const f = async function (a) {}\nexport { f as default }', ['a']],
    ['export default (__proto__, constructor, π) => 1', ['__proto__', 'constructor', 'π']],
  ])('%s', (source, parameters) => {
    expect(parametersOf(source)).toEqual(parameters);
  });

  test('cloud is no port, and its place is known', () => {
    const result = analyze('export default (a, cloud, b = 1) => a');
    expect(result).toMatchObject({
      ok: true,
      value: {
        parameters: [
          { name: 'a', required: true },
          { name: 'b', required: false },
        ],
        cloudPosition: 1,
      },
    });
    expect(analyze('export default (a) => a')).not.toHaveProperty('value.cloudPosition');
  });

  test('limits have defaults and may be given', () => {
    expect(analyze('export default () => 1')).toMatchObject({
      value: { timeoutMs: 10_000, memoryMb: 64, version: 1, language: 'javascript' },
    });
    expect(
      analyze('export default () => 1', { timeoutMs: 5, memoryMb: 8, version: 7 }),
    ).toMatchObject({ value: { timeoutMs: 5, memoryMb: 8, version: 7 } });
  });
});

describe('TypeScript', () => {
  const typescript = { language: 'typescript' } as const;

  test('types become blanks, so lines and columns stay', () => {
    const source = 'type N = number\nexport default (x: N, y?: string): N => {\n  return x as N\n}';
    const result = analyze(source, typescript);
    expect(result).toMatchObject({ ok: true, value: { source, language: 'typescript' } });
    if (!result.ok) return;
    expect(result.value.javascript).toHaveLength(source.length);
    expect(result.value.javascript.split('\n')[2]).toBe('  return x     ');
    expect(parametersOf(source, typescript)).toEqual(['x', 'y?']);
  });

  test.each([
    ['let a = 1\n  enum A { x }', 2, 3, 'enum'],
    ['class A {\n  constructor(private x: number) {}\n}', 2, 23, 'parameter property'],
    ['\t\tenum A {\n x }', 1, 3, 'enum'],
    ['\tlet a; enum A { x }', 1, 9, 'enum'],
    ['namespace Q { export const z = 1 }', 1, 1, 'namespace'],
  ])('%s is refused with its place', (source, line, column, word) => {
    const failure = failureOf(source, typescript);
    expect(failure).toMatchObject({ type: 'syntax-error', line, column, function: 'f' });
    expect(failure.detail).toContain(word);
    expect(failure.detail).toContain('types are only erased');
  });

  test('a syntax error has its place', () => {
    expect(failureOf('export default (x: number) => {\n  return x +\n}', typescript)).toMatchObject(
      {
        type: 'syntax-error',
        line: 3,
        column: 1,
      },
    );
  });

  test('is never guessed, but named when it explains the error', () => {
    const failure = failureOf('export default (x: number) => x');
    expect(failure).toMatchObject({ type: 'syntax-error', line: 1, column: 18 });
    expect(failure.detail).toContain('set the language to typescript');
  });
});

describe('refusals', () => {
  test('a syntax error: 1-based place, message without acorn’s own', () => {
    expect(failureOf('export default (x) => {\n  retur x\n}')).toEqual({
      type: 'syntax-error',
      detail: 'Unexpected token.',
      line: 2,
      column: 9,
      function: 'f',
    });
  });

  test.each([
    'import fs from "node:fs"\nexport default () => fs',
    'export default () => 1\nexport * from "x"',
    'export { a as default } from "x"',
    'export default async () => await import("node:fs")',
    'const f = () => { class A { static { import("x") } } }\nexport default f',
  ])('no modules: %s', (source) => {
    const failure = failureOf(source);
    expect(failure.type).toBe('syntax-error');
    expect(failure.detail).toContain('no modules to import from');
    expect(failure.line).toBeGreaterThan(0);
  });

  test('no await at the top level', () => {
    expect(failureOf('const x = await 1\nexport default () => x')).toMatchObject({
      type: 'syntax-error',
      line: 1,
      column: 11,
    });
  });

  test.each([
    ['const x = 1', 'no default export'],
    ['export default 5', 'not a function'],
    ['export default class A {}', 'not a function'],
    ['const x = 5\nexport default x', '`x` is not bound to a function'],
    ['export default memo((x) => x)', 'not a function'],
    ['export default function* (x) {}', 'generator'],
    ['export default async function* (x) {}', 'generator'],
    ['export default ({ x, y }) => x', 'destructured'],
    ['export default ([x] = []) => x', 'destructured'],
    ['export default (a, ...rest) => a', 'rest parameter'],
  ])('unsupported signature: %s', (source, words) => {
    const failure = failureOf(source);
    expect(failure.type).toBe('unsupported-signature');
    expect(failure.detail).toContain(words);
  });

  test.each(['', '1a', 'a b', 'a/b', '__proto__.x', 'a'.repeat(65), 'é'])('the name %j', (name) => {
    expect(failureOf('export default () => 1', { name }).type).toBe('invalid-name');
  });

  test('names of prototypes are names', () => {
    expect(analyze('export default () => 1', { name: '__proto__' }).ok).toBe(true);
  });

  test('deep nesting is an answer, not a crash', () => {
    const source = `export default () => ${'('.repeat(100_000)}1${')'.repeat(100_000)}`;
    expect(failureOf(source)).toMatchObject({
      type: 'syntax-error',
      detail: 'Not enough stack space to parse input.',
    });
    // Node's stripper does not survive this; the next author must not notice.
    expect(failureOf(source, { language: 'typescript' })).toMatchObject({
      type: 'syntax-error',
      detail: 'The source is nested too deeply, or takes too long, to be parsed.',
    });
    expect(parametersOf('export default (x: number) => x', { language: 'typescript' })).toEqual([
      'x',
    ]);
  });
});
