/**
 * Always visible: whether what is on the screen is of now. Shape, word and number; errors of the stream
 * are said here.
 */
import { useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import type { Connection } from './connection.ts';
import { useNowMs } from './use-now-ms.ts';
import { connectionStore, liveStore, serverSource } from './stream.ts';
import styles from './ConnectionBadge.module.css';

const timeOf = (atMs: number) => new Date(atMs).toLocaleTimeString(undefined, { hour12: false });

function badgeText(connection: Connection, nowMs: number): string {
  switch (connection.status) {
    case 'connecting':
      return 'connecting';
    case 'catching-up':
      return 'catching up';
    case 'live':
      return connection.latencyMs === undefined
        ? 'live'
        : `live · ${Math.max(1, Math.round(connection.latencyMs))} ms`;
    case 'reconnecting': {
      const { retryAtMs } = connection;
      if (retryAtMs === undefined) return 'reconnecting';
      const seconds = Math.max(0, Math.ceil((retryAtMs - nowMs) / 1_000));
      return `reconnecting ${seconds} s`;
    }
  }
}

export function ConnectionBadge() {
  const connection = useStore(connectionStore);
  const skipped = useStore(liveStore, (state) => state.skipped);
  const nowMs = useNowMs(connection.status === 'reconnecting', 250);
  const isOnline = useSyncExternalStore(subscribeOnline, () => navigator.onLine);
  const text = badgeText(connection, nowMs);
  return (
    <div className={styles['badge']} data-testid="connection" data-state={connection.status}>
      <span aria-hidden className={styles['lamp']} />
      <span className={styles['text']} title={connection.reason}>
        {text}
      </span>
      {connection.lostAtMs !== undefined && (
        <span className={styles['note']}>last known state of {timeOf(connection.lostAtMs)}</span>
      )}
      {connection.status === 'reconnecting' && isOnline && (
        <button type="button" className={styles['retry']} onClick={serverSource.retryNow}>
          Retry now
        </button>
      )}
      {connection.status === 'live' && skipped > 0 && (
        <span className={styles['note']}>{skipped.toLocaleString()} earlier events summarised</span>
      )}
      <span role="status" className="visually-hidden">
        {announcementOf(connection)}
      </span>
    </div>
  );
}

/** Without numbers that count: said once per change, not once per second. */
function announcementOf(connection: Connection): string {
  if (connection.status === 'live') return 'Connected. What is shown is live.';
  if (connection.status !== 'reconnecting' || connection.lostAtMs === undefined) return '';
  return `${connection.reason ?? ''} Showing the last known state of ${timeOf(connection.lostAtMs)}.`;
}

function subscribeOnline(listener: () => void): () => void {
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
}
