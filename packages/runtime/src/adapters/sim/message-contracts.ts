/**
 * What may happen to a message between machines without anybody breaking a promise (core/wire/role).
 */
import type { RoleMessage } from '@stormglass/core';

/** Their recipients must take them more than once, and in any order among themselves. */
const repeatable: ReadonlySet<RoleMessage['type']> = new Set([
  'executor.trigger',
  'cache.update',
  'storage.merge',
  'storage.commit',
]);

/** Nobody asks again for what these bring. */
const indispensable: ReadonlySet<RoleMessage['type']> = new Set(['cache.update']);

export const mayRepeat = ({ type }: RoleMessage): boolean => repeatable.has(type);

export const mayBeLost = ({ type }: RoleMessage): boolean => !indispensable.has(type);
