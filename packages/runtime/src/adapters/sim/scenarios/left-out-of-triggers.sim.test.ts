// What triggers leave out where it is known what can still be read (T21), and how it comes to the commit
// and the token: with messages lost, twice and late, and with crashes.
import { consistencyLevels, type ConsistencyLevel } from '@stormglass/core';
import { describe, expect, test } from 'vitest';
import { HashRing } from '../../../storage/hash-ring.ts';
import { runSchedule } from '../run-schedule.ts';
import type { Helm } from '../run-simulation.ts';
import type {
  InvokeStep,
  Scenario,
  ScenarioArgument,
  ScenarioDag,
  ScenarioFunction,
} from '../scenario.ts';
import { work } from '../script.ts';
import { NARROW, WIDE } from '../workload-shapes.ts';
import { DRAWN_STORAGES, drawScenario } from '../workload.ts';
import type { Outcome } from './outcome.ts';
import { playAtEveryLevel } from './play-at-every-level.ts';

/** k depends on m, which only the token tells of; C3 has not seen it. */
const kOverM = `
  warm C3:m
  u@C1 put m=1
  x@C1 get m
  x@C1 put k=v
  init l=1
  warm C2:l`;
const writers = { levels: { u: 'causal', x: 'causal' } } as const;
const goesOn = `
  e continues d
  e@C3 get m`;

/** Levels where the session that goes on has to know of m. */
const knowsM = (level: ConsistencyLevel): boolean =>
  level === 'multi-key-causal' || level === 'causal' || level === 'causal-cut';
/** Levels where a session that has read k carries m. */
const carriesM = (level: ConsistencyLevel): boolean => knowsM(level) || level === 'repeatable-read';

function expectNothingForgotten(outcome: Outcome, level: ConsistencyLevel): void {
  expect(outcome.failure('d'), level).toBeUndefined();
  expect(outcome.answersSent('d'), level).toBe(1);
  expect(outcome.saw('d', 'k'), level).toEqual(['v']);
  // At the others it depends on what has reached C3 meanwhile.
  if (knowsM(level)) expect(outcome.saw('e', 'm'), level).toEqual([1]);
  expect(outcome.violations()).toEqual([]);
}

test('[SCHED7] a session that is handed in after the sink is waited for', async () => {
  await playAtEveryLevel(
    `${kOverM}
     keep scheduler.session to control
     d.f@C1 argument k
     d.g@C2 argument l &
     wait 50
     mark waiting
     pass scheduler.session to control
     ${goesOn}`,
    writers,
    (outcome, level) => {
      expect(outcome.wasAnsweredAt('waiting', 'd'), level).toBe(!carriesM(level));
      expect(outcome.attempts('d'), level).toBe(1);
      expectNothingForgotten(outcome, level);
    },
  );
});

test('[SCHED7] a session that is lost on its way makes the attempt run again', async () => {
  await playAtEveryLevel(
    `${kOverM}
     d.f@C1 argument k
     lose C1>control
     d.f@C1 argument other
     heal C1>control
     d.g@C2 argument l
     ${goesOn}`,
    writers,
    (outcome, level) => {
      expect(outcome.attempts('d'), level).toBe(carriesM(level) ? 2 : 1);
      expectNothingForgotten(outcome, level);
    },
  );
});

test('[SCHED7] a session that is lost with its worker makes the attempt run again at once', async () => {
  await playAtEveryLevel(
    `${kOverM}
     d.f@C1 argument k
     lose C1>control
     d.f@C1 argument other
     crash C1
     heal C1>control
     d.g@C2 argument l
     ${goesOn}`,
    writers,
    (outcome, level) => {
      const causes = outcome.simulation.events.flatMap(({ event }) =>
        event.kind === 'invocation.started' && event.invocation === 'd' && event.attempt > 1
          ? [event.cause]
          : [],
      );
      // At causal-cut a lost worker always ends the attempt.
      const lost =
        level === 'causal-cut'
          ? 'The worker C1 was lost.'
          : 'What f had seen was lost with its worker.';
      expect(causes, level).toEqual(carriesM(level) ? [lost] : []);
      expectNothingForgotten(outcome, level);
    },
  );
});

test('[SCHED7] nothing is left out beside a function that may read or write anything', async () => {
  for (const last of ['get l', 'put l=2', 'count n 1']) {
    await playAtEveryLevel(
      `${kOverM}
       d.f@C1 argument k
       d.g@C2 argument l
       d.h@C3 ${last}`,
      writers,
      (outcome) => {
        expect(outcome.messages(({ message }) => message.type === 'scheduler.session')).toEqual([]);
        expect(outcome.violations()).toEqual([]);
      },
    );
  }
});

test('[SCHED7] what is written upstream of it is committed', async () => {
  await playAtEveryLevel(
    `${kOverM}
     d.f@C1 get k
     d.f@C1 put w=1
     d.g@C2 argument l
     d.h@C1 argument w
     r@C3 get w`,
    writers,
    (outcome, level) => {
      expect(outcome.saw('d', 'w'), level).toEqual([1]);
      expect(outcome.saw('r', 'w'), level).toEqual([1]);
      expect(outcome.attempts('d'), level).toBe(1);
      expect(outcome.violations()).toEqual([]);
    },
  );
});

