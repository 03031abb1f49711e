import { describe, expect, test } from 'vitest';
import { PUBLISHED_WORKLOAD, publishedWorkload, VALUE_BYTES } from './published-workload.ts';

const { scenario, executions } = publishedWorkload(PUBLISHED_WORKLOAD, 'lww');

describe('publishedWorkload', () => {
  test('has the published numbers', () => {
    expect(scenario.clients.map((steps) => steps.length)).toEqual(Array(8).fill(500));
    expect(scenario.workers.map(({ executors }) => executors)).toEqual([3, 3, 3, 3, 3]);
    expect(scenario.storages).toHaveLength(3);
    expect(scenario.dags).toHaveLength(250);
    const lengths = scenario.dags.map(({ nodes }) => nodes.length);
    expect(new Set(lengths)).toEqual(new Set([2, 3, 4, 5]));
    expect(lengths.reduce((sum, length) => sum + length, 0) / 250).toBeCloseTo(3, 0);
  });

  test('every function takes two arguments, and every execution writes a key it reads', () => {
    for (const { dag, references, writes } of executions) {
      const counts = dag.nodes.map(({ id }) => {
        const upstream = dag.edges.filter(({ to }) => to === id).length;
        return upstream + (references.get(id)?.size ?? 0);
      });
      expect(new Set(counts)).toEqual(new Set([2]));
      expect([...references.values()].flatMap((taken) => [...taken.values()])).toContain(writes);
    }
  });

  test('every value that is written has eight bytes and is written once', () => {
    const values = executions.map(({ value }) => value);
    expect(new Set(values).size).toBe(4_000);
    expect(new Set(values.map(({ length }) => length))).toEqual(new Set([VALUE_BYTES]));
  });

  test('equal seeds give equal plans at every level, others give others', () => {
    const small = { ...PUBLISHED_WORKLOAD, executions: 40 };
    const plans = publishedWorkload(small, 'lww').executions;
    expect(publishedWorkload(small, 'causal').executions).toEqual(plans);
    expect(publishedWorkload({ ...small, seed: '2' }, 'lww').executions).not.toEqual(plans);
  });

  test('with branches, two sources meet in the third function', () => {
    const { scenario: branched } = publishedWorkload({ ...PUBLISHED_WORKLOAD, shape: 'v' }, 'lww');
    const dag = branched.dags.find(({ nodes }) => nodes.length === 3);
    expect(dag?.edges).toEqual([
      { from: 'n1', to: 'n3', parameter: 'third' },
      { from: 'n2', to: 'n3', parameter: 'first' },
    ]);
  });
});
