/**
 * Pins before an attempt begins: brings the keys here first, so that their versions are taken in one
 * step and go together (protocols.md 2.5).
 */
import {
  covers,
  EMPTY_CLOCK,
  needOf,
  versionOf,
  type Key,
  type MessageOf,
  type Session,
} from '@stormglass/core';
import { PIN_WAIT_MS } from '../limits.ts';
import type { Cancel } from '../ports/timers.ts';
import type { CacheState } from './cache-state.ts';
import { readsCut } from './reader.ts';

/** @param pin all keys are here, or have been waited for long enough */
export const pinAhead = (
  state: CacheState,
  { keys, session }: MessageOf<'cache.pin'>,
  pin: () => void,
): void => {
  const missing = new Set(keys.filter((key) => !isHere(state, key, session)));
  let cancel: Cancel | undefined;
  const pinOnce = (): void => {
    if (cancel === undefined) return;
    cancel();
    cancel = undefined;
    pin();
  };
  cancel = state.ports.timers.after(PIN_WAIT_MS, pinOnce);
  if (missing.size === 0) pinOnce();
  for (const key of [...missing]) {
    state.fetches.fetch(key, readsCut(session.level), () => {
      missing.delete(key);
      if (missing.size === 0) pinOnce();
    });
  }
};

/** Whether a version of the key is here that covers what the session needs of it. */
const isHere = (state: CacheState, key: Key, session: Session): boolean => {
  const local = state.localOf(key, state.versions.peek(key), session.level);
  if (local === undefined) return false;
  return covers(local === 'absent' ? EMPTY_CLOCK : versionOf(local), needOf(session, key));
};
