/**
 * What a role is given. Roles reach the world through nothing else.
 */
import type { Clock } from './clock.ts';
import type { EventSink } from './event-sink.ts';
import type { Random } from './random.ts';
import type { Timers } from './timers.ts';
import type { Transport } from './transport.ts';

export interface Ports {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly transport: Transport;
  readonly events: EventSink;
}
