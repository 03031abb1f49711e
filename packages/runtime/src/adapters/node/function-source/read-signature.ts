/**
 * Parameters are ports: their names and whether a default makes them optional (api.md,
 * "Functions").
 */
import { fail, succeed } from '@stormglass/core';
import type { Parameter, Result } from '@stormglass/core';
import type { Function as FunctionNode, Pattern } from 'acorn';
import { placeOf } from './parse-module.ts';

export interface Signature {
  readonly parameters: readonly Parameter[];
  readonly cloudPosition: number | undefined;
}

/** The parameter that is no port: it receives the state API. */
const CLOUD = 'cloud';

function refuse(pattern: Pattern): Result<never> {
  const detail =
    pattern.type === 'RestElement'
      ? 'A rest parameter has no port. Take one parameter that is an array, for example `(items) => …`.'
      : 'A destructured parameter has no name to be a port. Name it and take it apart inside: `(point) => { const { x, y } = point … }`.';
  return fail({ type: 'unsupported-signature', detail, ...placeOf(pattern) });
}

/** `source` is what the author wrote: TypeScript's `name?: type` makes a parameter optional too. */
export function readSignature(node: FunctionNode, source: string): Result<Signature> {
  const parameters: Parameter[] = [];
  let cloudPosition: number | undefined;
  for (const [position, pattern] of node.params.entries()) {
    const target = pattern.type === 'AssignmentPattern' ? pattern.left : pattern;
    if (target.type !== 'Identifier') return refuse(target);
    if (target.name === CLOUD) cloudPosition = position;
    else {
      const hasDefault = target !== pattern || /^\s*\?/u.test(source.slice(target.end));
      parameters.push({ name: target.name, required: !hasDefault });
    }
  }
  return succeed({ parameters, cloudPosition });
}
