/**
 * The shape of a DAG of a scenario: node → every node that has finished before it starts.
 */
import type { DagName, NodeId } from '@stormglass/core';
import type { Scenario } from './scenario.ts';

export function ancestorsIn(
  scenario: Scenario,
  name: DagName,
): ReadonlyMap<NodeId, ReadonlySet<NodeId>> {
  const dag = scenario.dags.find((candidate) => candidate.name === name);
  const ancestors = new Map<NodeId, Set<NodeId>>();
  const collect = (node: NodeId): Set<NodeId> => {
    const known = ancestors.get(node);
    if (known !== undefined) return known;
    const found = new Set<NodeId>();
    for (const { from, to } of dag?.edges ?? []) {
      if (to !== node) continue;
      found.add(from);
      for (const before of collect(from)) found.add(before);
    }
    ancestors.set(node, found);
    return found;
  };
  for (const { id } of dag?.nodes ?? []) collect(id);
  return ancestors;
}
