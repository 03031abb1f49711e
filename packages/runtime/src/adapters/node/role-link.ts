/**
 * A link to another process as the transport uses it: role messages with what this process knows of
 * events, and the events themselves on the link to the server.
 */
import type { RoleMessage, TimedEvent } from '@stormglass/core';
import { ToldCauses, type CausalKnowledge, type Causes } from './causal-knowledge.ts';
import { writeEventLines } from './event-lines.ts';
import type { SocketLink } from './socket-link.ts';

export class RoleLink {
  readonly socket: SocketLink;
  readonly #told: ToldCauses;

  constructor(socket: SocketLink, knowledge: CausalKnowledge) {
    this.socket = socket;
    this.#told = new ToldCauses(knowledge);
  }

  sendMessage(to: string, message: RoleMessage): void {
    const causes = this.#told.next();
    this.socket.send(
      causes === undefined
        ? { type: 'message', to, message }
        : { type: 'message', to, message, causes: new Map(causes) },
    );
  }

  /** @returns how many characters they take */
  sendEvents(first: number, events: readonly TimedEvent[]): number {
    const lines = writeEventLines(events);
    const frame = { type: 'events' as const, first, count: events.length, lines };
    const causes = this.#told.next();
    this.socket.send(causes === undefined ? frame : { ...frame, causes: new Map(causes) });
    return lines.length;
  }

  /**
   * A worker at the other end knows these. Not for a link to the server ({@link ToldCauses.heard}).
   */
  heard(causes: Causes): void {
    this.#told.heard(causes);
  }
}
