/**
 * The simulator: a whole cluster from one seed, the same roles as in production, in any host.
 */
export { checkHistory } from './check-history.ts';
export { hashOfHistory, type History, type HistoryEntry } from './history.ts';
export type { PlannedFault } from './planned-fault.ts';
export { runSimulation, type Simulation } from './run-simulation.ts';
export {
  CALM_SCENARIO,
  type ClientStep,
  type InvokeStep,
  type Scenario,
  type ScenarioDag,
  type ScenarioFunction,
  type ScenarioWorker,
} from './scenario.ts';
export type { Script, ScriptStep } from './script.ts';
export { checkCounter, drawScenario } from './workload.ts';
