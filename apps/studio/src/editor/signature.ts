/**
 * The parameters of the default export, read from the editor's syntax tree while the text is being written.
 */
import { syntaxTree } from '@codemirror/language';
import type { EditorState } from '@codemirror/state';

export interface WrittenParameter {
  readonly name: string;
  /** The TypeScript annotation or the default, as written, or nothing. */
  readonly type: string | undefined;
  readonly defaultText: string | undefined;
}

/** The text between two named positions, without the sign that begins it. */
const after = (text: string, sign: string): string | undefined => {
  const trimmed = text.trim();
  return trimmed.startsWith(sign) ? trimmed.slice(sign.length).trim() : undefined;
};

export function parametersOf(state: EditorState): readonly WrittenParameter[] {
  const tree = syntaxTree(state);
  const parameters: WrittenParameter[] = [];
  let list: { from: number; to: number } | undefined;
  tree.iterate({
    enter: (node) => {
      if (list !== undefined) return false;
      if (node.name === 'ParamList' && isOfDefaultExport(state, node.from)) {
        list = { from: node.from, to: node.to };
        const names = node.node.getChildren('VariableDefinition');
        for (const [index, definition] of names.entries()) {
          const end = names[index + 1]?.from ?? node.to - 1;
          const rest = state.sliceDoc(definition.to, end).replace(/,\s*$/u, '');
          const [typePart = '', defaultPart] = rest.split(/=(?!>)/u, 2);
          parameters.push({
            name: state.sliceDoc(definition.from, definition.to),
            type: after(typePart, ':'),
            defaultText: defaultPart?.trim(),
          });
        }
      }
      return list === undefined;
    },
  });
  return parameters;
}

/** The first parameter list after `export default` is that of the exported function. */
function isOfDefaultExport(state: EditorState, from: number): boolean {
  return /export\s+default\b[^;]*$/u.test(state.sliceDoc(0, from));
}
