/**
 * The author's source as a syntax tree of an ES module, without imports and without `await` at the
 * top level.
 */
import { fail, succeed } from '@stormglass/core';
import type { Failure, Result } from '@stormglass/core';
import { parse } from 'acorn';
import type { Node, Program } from 'acorn';

interface Place {
  readonly line: number;
  readonly column: number;
}

/** 1-based, as editors count. */
export function placeOf(node: Node): Partial<Place> {
  return node.loc ? { line: node.loc.start.line, column: node.loc.start.column + 1 } : {};
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

function isPlace(value: unknown): value is Place {
  return (
    typeof value === 'object' &&
    value !== null &&
    'line' in value &&
    typeof value.line === 'number' &&
    'column' in value &&
    typeof value.column === 'number'
  );
}

function describeParseError(error: Error): Failure {
  const place = 'loc' in error && isPlace(error.loc) ? error.loc : undefined;
  return {
    type: 'syntax-error',
    detail: `${error.message.replace(/ \(\d+:\d+\)$/u, '')}.`,
    ...(place === undefined ? {} : { line: place.line, column: place.column + 1 }),
  };
}

const moduleSyntax = new Set(['ImportDeclaration', 'ImportExpression', 'ExportAllDeclaration']);
const functions = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

function isModuleSyntax(node: Node): boolean {
  if (moduleSyntax.has(node.type)) return true;
  return node.type === 'ExportNamedDeclaration' && 'source' in node && node.source !== null;
}

function isAwait(node: Node): boolean {
  if (node.type === 'AwaitExpression') return true;
  return node.type === 'ForOfStatement' && 'await' in node && node.await === true;
}

interface Found {
  readonly node: Node;
  readonly detail: string;
}

/** What parses as a module but cannot be part of a function. */
function findUnsupported(program: Program): Found | undefined {
  const open: { readonly node: Node; readonly isInFunction: boolean }[] = [
    { node: program, isInFunction: false },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node } = next;
    if (isModuleSyntax(node)) {
      const detail =
        'A function has no modules to import from: put everything it needs into its own source, and data into keys.';
      return { node, detail };
    }
    if (isAwait(node) && !next.isInFunction) {
      return { node, detail: '`await` works inside an async function only.' };
    }
    const isInFunction = next.isInFunction || functions.has(node.type);
    for (const child of Object.values(node).flat()) {
      if (isNode(child)) open.push({ node: child, isInFunction });
    }
  }
  return undefined;
}

/** Fails with `syntax-error`, `line` and `column` where they are known. */
export function parseModule(javascript: string): Result<Program> {
  let program: Program;
  try {
    program = parse(javascript, {
      ecmaVersion: 'latest',
      sourceType: 'module',
      locations: true,
    });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return fail(describeParseError(error));
  }
  const found = findUnsupported(program);
  if (found === undefined) return succeed(program);
  return fail({ type: 'syntax-error', detail: found.detail, ...placeOf(found.node) });
}
