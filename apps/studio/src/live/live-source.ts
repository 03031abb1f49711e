/**
 * The studio's only door to a cluster: the running server, later also the simulation in the page.
 */
import type { Down, Up } from '@stormglass/core';

export interface LiveSource {
  /**
   * Asks for something; dropped when there is no connection, because every connection starts with its
   * own question.
   */
  readonly send: (message: Up) => void;
  /** Messages arrive in order, already validated. Returns the way to stop listening. */
  readonly subscribe: (listener: (message: Down) => void) => () => void;
}
