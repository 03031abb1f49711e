/**
 * A message between roles in a few words: its type, and what of it says which one it is.
 */
import {
  toVersionVector,
  versionOf,
  type CapsuleOrAbsent,
  type RoleMessage,
  type VersionVector,
} from '@stormglass/core';

/** `{w1.1:3,w2.1:1}`; `absent` for nothing. */
export const tellVersion = (version: VersionVector | undefined): string =>
  version === undefined
    ? 'absent'
    : `{${Object.entries(version)
        .map(([writer, count]) => `${writer}:${count}`)
        .join(',')}}`;

export function tellMessage(message: RoleMessage): string {
  const parts = [message.type, ...detailsOf(message)];
  return parts.filter((part) => part !== '').join(' ');
}

const tellCapsule = (capsule: CapsuleOrAbsent): string =>
  tellVersion(capsule === 'absent' ? undefined : toVersionVector(versionOf(capsule)));

const keysOf = (writes: readonly (readonly [string, unknown])[]): string =>
  writes.map(([key]) => key).join(',');

function detailsOf(message: RoleMessage): readonly string[] {
  switch (message.type) {
    case 'storage.get':
      return [message.key];
    case 'got':
      return [message.key, tellCapsule(message.found)];
    case 'cache.update':
      return [message.key, tellCapsule(message.capsule)];
    case 'storage.merge':
      return message.writes.map(([key, capsule]) => `${key} ${tellCapsule(capsule)}`);
    case 'storage.commit':
      return [`${message.invocation}#${message.attempt}`, keysOf(message.writes)];
    case 'stored':
      return [keysOf(message.versions), message.failure?.type ?? ''];
    case 'cache.finish':
      return [`${message.invocation}#${message.attempt}`, keysOf(message.committed)];
    case 'cache.fetched':
      return [message.key, message.found === undefined ? 'nothing' : tellCapsule(message.found)];
    case 'executor.start':
      return [`${message.session.invocation}#${message.session.attempt}`];
    case 'executor.trigger':
      return [`${message.invocation}#${message.attempt}`, `${message.from} to ${message.to}`];
    default:
      return [attemptIn(message), 'node' in message ? message.node : '', keysIn(message)];
  }
}

const attemptIn = (message: RoleMessage): string =>
  'invocation' in message && 'attempt' in message
    ? `${message.invocation}#${message.attempt}`
    : 'invocation' in message
      ? `${message.invocation}`
      : '';

function keysIn(message: RoleMessage): string {
  if ('key' in message) return message.key;
  return 'keys' in message ? [...message.keys].join(',') : '';
}
