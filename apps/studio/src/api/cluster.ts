/**
 * `/api/v1/cluster` (api.md, "Cluster").
 */
import { clusterStatus } from '@stormglass/core';
import type { ClusterStatus, WorkerId } from '@stormglass/core';
import { nothing } from './nothing.ts';
import { request } from './request.ts';
import type { Answer } from './request.ts';

export const getCluster = (): Promise<Answer<ClusterStatus>> =>
  request('GET', '/cluster', { schema: clusterStatus });

/** Ends the worker's process the hard way, as a crash would. */
export const killWorker = (worker: WorkerId): Promise<Answer<undefined>> =>
  request('POST', `/cluster/workers/${encodeURIComponent(worker)}/kill`, { schema: nothing });
