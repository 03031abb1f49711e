/**
 * An example before it is installed: its DAG, how to run it, and what has to be in the store first.
 */
import type { DagBody, Example, Key } from '@stormglass/core';

export interface ExampleDefinition extends Example {
  /** Files in the example's folder; a function is called as its file, in camel case. */
  readonly functionFiles: readonly string[];
  readonly body: DagBody;
  /** Keys that the DAG reads. */
  readonly entries: () => Promise<readonly (readonly [Key, unknown])[]>;
}

/** A column of the canvas: nodes are 208 wide, and what a run shows on them has to stay legible. */
export const COLUMN = 264;
