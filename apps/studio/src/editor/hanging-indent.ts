/**
 * A wrapped line goes on under its own beginning, one step further in, not at the left edge.
 */
import { countColumn, RangeSetBuilder } from '@codemirror/state';
import { Decoration, EditorView, ViewPlugin } from '@codemirror/view';
import type { DecorationSet, ViewUpdate } from '@codemirror/view';

const STEP = 2;
/** Of a very deep line something must be left to write on. */
const INDENT_MAX = 24;

function hangingLines({ state, visibleRanges }: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  for (const { from, to } of visibleRanges) {
    for (let at = from; at <= to;) {
      const line = state.doc.lineAt(at);
      const spaces = line.text.length - line.text.trimStart().length;
      const indent = countColumn(line.text, state.tabSize, spaces);
      const style = `--hang: ${Math.min(indent, INDENT_MAX) + STEP}ch`;
      builder.add(line.from, line.from, Decoration.line({ attributes: { style } }));
      at = line.to + 1;
    }
  }
  return builder.finish();
}

const plugin = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;

    constructor(view: EditorView) {
      this.decorations = hangingLines(view);
    }

    update(update: ViewUpdate): void {
      if (update.docChanged || update.viewportChanged) this.decorations = hangingLines(update.view);
    }
  },
  { decorations: ({ decorations }) => decorations },
);

export const hangingIndent = [
  plugin,
  EditorView.theme({
    '.cm-line': {
      paddingLeft: 'calc(6px + var(--hang, 0ch))',
      textIndent: 'calc(-1 * var(--hang, 0ch))',
    },
  }),
];
