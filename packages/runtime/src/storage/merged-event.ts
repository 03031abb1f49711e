/**
 * What a storage node tells of a merge.
 */
import {
  relationOf,
  toVersionVector,
  versionOf,
  type Capsule,
  type InvocationId,
  type Key,
  type RuntimeEvent,
  type StorageId,
} from '@stormglass/core';

export const mergedEvent = (merge: {
  readonly storage: StorageId;
  readonly key: Key;
  readonly before: Capsule | undefined;
  readonly incoming: Capsule;
  readonly after: Capsule;
  readonly by: InvocationId | undefined;
}): RuntimeEvent => ({
  kind: 'storage.merged',
  storage: merge.storage,
  key: merge.key,
  before: merge.before === undefined ? undefined : toVersionVector(versionOf(merge.before)),
  incoming: toVersionVector(versionOf(merge.incoming)),
  after: toVersionVector(versionOf(merge.after)),
  relation: relationOf(merge.before, merge.incoming),
  invocation: merge.by,
});
