/**
 * Where roles tell what they do. Never throws, never waits.
 */
import type { RuntimeEvent } from '@stormglass/core';

export interface EventSink {
  /**
   * `at` in microseconds since the cluster started; now when it is left out. Callers guarantee that
   * an event is emitted after the events that caused it.
   */
  readonly emit: (event: RuntimeEvent, at?: number) => void;
  /**
   * False when nobody can see an event of this kind, for ever or for now; lets roles skip building
   * it.
   */
  readonly isListening: (kind: RuntimeEvent['kind']) => boolean;
}
