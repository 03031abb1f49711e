/**
 * Every defect that the simulation has to find.
 */
import type { Defect } from './defect.ts';
import { readDefects } from './read-defects.ts';
import { sessionDefects } from './session-defects.ts';
import { storeDefects } from './store-defects.ts';
import { valueDefects } from './value-defects.ts';

export const allDefects: readonly Defect[] = [
  ...readDefects,
  ...sessionDefects,
  ...storeDefects,
  ...valueDefects,
];
