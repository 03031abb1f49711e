/**
 * What whoever offered another kind of lattice is told.
 */
import type { Failure } from '../failure.ts';
import type { Key } from '../ids.ts';
import type { LatticeMismatch } from './join-capsules.ts';

export const mismatchFailure = (
  key: Key,
  { held, offered }: LatticeMismatch['mismatch'],
): Failure => ({
  type: 'lattice-mismatch',
  key,
  detail:
    `The key ${JSON.stringify(key)} holds a ${held}; a ${offered} cannot be joined into it. ` +
    'Delete the key or use another one.',
});
