/**
 * What an act costs, counted instead of timed.
 */
import { vi } from 'vitest';

/** How many entries are put into maps meanwhile, copies of maps included. */
export function entriesSet(act: () => void): number {
  const set = vi.spyOn(Map.prototype, 'set');
  try {
    act();
    return set.mock.calls.length;
  } finally {
    set.mockRestore();
  }
}
