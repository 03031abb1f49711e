/**
 * Messages to other roles. May lose, repeat and reorder between machines; in one process, and over
 * one connection, messages from one sender to one recipient arrive once and in order.
 *
 * `send` between roles of one process may deliver before it returns, and the answer may come back
 * inside that call. A role therefore leaves its own state consistent before it sends.
 */
import type { RoleMessage } from '@stormglass/core';

export type Address = string;

export interface Transport {
  readonly send: (to: Address, message: RoleMessage) => void;
}

/** What every role is to its surroundings. */
export interface Role {
  readonly address: Address;
  readonly receive: (message: RoleMessage) => void;
  /** Cancels its timers. Nothing may be sent to it afterwards. */
  readonly close: () => void;
}
