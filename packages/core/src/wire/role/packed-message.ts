/**
 * A message to a role as it crosses a link: with its writes packed where that saves something. Its
 * schema unpacks them.
 */
import { packWrites } from '../value/packed-writes.ts';
import type { RoleMessage } from './role-message.ts';

/** The message itself where nothing is packed. */
export function packedMessage(message: RoleMessage): object {
  let packed: object = message;
  if ('session' in message) {
    const writes = packWrites(message.session.writes);
    if (writes !== undefined) packed = { ...packed, session: { ...message.session, writes } };
  }
  if ('writes' in message) {
    const writes = packWrites(message.writes);
    if (writes !== undefined) packed = { ...packed, writes };
  }
  if ('committed' in message) {
    const committed = packWrites(message.committed);
    if (committed !== undefined) packed = { ...packed, committed };
  }
  return packed;
}
