/**
 * Collects the triggers of a node until every upstream node has sent its own. A trigger that comes
 * twice counts once (X4).
 */
import type { DagEdge, MessageOf, NodeId, ProtocolStrategies } from '@stormglass/core';

export type Trigger = MessageOf<'executor.trigger'>;

export class TriggerInbox {
  readonly #expected: ReadonlyMap<NodeId, ReadonlySet<NodeId>>;
  readonly #strategies: ProtocolStrategies;
  readonly #arrived = new Map<NodeId, Map<NodeId, Trigger>>();

  constructor(edges: readonly DagEdge[], strategies: ProtocolStrategies) {
    this.#strategies = strategies;
    const expected = new Map<NodeId, Set<NodeId>>();
    for (const { from, to } of edges) {
      const upstream = expected.get(to);
      if (upstream === undefined) expected.set(to, new Set([from]));
      else upstream.add(from);
    }
    this.#expected = expected;
  }

  hasArrived(from: NodeId, to: NodeId): boolean {
    return this.#arrived.get(to)?.has(from) === true;
  }

  /** The triggers of the node, by upstream node, when this was the last one; otherwise `undefined`. */
  add(trigger: Trigger): ReadonlyMap<NodeId, Trigger> | undefined {
    const expected = this.#expected.get(trigger.to);
    if (expected === undefined || !expected.has(trigger.from)) return undefined;
    const arrived = this.#arrived.get(trigger.to) ?? new Map<NodeId, Trigger>();
    if (this.#strategies.isRepeatedTrigger(arrived, trigger.from)) return undefined;
    arrived.set(trigger.from, trigger);
    this.#arrived.set(trigger.to, arrived);
    return arrived.size === expected.size ? arrived : undefined;
  }
}
