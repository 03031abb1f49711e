/**
 * Which invocation the screen shows, and everything known of it: from the stream while the stream has
 * all of it, else from its trace. Views follow at most ten times a second.
 */
import type {
  DagName,
  EventRecord,
  InvocationId,
  InvocationStatus,
  InvocationTrace,
  NodeId,
} from '@stormglass/core';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { getInvocation, getTrace } from '../api/invocations.ts';
import type { Answer, ApiProblem } from '../api/request.ts';
import type { LiveState } from '../live/live-store.ts';
import { liveStore } from '../live/stream.ts';
import { invocationSummaryOf, type InvocationSummary } from './invocation-summary.ts';
import { mergeRecords } from './merge-records.ts';
import { nodeRunsOf, reuseUnchanged, type NodeRun } from './node-run.ts';
import { paced, pagePace, type PaceSurroundings } from '../live/pace.ts';

export interface RunState {
  readonly dag: DagName | undefined;
  /** The invocation named by the address, which wins over following. */
  readonly chosen: InvocationId | undefined;
  /** Show the newest invocation of this DAG while none is chosen. */
  readonly follow: boolean;
  /** The invocation that is shown. */
  readonly invocation: InvocationId | undefined;
  readonly records: readonly EventRecord[];
  readonly summary: InvocationSummary | undefined;
  readonly nodes: ReadonlyMap<NodeId, NodeRun>;
  /** Asked for when the stream does not have all of it. */
  readonly trace: InvocationTrace | undefined;
  /** Whole results and the problem, once it has ended. */
  readonly outcome: InvocationStatus | undefined;
  readonly isLoading: boolean;
  /** Why the invocation cannot be shown. */
  readonly problem: ApiProblem | undefined;
  /** The record that a person points at, by `seq`. */
  readonly selectedSeq: number | undefined;
}

const NOTHING_SHOWN = {
  invocation: undefined,
  records: [],
  summary: undefined,
  nodes: new Map<NodeId, NodeRun>(),
  trace: undefined,
  outcome: undefined,
  isLoading: false,
  problem: undefined,
  selectedSeq: undefined,
} as const;

const INITIAL_RUN_STATE: RunState = {
  dag: undefined,
  chosen: undefined,
  follow: true,
  ...NOTHING_SHOWN,
};

export const VIEW_INTERVAL_MS = 100;
const OUTCOME_WAIT_MS = 20_000;

/** How the shown invocation stands, from the place that knows best; `undefined` while nobody does. */
export const shownStatus = (run: RunState): InvocationStatus['status'] | undefined =>
  run.summary?.status ?? run.outcome?.status ?? run.trace?.status;

export interface RunSurroundings extends PaceSurroundings {
  readonly loadTrace: (id: InvocationId) => Promise<Answer<InvocationTrace>>;
  /** With `waitMs` the answer comes when the invocation has ended, or after that time. */
  readonly loadOutcome: (id: InvocationId, waitMs?: number) => Promise<Answer<InvocationStatus>>;
}

/** What was asked for already, so that a failure is not asked again ten times a second. */
interface Asked {
  readonly invocation: InvocationId | undefined;
  readonly trace: boolean;
  readonly outcome: boolean;
}

const NOTHING_ASKED: Asked = { invocation: undefined, trace: false, outcome: false };

export class RunStore {
  readonly state: StoreApi<RunState> = createStore(() => INITIAL_RUN_STATE);
  readonly #live: StoreApi<LiveState>;
  readonly #world: RunSurroundings;
  #asked = NOTHING_ASKED;
  /** What was on the screen when the server started anew: better than nothing until the trace answers. */
  #kept: readonly EventRecord[] = [];

