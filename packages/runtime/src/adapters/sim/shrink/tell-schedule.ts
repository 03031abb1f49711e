/**
 * A schedule in words: what each client does, in order, and how the world differs from a calm one.
 */
import { CALM_SCENARIO, type ClientStep, type InvokeStep, type Scenario } from '../scenario.ts';
import type { Schedule } from './shrink-schedule.ts';

/**
 * How long a schedule is: every operation that a plan or a client does, every invocation that does
 * none, every fault that is switched on. Waiting does not count.
 */
export const lengthOf = ({ scenario }: Schedule): number =>
  scenario.faults.length +
  scenario.clients.flat().reduce((sum, step) => sum + lengthOfStep(step), 0);

function lengthOfStep(step: ClientStep): number {
  if (step.do === 'wait' || step.do === 'await-event' || step.do === 'heal') return 0;
  if (step.do !== 'invoke') return 1;
  return Math.max(
    1,
    plansOf(step).reduce((sum, { actions }) => sum + actions.length, 0),
  );
}

interface Plan {
  readonly node: string;
  readonly actions: readonly unknown[];
}

const plansOf = (step: InvokeStep): readonly Plan[] =>
  [...(step.arguments ?? [])].flatMap(([node, given]) =>
    [...given.values()].flatMap((argument) => {
      const value: unknown = 'value' in argument ? argument.value : undefined;
      return Array.isArray(value) && value.length > 0 ? [{ node, actions: value }] : [];
    }),
  );

/** One line for each thing that happens, none for what does not. */
export function tellSchedule({ seed, scenario }: Schedule): readonly string[] {
  return [
    `seed ${seed}`,
    ...scenario.clients.flatMap((steps, client) =>
      steps.flatMap((step, index) => tellStep(index === 0 ? `client ${client}` : '', step)),
    ),
    ...scenario.faults.map(({ id, ...fault }) => `${id}: ${JSON.stringify(fault)}`),
    ...tellWorld(scenario),
  ];
}

const MARGIN = 10;

function tellStep(who: string, step: ClientStep): readonly string[] {
  const [first = '', ...others] = stepLines(step);
  return [who.padEnd(MARGIN) + first, ...others.map((line) => ' '.repeat(MARGIN + 2) + line)];
}

function stepLines(step: ClientStep): readonly string[] {
  switch (step.do) {
    case 'invoke': {
      const session = step.continuesSession === true ? ', in the session before' : '';
      return [
        `calls ${step.dag} as ${step.invocation} at ${step.level}${session}`,
        ...placesOf(step),
        ...plansOf(step).map(
          ({ node, actions }) => `${node}: ${actions.map(tellAction).join(', ')}`,
        ),
      ];
    }
    case 'put':
      return [`puts ${step.key} = ${JSON.stringify(step.value)}`];
    case 'get':
    case 'delete':
      return [`${step.do}s ${step.key}`];
    case 'wait':
      return [`waits ${step.durationMs} ms`];
    case 'await-event':
      return [`waits for ${step.kind}${step.node === undefined ? '' : ` of ${step.node}`}`];
    default: {
      const { do: what, ...rest } = step;
      return [`${what} ${JSON.stringify(rest)}`];
    }
  }
}

const placesOf = (step: InvokeStep): readonly string[] => {
  const places = [...(step.arguments ?? [])].flatMap(([node, given]) =>
    [...given.values()].flatMap((argument) =>
      'ref' in argument ? [`${node} gets ${argument.ref}`] : [],
    ),
  );
  return places.length === 0 ? [] : [places.join(', ')];
};

/** `{ put: 'a', value: 1 }` as `put a 1`. */
const tellAction = (action: unknown): string =>
  typeof action === 'object' && action !== null
    ? Object.entries(action)
        .map(([name, given], index) => (index === 0 ? `${name} ${String(given)}` : String(given)))
        .join(' ')
    : JSON.stringify(action);

/** Each setting that is not the calm one. */
function tellWorld(scenario: Scenario): readonly string[] {
  const { network, diskUs, functionStartUs, crashDetectionUs, pace, workers } = scenario;
  const calm = CALM_SCENARIO;
  const given = { ...network, diskUs, functionStartUs, crashDetectionUs, pace };
  const usual = new Map<string, unknown>(
    Object.entries({
      ...calm.network,
      diskUs: calm.diskUs,
      functionStartUs: calm.functionStartUs,
      crashDetectionUs: calm.crashDetectionUs,
      pace: calm.pace,
    }),
  );
  return [
    ...Object.entries(given).flatMap(([name, value]) =>
      JSON.stringify(value) === JSON.stringify(usual.get(name))
        ? []
        : [`${name}: ${JSON.stringify(value)}`],
    ),
    ...workers.flatMap(({ id, clock }) =>
      clock.skewMs === 0 && clock.driftPpm === 0
        ? []
        : [`clock of ${id}: ${JSON.stringify(clock)}`],
    ),
  ];
}
