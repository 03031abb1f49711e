/**
 * A scenario as a set of parts that can be left out one by one: each client's steps, what its
 * invocations carry as lists (the plans of drawn ones), going on in a session, planned faults, and
 * each way in which the world is worse than a calm one. A part keeps its name whatever else is left
 * out.
 */
import {
  CALM_SCENARIO,
  type ClientStep,
  type InvokeStep,
  type Scenario,
  type ScenarioArgument,
} from '../scenario.ts';
import { EXACT_CLOCK } from '../sim-clock.ts';

export type PartName = string;
type IsKept = (part: PartName) => boolean;

const stepName = (client: number, step: number): PartName => `client ${client} step ${step}`;
const sessionName = (step: PartName): PartName => `${step} session`;
const itemName = (step: PartName, node: string, parameter: string, index: number): PartName =>
  `${step} ${node} ${parameter} ${index}`;
const faultName = (id: string): PartName => `fault ${id}`;
const clockName = (worker: string): PartName => `clock of ${worker}`;

/** Setting → the scenario with a calm one in its place. */
const settings = new Map<PartName, (scenario: Scenario) => Scenario>([
  ['disk', (scenario) => ({ ...scenario, diskUs: CALM_SCENARIO.diskUs })],
  ['pace', (scenario) => ({ ...scenario, pace: CALM_SCENARIO.pace })],
  ['start', (scenario) => ({ ...scenario, functionStartUs: CALM_SCENARIO.functionStartUs })],
  ['detection', (scenario) => ({ ...scenario, crashDetectionUs: CALM_SCENARIO.crashDetectionUs })],
  ['duplicates', (scenario) => withNetwork(scenario, { duplicateShare: 0 })],
  ['loss', (scenario) => withNetwork(scenario, { lossShare: 0 })],
  ['reordering', (scenario) => withNetwork(scenario, { reorderShare: 0 })],
  ['cache budgets', (scenario) => withCacheBudgets(scenario)],
  [
    'slow messages',
    (scenario) => withNetwork(scenario, { slowShare: 0, slowUs: CALM_SCENARIO.network.slowUs }),
  ],
  ['delay', (scenario) => withNetwork(scenario, { delayUs: CALM_SCENARIO.network.delayUs })],
  ['refresh', (scenario) => withNetwork(scenario, { refreshMs: undefined })],
  ['local delay', (scenario) => withNetwork(scenario, { isLocalInline: true })],
]);

const withCacheBudgets = (scenario: Scenario): Scenario => ({
  ...scenario,
  workers: scenario.workers.map((worker) => ({ ...worker, cacheBytesMax: undefined })),
});

const withNetwork = (scenario: Scenario, calm: Partial<Scenario['network']>): Scenario => ({
  ...scenario,
  network: { ...scenario.network, ...calm },
});

/**
 * What can be left out first: steps, faults and settings. What is inside a step comes with
 * {@link innerPartsOf}.
 */
export const outerPartsOf = (scenario: Scenario): readonly PartName[] => [
  ...scenario.clients.flatMap((steps, client) => steps.map((_, step) => stepName(client, step))),
  ...scenario.faults.map(({ id }) => faultName(id)),
  ...scenario.workers.map(({ id }) => clockName(id)),
  ...settings.keys(),
];

/** What can be left out of the steps that are kept. */
export const innerPartsOf = (scenario: Scenario, isKept: IsKept): readonly PartName[] =>
  scenario.clients.flatMap((steps, client) =>
    steps.flatMap((step, index) => {
      const name = stepName(client, index);
      if (step.do !== 'invoke' || !isKept(name)) return [];
      return [...(step.continuesSession === true ? [sessionName(name)] : []), ...items(step, name)];
    }),
  );

const items = (step: InvokeStep, name: PartName): readonly PartName[] =>
  [...(step.arguments ?? [])].flatMap(([node, given]) =>
    [...given].flatMap(([parameter, argument]) =>
      listIn(argument).map((_, index) => itemName(name, node, parameter, index)),
    ),
  );

const listIn = (argument: ScenarioArgument): readonly unknown[] => {
  const value: unknown = 'value' in argument ? argument.value : undefined;
  return Array.isArray(value) ? value : [];
};

/** The scenario with what is kept of it. */
export function scenarioOf(scenario: Scenario, isKept: IsKept): Scenario {
  const smaller: Scenario = {
    ...scenario,
    clients: scenario.clients.map((steps, client) =>
      steps.flatMap((step, index) => {
        const name = stepName(client, index);
        return isKept(name) ? [stepOf(step, name, isKept)] : [];
      }),
    ),
    faults: scenario.faults.filter(({ id }) => isKept(faultName(id))),
    workers: scenario.workers.map((worker) =>
      isKept(clockName(worker.id)) ? worker : { ...worker, clock: EXACT_CLOCK },
    ),
  };
  return [...settings].reduce(
    (calmer, [name, calm]) => (isKept(name) ? calmer : calm(calmer)),
    smaller,
  );
}

function stepOf(step: ClientStep, name: PartName, isKept: IsKept): ClientStep {
  if (step.do !== 'invoke') return step;
  const given = [...(step.arguments ?? [])].map(
    ([node, parameters]) =>
      [
        node,
        new Map(
          [...parameters].map(([parameter, argument]) => [
            parameter,
            keptItems(argument, (index) => isKept(itemName(name, node, parameter, index))),
          ]),
        ),
      ] as const,
  );
  const continuesSession = step.continuesSession === true && isKept(sessionName(name));
  return { ...step, arguments: new Map(given), continuesSession };
}

const keptItems = (
  argument: ScenarioArgument,
  isKept: (index: number) => boolean,
): ScenarioArgument =>
  'value' in argument && Array.isArray(argument.value)
    ? { value: argument.value.filter((_, index) => isKept(index)) }
    : argument;
