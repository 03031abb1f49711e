/**
 * CodeMirror is large: it comes when code is shown first, or a moment after a DAG was opened.
 */
export async function loadCodeEditor() {
  const { CodeEditor: component } = await import('./CodeEditor.tsx');
  return { default: component };
}
