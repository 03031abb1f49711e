/**
 * CodeMirror for one function. Loaded when code is first shown; it keeps its own undo while the text is open.
 */
import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import { bracketMatching, indentOnInput } from '@codemirror/language';
import { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import type { Diagnostic } from '@codemirror/lint';
import { Compartment, EditorState } from '@codemirror/state';
import type { Extension } from '@codemirror/state';
import {
  EditorView,
  drawSelection,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { useEffect, useRef } from 'react';
import {
  completeCloud,
  completeLanguage,
  completeLocals,
  completeParameters,
} from './completion.ts';
import { editorTheme } from './editor-theme.ts';
import { hangingIndent } from './hanging-indent.ts';
import { hoverTypes } from './hover.ts';
import type { SourceProblem } from './source-problem.ts';
import { offsetOf } from './source-position.ts';

export interface CodeEditorProps {
  /** Names the text for screen readers. */
  readonly label: string;
  /** The text to begin with; later changes come from the editor itself, or with another `key`. */
  readonly initialSource: string;
  readonly language: 'javascript' | 'typescript';
  readonly problem: SourceProblem | undefined;
  readonly onChange: (source: string) => void;
}

const languageOf = (language: CodeEditorProps['language']): Extension =>
  javascript({ typescript: language === 'typescript' });

const behaviour: Extension = [
  EditorView.lineWrapping,
  hangingIndent,
  lineNumbers(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  lintGutter(),
  history(),
  drawSelection(),
  indentOnInput(),
  bracketMatching(),
  closeBrackets(),
  autocompletion({
    override: [completeCloud, completeParameters, completeLocals, completeLanguage],
    icons: false,
  }),
  hoverTypes,
  keymap.of([
    ...closeBracketsKeymap,
    ...completionKeymap,
    ...lintKeymap,
    ...historyKeymap,
    ...defaultKeymap,
    indentWithTab,
  ]),
  editorTheme,
];

/** A position names one character, or the end of its line when there is none. */
function diagnosticOf(state: EditorState, problem: SourceProblem): Diagnostic {
  const from = offsetOf(state.doc, problem.line, problem.column);
  const to = Math.min(from + 1, state.doc.lineAt(from).to);
  return { from: Math.min(from, to), to, severity: 'error', message: problem.message };
}

export function CodeEditor({ label, initialSource, language, problem, onChange }: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const languageSlot = useRef(new Compartment());
  const report = useRef(onChange);
  const start = useRef({ label, initialSource, language });
  useEffect(() => {
    report.current = onChange;
  });

  useEffect(() => {
    const { current: parent } = host;
    if (parent === null) return undefined;
    const editor = new EditorView({
      parent,
      state: EditorState.create({
        doc: start.current.initialSource,
        extensions: [
          behaviour,
          languageSlot.current.of(languageOf(start.current.language)),
          // The tab stop is said, so that the scrolled text counts as reachable by keyboard.
          EditorView.contentAttributes.of({ 'aria-label': start.current.label, tabindex: '0' }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) report.current(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, []);

  useEffect(() => {
    view.current?.dispatch({ effects: languageSlot.current.reconfigure(languageOf(language)) });
  }, [language]);

  useEffect(() => {
    const { current: editor } = view;
    if (editor === undefined) return;
    const found = problem === undefined ? [] : [diagnosticOf(editor.state, problem)];
    editor.dispatch(setDiagnostics(editor.state, found));
    const [first] = found;
    if (first !== undefined) {
      editor.dispatch({ effects: EditorView.scrollIntoView(first.from, { y: 'center' }) });
    }
  }, [problem]);

  return <div ref={host} style={{ height: '100%' }} />;
}
