/**
 * Creating a function from nothing but a name: it is registered at once, so that it has ports and can be run.
 */
import { NAME_PATTERN } from '@stormglass/core';
import type { FunctionName } from '@stormglass/core';
import { functionStore, saveFunction } from './function-store.ts';
import { functionTemplate } from './function-template.ts';

/** Why a name cannot be given to a new function, or `undefined`. */
export function nameErrorOf(name: string): string | undefined {
  if (name === '') return 'A function needs a name.';
  if (!NAME_PATTERN.test(name)) return 'Letters, digits, - and _; a letter or _ first; 64 at most.';
  const isTaken = functionStore.getState().functions?.has(name) ?? false;
  return isTaken ? `There is already a ${name}.` : undefined;
}

/** Answers with what went wrong, or `undefined` when the function is there. */
export async function createFunction(name: FunctionName): Promise<string | undefined> {
  const error = nameErrorOf(name);
  if (error !== undefined) return error;
  const answer = await saveFunction(name, {
    source: functionTemplate(name),
    language: 'javascript',
  });
  return answer.ok ? undefined : answer.problem.detail;
}
