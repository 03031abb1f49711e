/**
 * The cluster as the server reports it, asked for gently: when the stream says that something changed
 * or ran, at most once a second, and every few seconds while somebody looks.
 */
import type { ClusterStatus } from '@stormglass/core';
import { createStore, useStore } from 'zustand';
import { getCluster } from '../api/cluster.ts';
import type { ApiProblem } from '../api/request.ts';
import { isCurrent } from '../live/connection.ts';
import { connectionStore, liveStore } from '../live/stream.ts';
import { paced } from '../live/pace.ts';

export interface ClusterState {
  readonly status: ClusterStatus | undefined;
  /** Why the last question was not answered; `status` is then of before. */
  readonly problem: ApiProblem | undefined;
}

const clusterStore = createStore<ClusterState>(() => ({
  status: undefined,
  problem: undefined,
}));

export const useCluster = <T>(select: (state: ClusterState) => T): T =>
  useStore(clusterStore, select);

const ASK_INTERVAL_MS = 1_000;
const IDLE_INTERVAL_MS = 4_000;

async function ask(): Promise<void> {
  if (document.visibilityState === 'hidden' || !isCurrent(connectionStore.getState())) return;
  const answer = await getCluster();
  if (answer.ok) clusterStore.setState({ status: answer.value, problem: undefined });
  else clusterStore.setState({ problem: answer.problem });
}

/** Follows the cluster until the returned function is called. */
export function watchCluster(): () => void {
  const askSoon = paced(ASK_INTERVAL_MS, () => void ask());
  askSoon();
  const timer = setInterval(askSoon, IDLE_INTERVAL_MS);
  const stops = [
    liveStore.subscribe((now, before) => {
      if (now.clusterChanges !== before.clusterChanges || now.view !== before.view) askSoon();
    }),
    connectionStore.subscribe((now, before) => {
      if (now.status !== before.status) askSoon();
    }),
  ];
  document.addEventListener('visibilitychange', askSoon);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', askSoon);
    for (const stop of stops) stop();
  };
}
