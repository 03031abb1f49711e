/**
 * The Transport port of one process: roles of this process get a message before `send` returns,
 * others over a link. A message whose recipient is unknown or gone is dropped and counted.
 */
import { assert, type RoleMessage } from '@stormglass/core';
import type { Address, Role, Transport } from '../../ports/transport.ts';

/**
 * Deliveries inside one another; more wait in a queue, so that a long chain does not exhaust the
 * stack.
 */
const DEPTH_MAX = 64;

/** Hands a message to the process of `to`; false when there is none. */
export type SendOut = (to: Address, message: RoleMessage) => boolean;

export interface LinkTransportOptions {
  readonly sendOut: SendOut;
}

export class LinkTransport implements Transport {
  readonly #sendOut: SendOut;
  readonly #roles = new Map<Address, Role>();
  #depth = 0;
  #waiting: { readonly role: Role; readonly message: RoleMessage }[] = [];
  #dropped = 0;

  constructor({ sendOut }: LinkTransportOptions) {
    this.#sendOut = sendOut;
  }

  /** Messages that had no recipient. */
  get dropped(): number {
    return this.#dropped;
  }

  add(role: Role): void {
    assert(!this.#roles.has(role.address), `Two roles at ${role.address}`);
    this.#roles.set(role.address, role);
  }

  /** Messages to it are dropped from now on. The caller closes it. */
  remove(address: Address): void {
    this.#roles.delete(address);
  }

  readonly send = (to: Address, message: RoleMessage): void => {
    const role = this.#roles.get(to);
    if (role !== undefined) this.#deliver(role, message);
    else if (!this.#sendOut(to, message)) this.#dropped += 1;
  };

  /** A message that came in over a link; it is not sent on. */
  receive(to: Address, message: RoleMessage): void {
    const role = this.#roles.get(to);
    if (role === undefined) this.#dropped += 1;
    else this.#deliver(role, message);
  }

  #deliver(role: Role, message: RoleMessage): void {
    if (this.#depth >= DEPTH_MAX || this.#waiting.length > 0) {
      this.#waiting.push({ role, message });
      return;
    }
    this.#depth += 1;
    try {
      role.receive(message);
    } finally {
      this.#depth -= 1;
    }
    if (this.#depth === 0) this.#deliverWaiting();
  }

  /** In the order they were sent; what is sent meanwhile joins the end. */
  #deliverWaiting(): void {
    if (this.#waiting.length === 0) return;
    this.#depth += 1;
    try {
      for (let index = 0; index < this.#waiting.length; index += 1) {
        const next = this.#waiting[index];
        if (next !== undefined && this.#roles.get(next.role.address) === next.role) {
          next.role.receive(next.message);
        }
      }
    } finally {
      this.#waiting = [];
      this.#depth -= 1;
    }
  }
}
