/**
 * Delta debugging (Zeller and Hildebrandt's ddmin): leaves out ever smaller shares of a list while
 * a test still says yes, until nothing more can be left out alone.
 */

/**
 * @param without says whether what is wanted still happens when exactly these items are left out
 *   of the list; it keeps what it was told last when it says yes
 * @returns what is still needed
 */
export async function leaveOut<Item>(
  items: readonly Item[],
  without: (leaving: readonly Item[]) => Promise<boolean>,
): Promise<readonly Item[]> {
  let needed = items;
  let size = needed.length;
  while (size >= 1) {
    const before = needed.length;
    for (let end = needed.length; end > 0; end -= size) {
      const leaving = needed.slice(Math.max(0, end - size), end);
      if (await without(leaving)) needed = needed.filter((item) => !leaving.includes(item));
    }
    // What one item needed may have left after it: single ones are tried until none leaves.
    if (size > 1) size = Math.ceil(size / 2);
    else if (needed.length === before) break;
  }
  return needed;
}
