/**
 * Measures the round trip to the server, and notices a connection that is open but dead: a socket alone
 * can stay silent for minutes after a cable was pulled.
 */
import { isCurrent } from './connection.ts';
import type { ServerSource } from './server-source.ts';

const BEAT_INTERVAL_MS = 2_000;
const BEAT_TIMEOUT_MS = 2_000;
const MISSES_MAX = 2;

/** Returns the way to stop. Hidden pages do not beat. */
export function createHeartbeat(source: ServerSource): () => void {
  let misses = 0;
  let isBeating = false;

  const beat = async () => {
    const isOpen = source.connection.getState().status !== 'reconnecting';
    if (isBeating || !isOpen || document.visibilityState === 'hidden') return;
    isBeating = true;
    const sentAtMs = performance.now();
    try {
      const response = await fetch('/healthz', {
        cache: 'no-store',
        signal: AbortSignal.timeout(BEAT_TIMEOUT_MS),
      });
      await response.arrayBuffer();
      misses = 0;
      source.measured(performance.now() - sentAtMs);
    } catch {
      misses += 1;
      if (misses >= MISSES_MAX && isCurrent(source.connection.getState())) {
        misses = 0;
        source.abandon('The server no longer answers.');
      }
    } finally {
      isBeating = false;
    }
  };

  const timer = setInterval(() => void beat(), BEAT_INTERVAL_MS);
  void beat();
  return () => {
    clearInterval(timer);
  };
}
