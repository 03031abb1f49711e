/**
 * What a test puts in the place of a part that works: protocol decisions, and what stands around a
 * role. Made anew for each run, since some of it remembers.
 */
import type { ProtocolStrategies, RoleMessage } from '@stormglass/core';
import type { FunctionHost } from '../../ports/function-host.ts';
import type { Ports } from '../../ports/ports.ts';

/** Stands between a role and the network. */
export interface Surroundings {
  /** What the role gets as its ports. */
  readonly ports: Ports;
  readonly receive: (message: RoleMessage, pass: (message: RoleMessage) => void) => void;
}

export interface Planted {
  readonly strategies?: ProtocolStrategies | undefined;
  /** Called for each executor, with the host that it would have. */
  readonly host?: ((host: FunctionHost) => FunctionHost) | undefined;
  /** Called for each storage node that starts. */
  readonly aroundStorage?: ((ports: Ports) => Surroundings) | undefined;
}

/** Puts a defect in. */
export type Plant = () => Planted;
