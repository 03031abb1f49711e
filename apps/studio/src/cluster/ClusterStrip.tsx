/**
 * The cluster at a glance, live: workers with executors and cache, storage nodes with their share of
 * the ring.
 */
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { isCurrent } from '../live/connection.ts';
import { connectionStore } from '../live/stream.ts';
import { useLive } from '../live/use-live.ts';
import { bytesText, countText } from '../run/format-amount.ts';
import { useCluster, watchCluster } from './cluster-store.ts';
import { WorkerCard } from './WorkerCard.tsx';
import { workerRowsOf } from './worker-rows.ts';
import styles from './ClusterStrip.module.css';

export function ClusterStrip() {
  useEffect(() => watchCluster(), []);
  const status = useCluster((state) => state.status);
  const problem = useCluster((state) => state.problem);
  const view = useLive((state) => state.view);
  const isLive = useStore(connectionStore, isCurrent);
  const workers = workerRowsOf(status, view);
  return (
    <section
      aria-label="Cluster"
      className={styles['strip']}
      data-testid="cluster-strip"
      data-stale={!isLive || undefined}
    >
      <ul className={styles['group']} aria-label="Workers">
        {workers.map((worker) => (
          <li key={worker.id}>
            <WorkerCard worker={worker} canKill={isLive} />
          </li>
        ))}
      </ul>
      <ul className={styles['group']} aria-label="Storage nodes">
        {(status?.storage ?? []).map((node) => (
          <li key={node.id} className={styles['storage']} data-testid={`storage-${node.id}`}>
            <span className={styles['name']}>{node.id}</span>
            <span
              className={styles['share']}
              role="img"
              aria-label={`owns ${percent(node.ringShare)} of the ring`}
              title={`Owns ${percent(node.ringShare)} of the ring`}
            >
              <span style={{ width: `${node.ringShare * 100}%` }} />
            </span>
            <span className={styles['quiet']} title={`${bytesText(node.bytes)} on ${node.tier}`}>
              {countText(node.keys, 'key')}
            </span>
          </li>
        ))}
      </ul>
      {workers.length === 0 && (
        <p className={styles['quiet']}>
          {problem === undefined ? 'Waiting for the cluster…' : problem.detail}
        </p>
      )}
    </section>
  );
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
