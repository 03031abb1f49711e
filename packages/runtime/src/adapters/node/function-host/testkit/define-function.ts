/**
 * Function definitions for tests, each a version of its own.
 */
import type { FunctionDefinition } from '@stormglass/core';
import { analyzeFunction } from '../../function-source/analyze-function.ts';

let version = 0;

export interface TestLimits {
  readonly name?: string;
  readonly timeoutMs?: number;
  readonly memoryMb?: number;
}

export function defineFunction(source: string, limits: TestLimits = {}): FunctionDefinition {
  version += 1;
  const { name = 'f', timeoutMs = 5_000, memoryMb = 16 } = limits;
  const analyzed = analyzeFunction({ name, source, version, timeoutMs, memoryMb });
  if (!analyzed.ok) throw new Error(analyzed.failure.detail);
  return analyzed.value;
}
