/**
 * What may happen to a message between machines without anybody breaking a promise (core/wire/role).
 */
import { CLIENT, type RoleMessage } from '@stormglass/core';

/** Their recipients must take them more than once, and in any order among themselves. */
const repeatable: ReadonlySet<RoleMessage['type']> = new Set([
  'executor.trigger',
  'cache.update',
  'storage.merge',
  'storage.commit',
]);

/**
 * Their senders, or those who wait for what they bring about, do something about it when nothing
 * comes: they ask again, take another way, or answer with a failure.
 */
const losable: ReadonlySet<RoleMessage['type']> = new Set([
  'storage.commit',
  'cache.fetch',
  'cache.fetched',
  'scheduler.report',
  'executor.trigger',
  'executor.deliver',
  'executor.receipt',
  'scheduler.sink',
  'scheduler.failed',
  'scheduler.restart',
]);

export const mayRepeat = ({ type }: RoleMessage): boolean => repeatable.has(type);

export const mayBeLost = (message: RoleMessage, to: string): boolean =>
  losable.has(message.type) ||
  (message.type === 'storage.merge' && message.from !== CLIENT) ||
  (message.type === 'stored' && to !== CLIENT);