test('[SCHED7] where branches are compared, what one has read is in the trigger of the other', async () => {
  await playAtEveryLevel(
    `u0@C3 put l=old
     warm C1:l
     u@C3 get l
     u@C3 put l=new
     x@C3 get l
     x@C3 put k=v
     shape d: a>j b>j
     d.a@C1 argument l
     d.b@C2 argument k
     d.j@C3 argument other`,
    { levels: { u0: 'causal', u: 'causal', x: 'causal' } },
    (outcome, level) => {
      const started = outcome.simulation.events.flatMap(({ event }) =>
        event.kind === 'function.started' && event.invocation === 'd' && event.node === 'j'
          ? [event.attempt]
          : [],
      );
      // j is never given what does not go together.
      expect(started, level).toEqual([level === 'causal-cut' ? 2 : 1]);
      expect(outcome.saw('d', 'l'), level).toEqual([level === 'causal-cut' ? 'new' : 'old']);
      expect(outcome.violations()).toEqual([]);
    },
  );
});

/** Reads what its arguments name. */
const looks: ScenarioFunction = {
  name: 'looks',
  parameters: ['home', 'left', 'right', 'given', 'second'],
  usesCloud: false,
  *script(_home, ...seen) {
    yield* work(2);
    return seen;
  },
};

/** Where functions look: at the ends, or everywhere but in the first. */
type Tail = 'sinks' | 'all but the first';

const looksAt = ({ nodes, edges }: ScenarioDag, tail: Tail): readonly string[] =>
  nodes
    .map(({ id }) => id)
    .filter((id) => (tail === 'sinks' ? edges.every(({ from }) => from !== id) : id !== 'n1'));

/** The drawn scenario with functions that only look: at the first keys that their plans name. */
function withLooks(scenario: Scenario, tail: Tail): Scenario {
  const looking = new Map(scenario.dags.map((dag) => [dag.name, looksAt(dag, tail)]));
  return {
    ...scenario,
    functions: [...scenario.functions, looks],
    dags: scenario.dags.map((dag) => ({
      ...dag,
      nodes: dag.nodes.map((node) =>
        dag.name !== 'stayHome' && looking.get(dag.name)?.includes(node.id) === true
          ? { ...node, function: 'looks' }
          : node,
      ),
    })),
    clients: scenario.clients.map((steps) =>
      steps.map((step) =>
        step.do === 'invoke' && step.dag !== 'stayHome'
          ? { ...step, arguments: lookingArguments(step, looking.get(step.dag) ?? []) }
          : step,
      ),
    ),
  };
}

const lookingArguments = (
  step: InvokeStep,
  looking: readonly string[],
): NonNullable<InvokeStep['arguments']> =>
  new Map(
    [...(step.arguments ?? [])].map(([node, given]) => {
      if (!looking.includes(node)) return [node, given] as const;
      const [first, second] = keysIn(given.get('plan'));
      const kept = [...given].filter(([name]) => name === 'home');
      const refs = [
        ...(first === undefined ? [] : [['given', { ref: first }] as const]),
        ...(second === undefined ? [] : [['second', { ref: second }] as const]),
      ];
      return [node, new Map<string, ScenarioArgument>([...kept, ...refs])] as const;
    }),
  );

const keysIn = (plan: ScenarioArgument | undefined): readonly string[] => [
  ...new Set(
    (JSON.stringify(plan ?? {}).match(/"(?:get|put)":"\w+"/gu) ?? []).map(
      (text) => text.split('"')[3] ?? '',
    ),
  ),
];

const SCHEDULES = 25;
const ring = new HashRing(DRAWN_STORAGES);

describe('drawn scenarios with functions that only look', () => {
  test.each(consistencyLevels)(
    `%s: seeds 1 to ${SCHEDULES} break no rule`,
    { timeout: 120_000 },
    async (level) => {
      const broken: string[] = [];
      let leftOut = 0;
      const steer = ({ cluster }: Helm): Promise<void> => {
        cluster.network.setGate(({ message }) => {
          if (message.type === 'executor.trigger' && message.session.handedIn !== undefined) {
            leftOut += 1;
          }
          return false;
        });
        return Promise.resolve();
      };
      for (let seed = 1; seed <= SCHEDULES; seed += 1) {
        for (const shape of [NARROW, WIDE]) {
          const tail = seed % 2 === 0 ? 'sinks' : 'all but the first';
          const scenario = withLooks(drawScenario(`${seed}`, level, shape), tail);
          const { violations } = await runSchedule({ seed: `${seed}`, scenario }, { ring, steer });
          broken.push(...violations.map(({ sentence }) => `seed ${seed}: ${sentence}`));
        }
      }
      expect(broken).toEqual([]);
      expect(leftOut).toBeGreaterThan(SCHEDULES);
    },
  );
});
