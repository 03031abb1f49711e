/**
 * What a new function starts with: something that runs and shows where the arguments come from.
 */
import type { FunctionName } from '@stormglass/core';

const RESERVED = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends ' +
    'false finally for function if implements import in instanceof interface let new null package private protected ' +
    'public return static super switch this throw true try typeof var void while with yield'
  ).split(' '),
);

const IDENTIFIER = /^[A-Za-z_$][A-Za-z0-9_$]*$/u;

/** A name that JavaScript does not allow for a function is left out: the default export may be anonymous. */
export function functionTemplate(name: FunctionName): string {
  const own = IDENTIFIER.test(name) && !RESERVED.has(name) ? ` ${name}` : '';
  return `export default function${own}(x) {
  return x
}
`;
}
