/**
 * The placement policy: keys first, then load, then warmth (protocols.md 1.5).
 *
 * A node goes where most of the keys that its arguments name are cached, unless the executor there
 * is busy; among equals to the executor that runs least, then to one that told how busy it is, then
 * to the worker that runs least (its executors share a thread), then to the one that its upstream
 * result is already on, then to a warm one. The first of equals wins, so the same DAG called again
 * lands on the same caches.
 *
 * An executor on which nothing runs is not busy, whatever it told: the scheduler's own count is
 * newer. Any executor takes any function; to be warm for it only decides between equals.
 */
import {
  must,
  type DagEdge,
  type DagNode,
  type Key,
  type NodeId,
  type Schedule,
} from '@stormglass/core';
import { UTILISATION_MAX, UTILISATION_PERIOD_MS } from '../../limits.ts';
import type { ExecutorBelief, Fleet } from '../fleet.ts';

export interface PlacementRequest {
  readonly nodes: readonly DagNode[];
  readonly edges: readonly DagEdge[];
  /** Every node after those it waits for. */
  readonly order: readonly NodeId[];
  /** Keys that the arguments of a node name, as `{"$ref": key}`. */
  readonly keysOf: (node: NodeId) => readonly Key[];
  /** Microseconds since the cluster started. */
  readonly nowUs: number;
}

/** More than this many nodes on one executor, and cached keys no longer draw further ones to it. */
const BUSY_LOAD = 4;

/** `undefined` when there is no executor at all. */
export const placeByLocality = (request: PlacementRequest, fleet: Fleet): Schedule | undefined => {
  const candidates = fleet.candidates();
  if (candidates.length === 0) return undefined;
  const schedule = new Map<NodeId, { worker: string; executor: string }>();
  const loads = new Map(candidates.map((candidate) => [candidate, candidate.load]));
  const functionOf = new Map(request.nodes.map(({ id, function: name }) => [id, name]));
  const continued = new Set<NodeId>();
  for (const node of request.order) {
    const upstream = request.edges.find(
      ({ from, to }) => to === node && !continued.has(from),
    )?.from;
    const inherited = upstream === undefined ? undefined : schedule.get(upstream)?.executor;
    const keys = request.keysOf(node);
    const name = must(functionOf.get(node), `${node} is a node of the DAG`);
    const rank = (candidate: ExecutorBelief): readonly number[] => {
      const load = loads.get(candidate) ?? 0;
      // The upstream function has returned when this one starts, so its place counts as free.
      const ahead = candidate.id === inherited ? Math.max(0, load - 1) : load;
      const utilisation = ahead === 0 ? 0 : utilisationOf(candidate, request.nowUs);
      const isFull = ahead >= BUSY_LOAD;
      return [
        isFull || (utilisation ?? 0) > UTILISATION_MAX ? 0 : 1,
        isFull ? 0 : cachedKeys(candidate, keys, fleet),
        -ahead,
        utilisation === undefined ? 0 : 1,
        -workerLoad(loads, candidate, inherited),
        candidate.id === inherited ? 1 : 0,
        workerOf(schedule, upstream) === candidate.worker ? 1 : 0,
        candidate.warm.has(name) ? 1 : 0,
      ];
    };
    const chosen = best(candidates, rank);
    schedule.set(node, { worker: chosen.worker, executor: chosen.id });
    if (chosen.id === inherited && upstream !== undefined) continued.add(upstream);
    else loads.set(chosen, (loads.get(chosen) ?? 0) + 1);
  }
  return schedule;
};

/** `undefined` when it has not told lately: then it is neither busy nor idle. */
const utilisationOf = ({ report }: ExecutorBelief, nowUs: number): number | undefined =>
  report !== undefined && nowUs - report.atUs <= 2 * UTILISATION_PERIOD_MS * 1_000
    ? report.utilisation
    : undefined;

const workerLoad = (
  loads: ReadonlyMap<ExecutorBelief, number>,
  candidate: ExecutorBelief,
  inherited: string | undefined,
): number => {
  let load = 0;
  for (const [executor, count] of loads) {
    if (executor.worker !== candidate.worker) continue;
    load += executor.id === inherited ? Math.max(0, count - 1) : count;
  }
  return load;
};

const workerOf = (schedule: Schedule, node: NodeId | undefined): string | undefined =>
  node === undefined ? undefined : schedule.get(node)?.worker;

const cachedKeys = (candidate: ExecutorBelief, keys: readonly Key[], fleet: Fleet): number => {
  const cached = fleet.worker(candidate.worker)?.keys;
  return cached === undefined ? 0 : keys.filter((key) => cached.has(key)).length;
};

const best = (
  candidates: readonly ExecutorBelief[],
  rank: (candidate: ExecutorBelief) => readonly number[],
): ExecutorBelief => {
  let chosen = must(candidates[0], 'there is a candidate');
  let chosenRank = rank(chosen);
  for (const candidate of candidates.slice(1)) {
    const candidateRank = rank(candidate);
    if (isHigher(candidateRank, chosenRank)) {
      chosen = candidate;
      chosenRank = candidateRank;
    }
  }
  return chosen;
};

const isHigher = (a: readonly number[], b: readonly number[]): boolean => {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
};
