/**
 * What a trace of a run is made of.
 */
import type { RoleMessage, RuntimeEvent } from '@stormglass/core';
import type { HistoryEntry } from '../history.ts';

/** A message between two machines has arrived, or never will. */
export interface MessageStep {
  readonly kind: 'message';
  readonly atUs: number;
  readonly outcome: 'arrived' | 'lost' | 'for the dead';
  readonly sentUs: number;
  readonly from: string;
  readonly to: string;
  readonly fromMachine: string;
  readonly toMachine: string;
  readonly message: RoleMessage;
}

export type TraceStep =
  | MessageStep
  | { readonly kind: 'event'; readonly atUs: number; readonly event: RuntimeEvent }
  /** What clients were told, and crashes. */
  | { readonly kind: 'entry'; readonly atUs: number; readonly entry: HistoryEntry }
  /** A planned fault begins, or ends. */
  | { readonly kind: 'fault'; readonly atUs: number; readonly text: string };

export type Tracer = (step: TraceStep) => void;
