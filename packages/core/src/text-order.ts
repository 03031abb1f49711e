/**
 * The one order of texts: by UTF-16 code unit, the same on every machine and in every locale.
 */

/** Negative, zero or positive, as `toSorted` wants it. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
