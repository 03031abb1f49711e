// A trace names each message, read, write, fault and answer, in the column of its machine.
import { expect, test } from 'vitest';
import { runSimulation } from '../run-simulation.ts';
import { CALM_SCENARIO, type Scenario } from '../scenario.ts';
import { get, put } from '../script.ts';
import { tellTrace } from './tell-trace.ts';
import type { TraceStep } from './trace-step.ts';

const scenario: Scenario = {
  ...CALM_SCENARIO,
  workers: CALM_SCENARIO.workers.slice(0, 1),
  storages: ['s1'],
  functions: [
    {
      name: 'copy',
      parameters: [],
      *script() {
        yield* put('to', yield* get('from'));
      },
    },
  ],
  dags: [{ name: 'copy', nodes: [{ id: 'n', function: 'copy' }], edges: [] }],
  clients: [
    [
      { do: 'put', key: 'from', value: 1 },
      { do: 'invoke', invocation: 'i', dag: 'copy', level: 'causal' },
      { do: 'wait', durationMs: 100 },
    ],
  ],
  faults: [
    {
      id: 'cut',
      kind: 'partition',
      manner: 'lose',
      from: ['s1'],
      to: ['w1'],
      isOneWay: true,
      atMs: 20,
      durationMs: 10,
    },
  ],
};

async function traceOf(seed: string): Promise<readonly string[]> {
  const steps: TraceStep[] = [];
  await runSimulation(seed, scenario, { trace: (step) => steps.push(step) });
  return tellTrace(scenario, steps);
}

test('a trace says who told whom what, with versions, faults and answers, by machine', async () => {
  const lines = await traceOf('1');
  const [header = ''] = lines;
  expect(header.trim().split(/\s+/u)).toEqual(['ms', 'control', 'w1', 's1']);
  const told = (machine: string, text: RegExp): readonly string[] => {
    const column = header.indexOf(machine);
    return lines.filter((line) => line.search(/\S/u) < column && text.test(line.slice(column)));
  };
  expect(told('s1', /^← storage\.get from from cache\/w1, sent at/u)).not.toEqual([]);
  expect(told('w1', /^i#1 n reads from \{lww:\d+\} \(causal\//u)).not.toEqual([]);
  expect(told('w1', /^i#1 n writes to \{w1\.1:1\}, after from/u)).not.toEqual([]);
  expect(told('s1', /^to is \{w1\.1:1\} with \{w1\.1:1\}/u)).not.toEqual([]);
  expect(told('control', /^answers i: ok \(1\)/u)).toHaveLength(1);
  expect(told('control', /^\*\*\* cut begins: .*"lose"/u)).toHaveLength(1);
  expect(told('control', /^\*\*\* cut ends/u)).toHaveLength(1);
  expect(await traceOf('1')).toEqual(lines);
});

test('whether somebody traces does not change what happens', async () => {
  const traced = await runSimulation('1', scenario, { trace: () => undefined });
  expect((await runSimulation('1', scenario)).hash).toBe(traced.hash);
});
