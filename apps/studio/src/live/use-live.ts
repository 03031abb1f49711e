/** A part of what the stream told, drawn again at most ten times a second however much arrives. */
import { useCallback, useSyncExternalStore } from 'react';
import type { LiveState } from './live-store.ts';
import { paced } from './pace.ts';
import { liveStore } from './stream.ts';

const DRAW_INTERVAL_MS = 100;

/** `select` answers with the same value while nothing changed. */
export function useLive<T>(select: (state: LiveState) => T): T {
  const subscribe = useCallback(
    (onChange: () => void) => liveStore.subscribe(paced(DRAW_INTERVAL_MS, onChange)),
    [],
  );
  return useSyncExternalStore(subscribe, () => select(liveStore.getState()));
}
