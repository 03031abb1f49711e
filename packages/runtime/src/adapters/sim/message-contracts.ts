/**
 * What may happen to a message between machines without anybody breaking a promise (core/wire/role).
 * Every one may be lost.
 */
import type { RoleMessage } from '@stormglass/core';

/** Their recipients must take them more than once, and in any order among themselves. */
const repeatable: ReadonlySet<RoleMessage['type']> = new Set([
  'executor.trigger',
  'scheduler.session',
  'executor.deliver',
  'executor.receipt',
  'storage.relay',
  'cache.update',
  'storage.merge',
  'storage.commit',
]);

export const mayRepeat = ({ type }: RoleMessage): boolean => repeatable.has(type);