  constructor(live: StoreApi<LiveState>, world: RunSurroundings) {
    this.#live = live;
    this.#world = world;
    const refreshSoon = paced(VIEW_INTERVAL_MS, () => this.#refresh(), world);
    live.subscribe((now, before) => {
      if (this.#isNews(now, before)) refreshSoon();
    });
  }

  /** The screen is about this DAG, and about this invocation when one is named. */
  readonly show = (dag: DagName | undefined, chosen: InvocationId | undefined): void => {
    const state = this.state.getState();
    if (state.dag === dag && state.chosen === chosen) return;
    this.state.setState({ dag, chosen });
    this.#refresh();
  };

  readonly setFollow = (follow: boolean): void => {
    this.state.setState({ follow });
    this.#refresh();
  };

  readonly selectRecord = (selectedSeq: number | undefined): void => {
    this.state.setState({ selectedSeq });
  };

  #isNews(now: LiveState, before: LiveState): boolean {
    const { invocation, dag } = this.state.getState();
    const isNewCluster = now.cluster !== before.cluster;
    if (isNewCluster && before.cluster !== undefined) {
      this.#kept = this.state.getState().records;
      this.#asked = NOTHING_ASKED;
      // Its numbers begin anew: what one start tells is never mixed with what another one told.
      this.state.setState({ trace: undefined });
    }
    // What was skipped has to be asked for.
    if (now.skipped !== before.skipped) this.#asked = { ...this.#asked, trace: false };
    return (
      isNewCluster ||
      (invocation !== undefined &&
        now.invocations.get(invocation) !== before.invocations.get(invocation)) ||
      (dag !== undefined && now.newestOf.get(dag) !== before.newestOf.get(dag))
    );
  }

  #refresh(): void {
    const invocation = this.#chooseInvocation();
    if (invocation === undefined) return;
    const streamed = this.#live.getState().invocations.get(invocation);
    const state = this.state.getState();
    const known = mergeRecords(state.trace?.events ?? [], streamed?.records ?? []);
    const records = known.length === 0 ? this.#kept : known;
    const isAnew = known.length > 0 && this.#kept.length > 0;
    if (isAnew) this.#kept = [];
    if (isAnew || records.length !== state.records.length) {
      const summary = invocationSummaryOf(records);
      const nodes = isAnew ? nodeRunsOf(records) : reuseUnchanged(state.nodes, nodeRunsOf(records));
      this.state.setState({ records, summary, nodes });
    }
    this.#askFor(invocation, streamed?.isComplete === true);
  }

  #chooseInvocation(): InvocationId | undefined {
    const { dag, chosen, follow, invocation: shown } = this.state.getState();
    const newest = dag === undefined ? undefined : this.#live.getState().newestOf.get(dag);
    const invocation = chosen ?? (follow ? newest : undefined);
    if (shown !== invocation) {
      this.#kept = [];
      this.state.setState({ ...NOTHING_SHOWN, invocation });
    }
    if (this.#asked.invocation !== invocation) this.#asked = { ...NOTHING_ASKED, invocation };
    return invocation;
  }

  #askFor(invocation: InvocationId, isStreamed: boolean): void {
    // Before the first hello nobody knows what the stream will bring.
    const isStreamKnown = this.#live.getState().cluster !== undefined;
    if (isStreamKnown && !isStreamed && !this.#asked.trace) {
      this.#asked = { ...this.#asked, trace: true };
      void this.#loadTrace(invocation);
    }
    const status = shownStatus(this.state.getState());
    if (status !== undefined && status !== 'running' && !this.#asked.outcome) {
      this.#asked = { ...this.#asked, outcome: true };
      void this.#loadOutcome(invocation);
    }
  }

  async #loadTrace(invocation: InvocationId): Promise<void> {
    this.state.setState({ isLoading: true });
    const answer = await this.#world.loadTrace(invocation);
    if (this.state.getState().invocation !== invocation) return;
    this.state.setState(
      answer.ok
        ? { isLoading: false, trace: answer.value, problem: undefined }
        : { isLoading: false, problem: answer.problem },
    );
    this.#refresh();
    // Without a trace the stream never tells of the end.
    if (answer.ok && answer.value.status === 'running' && answer.value.events.length === 0) {
      await this.#awaitOutcome(invocation);
    }
  }

  async #awaitOutcome(invocation: InvocationId): Promise<void> {
    this.#asked = { ...this.#asked, outcome: true };
    const isShown = () => this.state.getState().invocation === invocation;
    while (isShown()) {
      const answer = await this.#world.loadOutcome(invocation, OUTCOME_WAIT_MS);
      if (!isShown() || !answer.ok) return;
      this.state.setState({ outcome: answer.value });
      if (answer.value.status !== 'running') return;
    }
  }

  async #loadOutcome(invocation: InvocationId): Promise<void> {
    const answer = await this.#world.loadOutcome(invocation);
    if (this.state.getState().invocation === invocation && answer.ok) {
      this.state.setState({ outcome: answer.value });
    }
  }
}

export const runStore = new RunStore(liveStore, {
  ...pagePace,
  loadTrace: getTrace,
  loadOutcome: getInvocation,
});

export const useRun = <T>(selector: (state: RunState) => T): T =>
  useStore(runStore.state, selector);

export const useNodeRun = (node: NodeId | undefined): NodeRun | undefined =>
  useStore(runStore.state, (state) => (node === undefined ? undefined : state.nodes.get(node)));
