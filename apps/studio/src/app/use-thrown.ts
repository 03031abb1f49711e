/**
 * Where a node's code threw in the run that is shown. It is said about the code that ran: a newer
 * version of the function may be right.
 */
import type { FunctionName, NodeId } from '@stormglass/core';
import { useMemo } from 'react';
import type { SourceProblem } from '../editor/source-problem.ts';
import { functionStore, useFunctions } from '../library/function-store.ts';
import { useNodeRun } from '../run/run-store.ts';

/** The version of the function when an error was first seen; events do not carry it. */
const versionThen = new WeakMap<object, number | undefined>();

function rememberVersion(error: object, name: FunctionName): number | undefined {
  if (!versionThen.has(error)) {
    versionThen.set(error, functionStore.getState().functions?.get(name)?.version);
  }
  return versionThen.get(error);
}

export function useThrown(node: NodeId, name: FunctionName): SourceProblem | undefined {
  const error = useNodeRun(node)?.error;
  const version = useFunctions((state) => state.functions?.get(name)?.version);
  return useMemo(() => {
    if (error?.line === undefined) return undefined;
    const then = rememberVersion(error, name);
    if (then !== undefined && then !== version) return undefined;
    return {
      message: `${error.name}: ${error.message}`,
      line: error.line,
      column: error.column ?? 1,
    };
  }, [error, name, version]);
}
