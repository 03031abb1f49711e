/**
 * The function that a module exports by default: written in place, or a name bound to one in the
 * same module.
 */
import { fail, succeed } from '@stormglass/core';
import type { Failure, Result } from '@stormglass/core';
import type { Expression, Function as FunctionNode, Node, Program } from 'acorn';
import { placeOf } from './parse-module.ts';

function refuse(detail: string, node?: Node): Result<never> {
  const place: Partial<Failure> = node === undefined ? {} : placeOf(node);
  return fail({ type: 'unsupported-signature', detail, ...place });
}

function isFunctionNode(node: Node): node is FunctionNode {
  return (
    node.type === 'FunctionDeclaration' ||
    node.type === 'FunctionExpression' ||
    node.type === 'ArrowFunctionExpression'
  );
}

/** What the name stands for at the top level of the module. */
function bindingOf(program: Program, name: string): Node | undefined {
  for (const item of program.body) {
    const statement =
      item.type === 'ExportNamedDeclaration' && item.declaration ? item.declaration : item;
    if (statement.type === 'FunctionDeclaration' || statement.type === 'ClassDeclaration') {
      if (statement.id?.name === name) return statement;
    } else if (statement.type === 'VariableDeclaration') {
      for (const { id, init } of statement.declarations) {
        if (id.type === 'Identifier' && id.name === name) return init ?? undefined;
      }
    }
  }
  return undefined;
}

type Exported = Expression | Node;

function exportedByDefault(program: Program): Exported | undefined {
  for (const item of program.body) {
    if (item.type === 'ExportDefaultDeclaration') return item.declaration;
    if (item.type !== 'ExportNamedDeclaration') continue;
    for (const { local, exported } of item.specifiers) {
      const name = exported.type === 'Identifier' ? exported.name : exported.value;
      if (name === 'default') return local;
    }
  }
  return undefined;
}

/** Fails with `unsupported-signature`. */
export function findDefaultExport(program: Program): Result<FunctionNode> {
  const exported = exportedByDefault(program);
  if (exported === undefined) {
    return refuse('The source has no default export. Write `export default` before the function.');
  }
  const isName = exported.type === 'Identifier' && 'name' in exported;
  const name = isName && typeof exported.name === 'string' ? exported.name : undefined;
  const found = name === undefined ? exported : bindingOf(program, name);
  if (found === undefined || !isFunctionNode(found)) {
    return refuse(
      name === undefined
        ? 'The default export is not a function. Write `export default (x) => …` or `export default function name(x) { … }`.'
        : `The default export \`${name}\` is not bound to a function in this source. Export the function itself.`,
      exported,
    );
  }
  if (found.generator) {
    return refuse('A generator cannot be run. Write a function that returns its result.', found);
  }
  return succeed(found);
}
