/**
 * How long something has been running, microseconds; stands still when the connection is lost, because
 * then nobody knows whether it still runs.
 */
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { isCurrent } from '../live/connection.ts';
import { connectionStore, liveStore } from '../live/stream.ts';

const TICK_MS = 100;

/** `startedAt` in microseconds since the cluster started; `undefined` while nothing runs. */
export function useRunningDuration(startedAt: number | undefined): number | undefined {
  const isTicking = useStore(connectionStore, isCurrent) && startedAt !== undefined;
  const [nowUs, setNowUs] = useState<number | undefined>(undefined);
  useEffect(() => {
    if (!isTicking) return undefined;
    const tick = () => {
      const { clockOffsetUs } = liveStore.getState();
      if (clockOffsetUs !== undefined) setNowUs(performance.now() * 1_000 - clockOffsetUs);
    };
    tick();
    const timer = setInterval(tick, TICK_MS);
    return () => {
      clearInterval(timer);
    };
  }, [isTicking]);
  if (startedAt === undefined || nowUs === undefined) return undefined;
  return Math.max(0, nowUs - startedAt);
}
