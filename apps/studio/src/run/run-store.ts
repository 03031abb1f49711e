/**
 * Which invocation the screen shows, and everything known of it: from the stream while the stream has all of it, else
 * from its trace. Views follow at most ten times a second.
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
import { paced, pagePace, type PaceSurroundings } from './pace.ts';

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

export const INITIAL_RUN_STATE: RunState = {
  dag: undefined,
  chosen: undefined,
  follow: true,
  ...NOTHING_SHOWN,
};

export const VIEW_INTERVAL_MS = 100;

export interface RunSurroundings extends PaceSurroundings {
  readonly loadTrace: (id: InvocationId) => Promise<Answer<InvocationTrace>>;
  readonly loadOutcome: (id: InvocationId) => Promise<Answer<InvocationStatus>>;
}

export interface RunStore extends StoreApi<RunState> {
  /** The screen is about this DAG, and about this invocation when one is named. */
  readonly show: (dag: DagName | undefined, chosen: InvocationId | undefined) => void;
  readonly setFollow: (follow: boolean) => void;
  readonly selectRecord: (seq: number | undefined) => void;
}

export function createRunStore(live: StoreApi<LiveState>, world: RunSurroundings): RunStore {
  const store = createStore(() => INITIAL_RUN_STATE);
  /** What was asked for already, so that a failure is not asked again ten times a second. */
  let asked = { invocation: '', trace: false, outcome: false };
  /** What was on the screen when the server started anew: better than nothing until the trace answers. */
  let kept: readonly EventRecord[] = [];

  const isShown = (invocation: InvocationId) => store.getState().invocation === invocation;

  const loadTrace = async (invocation: InvocationId) => {
    store.setState({ isLoading: true });
    const answer = await world.loadTrace(invocation);
    if (!isShown(invocation)) return;
    store.setState(
      answer.ok
        ? { isLoading: false, trace: answer.value, problem: undefined }
        : { isLoading: false, problem: answer.problem },
    );
    refresh();
  };

  const loadOutcome = async (invocation: InvocationId) => {
    const answer = await world.loadOutcome(invocation);
    if (isShown(invocation) && answer.ok) store.setState({ outcome: answer.value });
  };

  const refresh = () => {
    const { dag, chosen, follow } = store.getState();
    const newest = dag === undefined ? undefined : live.getState().newestOf.get(dag);
    const invocation = chosen ?? (follow ? newest : undefined);
    if (store.getState().invocation !== invocation) {
      kept = [];
      store.setState({ ...NOTHING_SHOWN, invocation });
    }
    if (invocation === undefined) return;
    if (asked.invocation !== invocation) asked = { invocation, trace: false, outcome: false };

    const streamed = live.getState().invocations.get(invocation);
    const state = store.getState();
    const records = mergeRecords(state.trace?.events ?? kept, streamed?.records ?? []);
    if (records.length !== state.records.length) {
      const summary = invocationSummaryOf(records);
      const nodes = reuseUnchanged(state.nodes, nodeRunsOf(records));
      store.setState({ records, summary, nodes });
    }
    // Before the first hello nobody knows what the stream will bring.
    const isStreamKnown = live.getState().cluster !== undefined;
    if (isStreamKnown && streamed?.isComplete !== true && !asked.trace) {
      asked.trace = true;
      void loadTrace(invocation);
    }
    const status = store.getState().summary?.status ?? store.getState().trace?.status;
    if (status !== undefined && status !== 'running' && !asked.outcome) {
      asked.outcome = true;
      void loadOutcome(invocation);
    }
  };

  const refreshSoon = paced(VIEW_INTERVAL_MS, refresh, world);
  live.subscribe((now, before) => {
    const { invocation, dag } = store.getState();
    const isNewCluster = now.cluster !== before.cluster;
    if (isNewCluster && before.cluster !== undefined) {
      kept = store.getState().records;
      asked = { invocation: '', trace: false, outcome: false };
    }
    // What was skipped has to be asked for.
    if (now.skipped !== before.skipped) asked = { ...asked, trace: false };
    const hasNews =
      isNewCluster ||
      (invocation !== undefined &&
        now.invocations.get(invocation) !== before.invocations.get(invocation)) ||
      (dag !== undefined && now.newestOf.get(dag) !== before.newestOf.get(dag));
    if (hasNews) refreshSoon();
  });

  return {
    ...store,
    show: (dag, chosen) => {
      const state = store.getState();
      if (state.dag === dag && state.chosen === chosen) return;
      store.setState({ dag, chosen });
      refresh();
    },
    setFollow: (follow) => {
      store.setState({ follow });
      refresh();
    },
    selectRecord: (selectedSeq) => {
      store.setState({ selectedSeq });
    },
  };
}

export const runStore = createRunStore(liveStore, {
  ...pagePace,
  loadTrace: getTrace,
  loadOutcome: getInvocation,
});

export const useRun = <T>(selector: (state: RunState) => T): T => useStore(runStore, selector);

export const useNodeRun = (node: NodeId | undefined): NodeRun | undefined =>
  useStore(runStore, (state) => (node === undefined ? undefined : state.nodes.get(node)));
