/**
 * What "in causal order" means for the events of one invocation: every cause stands before its
 * effect.
 */
import type { DagBody, StreamEvent, VersionVector } from '../api-client.ts';
import { expect } from '../contract-fixture.ts';

type Matches = (event: StreamEvent) => boolean;

const ofKind =
  (kind: string, fields: Partial<StreamEvent> = {}): Matches =>
  (event) =>
    event.kind === kind && Object.entries(fields).every(([name, value]) => event[name] === value);

/** The place of the one event that matches; more or fewer are an error. */
function placeOf(events: readonly StreamEvent[], what: string, matches: Matches): number {
  const places = [...events.keys()].filter((place) => matches(events[place]!));
  expect(places, `exactly one ${what}`).toHaveLength(1);
  return places[0]!;
}

const readsAndWrites = new Set(['cache.read', 'cache.write']);

/**
 * For an invocation that succeeded at its first attempt, and whose functions take no references.
 */
export function expectCausalOrder(events: readonly StreamEvent[], dag: DagBody): void {
  const place = (what: string, matches: Matches): number => placeOf(events, what, matches);
  const begun = place('invocation.started', ofKind('invocation.started'));
  const ended = place('invocation.finished', ofKind('invocation.finished'));
  expect(begun, 'the start comes first').toBe(0);

  const started = new Map<string, number>();
  const finished = new Map<string, number>();
  for (const { id: node } of dag.nodes) {
    started.set(node, place(`start of ${node}`, ofKind('function.started', { node })));
    finished.set(node, place(`end of ${node}`, ofKind('function.finished', { node })));
    expect(started.get(node)!, `${node} starts before it ends`).toBeLessThan(finished.get(node)!);
    expect(finished.get(node)!, `${node} ends before the invocation`).toBeLessThan(ended);
  }
  for (const [at, { kind, node, key }] of events.entries()) {
    if (!readsAndWrites.has(kind) || node === undefined) continue;
    expect(at, `${kind} of ${key} comes after the start of ${node}`).toBeGreaterThan(
      started.get(node)!,
    );
    expect(at, `${kind} of ${key} comes before the end of ${node}`).toBeLessThan(
      finished.get(node)!,
    );
  }
  for (const { from, to } of dag.edges) {
    const triggered = place(`trigger ${from} → ${to}`, ofKind('function.triggered', { from, to }));
    expect(triggered, `${from} ends before it triggers ${to}`).toBeGreaterThan(finished.get(from)!);
    expect(triggered, `${from} triggers ${to} before that starts`).toBeLessThan(started.get(to)!);
  }
  const numbers = events.map(({ seq }) => seq);
  expect(numbers, 'sequence numbers grow').toEqual(numbers.toSorted((a, b) => a - b));
  expect(new Set(numbers).size, 'and are used once').toBe(numbers.length);
}

/** Whether `newer` counts everything that `older` counts, and more. */
export function isNewer(newer: VersionVector, older: VersionVector): boolean {
  const covers = Object.entries(older).every(([writer, count]) => (newer[writer] ?? 0) >= count);
  const differs = Object.entries(newer).some(([writer, count]) => count > (older[writer] ?? 0));
  return covers && differs;
}
