/**
 * What the palette finds: everything that can be done, opened or gone to by typing its name. Pure.
 */

export type EntryKind = 'command' | 'node' | 'function' | 'DAG' | 'level' | 'theme';

export interface PaletteEntry {
  readonly kind: EntryKind;
  readonly title: string;
  /** The key that does the same. */
  readonly keys?: string | undefined;
  readonly run: () => void;
}

const kindOrder: readonly EntryKind[] = ['command', 'node', 'function', 'DAG', 'level', 'theme'];

/** Lower is better; `undefined` where some word of the text is nowhere in the title or the kind. */
function rankOf({ title, kind }: PaletteEntry, words: readonly string[]): number | undefined {
  const name = title.toLowerCase();
  const text = `${name} ${kind.toLowerCase()}`;
  if (!words.every((word) => text.includes(word))) return undefined;
  const [first = ''] = words;
  if (name.startsWith(first)) return 0;
  return text.includes(` ${first}`) ? 1 : 2;
}

/** Best first; of equal ones in the order of their kinds, then as they came. */
export function matchEntries(
  entries: readonly PaletteEntry[],
  text: string,
): readonly PaletteEntry[] {
  const words = text.toLowerCase().split(/\s+/u).filter(Boolean);
  return entries
    .flatMap((entry) => {
      const rank = rankOf(entry, words);
      return rank === undefined ? [] : [{ entry, rank: words.length === 0 ? 0 : rank }];
    })
    .toSorted(
      (a, b) =>
        a.rank - b.rank || kindOrder.indexOf(a.entry.kind) - kindOrder.indexOf(b.entry.kind),
    )
    .map(({ entry }) => entry);
}
