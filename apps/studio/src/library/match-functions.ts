/**
 * Finding functions by typing: names that begin with the text, then names that contain it, then parameters.
 */
import type { FunctionSummary } from '@stormglass/core';

function rankOf(summary: FunctionSummary, text: string): number | undefined {
  const name = summary.name.toLowerCase();
  if (name.startsWith(text)) return 0;
  if (name.includes(text)) return 1;
  return summary.parameters.some((parameter) => parameter.toLowerCase().includes(text))
    ? 2
    : undefined;
}

/** Best first, then by name. */
export function matchFunctions(
  functions: readonly FunctionSummary[],
  text: string,
): readonly FunctionSummary[] {
  const needle = text.trim().toLowerCase();
  return functions
    .flatMap((summary) => {
      const rank = rankOf(summary, needle);
      return rank === undefined ? [] : [{ summary, rank }];
    })
    .toSorted((a, b) => a.rank - b.rank || a.summary.name.localeCompare(b.summary.name))
    .map(({ summary }) => summary);
}
