/**
 * Which worker hosts the role at an address (core, `wire/role/address.ts`).
 */
import type { WorkerId } from '@stormglass/core';
import type { Address } from '../../ports/transport.ts';

const CACHE = 'cache/';
const EXECUTOR = 'executor/';

/** `undefined` for roles of the server. */
export function workerOfAddress(address: Address): WorkerId | undefined {
  if (address.startsWith(CACHE)) return address.slice(CACHE.length);
  if (!address.startsWith(EXECUTOR)) return undefined;
  const end = address.indexOf('/', EXECUTOR.length);
  return end === -1 ? undefined : address.slice(EXECUTOR.length, end);
}
