/**
 * The code of a function: the editor, its language, whether it is saved, and what the server says against it.
 */
import type { FunctionName } from '@stormglass/core';
import { Check } from 'lucide-react';
import { Suspense, lazy, useEffect, useMemo, useState } from 'react';
import type { ApiProblem } from '../api/request.ts';
import { Button } from '../design/primitives/Button.tsx';
import { Notice } from '../design/primitives/Notice.tsx';
import { Select } from '../design/primitives/Select.tsx';
import { editFunction, loadSource, saveFunction, useFunctions } from '../library/function-store.ts';
import type { FunctionDraft, Language } from '../library/function-store.ts';
import { loadCodeEditor } from './load-code-editor.ts';
import { sourceProblemOf } from './source-problem.ts';
import type { SourceProblem } from './source-problem.ts';
import styles from './FunctionEditor.module.css';

const CodeEditor = lazy(loadCodeEditor);

const languages: readonly { readonly id: Language; readonly label: string }[] = [
  { id: 'javascript', label: 'JavaScript' },
  { id: 'typescript', label: 'TypeScript' },
];

interface FunctionEditorProps {
  readonly name: FunctionName;
  /** Where the code threw in the run that is shown. */
  readonly thrown?: SourceProblem | undefined;
}

/** The draft where there is one, else what the server has; `undefined` until it is known. */
function useSource(name: FunctionName): {
  readonly source: FunctionDraft | undefined;
  readonly problem: ApiProblem | undefined;
} {
  const draft = useFunctions((state) => state.drafts.get(name));
  const detail = useFunctions((state) => state.details.get(name));
  const [problem, setProblem] = useState<ApiProblem>();
  const isLoaded = detail !== undefined;
  useEffect(() => {
    if (isLoaded) return;
    void loadSource(name).then((answer) => setProblem(answer.ok ? undefined : answer.problem));
  }, [name, isLoaded]);
  return { source: draft ?? detail, problem };
}

function SaveState({
  name,
  source,
}: {
  readonly name: FunctionName;
  readonly source: FunctionDraft;
}) {
  const isDirty = useFunctions((state) => state.drafts.has(name));
  const version = useFunctions((state) => state.functions?.get(name)?.version);
  const [isSaving, setSaving] = useState(false);
  async function save() {
    setSaving(true);
    await saveFunction(name, source);
    setSaving(false);
  }
  const saved = version === undefined ? 'Saved' : `Saved, version ${version}`;
  return (
    <Button
      size="small"
      variant={isDirty ? 'outline' : 'plain'}
      isDisabled={!isDirty || isSaving}
      data-testid="save-function"
      onPress={() => void save()}
    >
      {isDirty ? null : <Check size={14} aria-hidden />}
      {isDirty ? 'Save function' : saved}
    </Button>
  );
}

export function FunctionEditor({ name, thrown }: FunctionEditorProps) {
  const { source, problem: loadProblem } = useSource(name);
  const refused = useFunctions((state) => state.problems.get(name));
  const isDirty = useFunctions((state) => state.drafts.has(name));
  // What the code threw is said about the code that ran, not about what is being typed.
  const thrownHere = isDirty ? undefined : thrown;
  const inSource = useMemo(() => sourceProblemOf(refused) ?? thrownHere, [refused, thrownHere]);
  if (source === undefined) {
    return (
      <div className={styles['empty']}>
        {loadProblem === undefined ? (
          'Loading…'
        ) : (
          <Notice tone="danger">{loadProblem.detail}</Notice>
        )}
      </div>
    );
  }
  return (
    <section className={styles['editor']} aria-label={`Code of ${name}`} data-testid="code-editor">
      <div className={styles['bar']}>
        <Select
          label="Language"
          isLabelHidden
          size="small"
          choices={languages}
          value={source.language}
          onChange={(language) => editFunction(name, { ...source, language })}
        />
        <SaveState name={name} source={source} />
      </div>
      {inSource === undefined && refused === undefined ? null : (
        <div className={styles['notice']} data-testid="code-problem">
          <Notice tone="danger">
            {inSource === undefined
              ? refused?.detail
              : `Line ${inSource.line}, column ${inSource.column}: ${inSource.message}`}
          </Notice>
        </div>
      )}
      <div className={styles['code']}>
        <Suspense fallback={<pre className={styles['plain']}>{source.source}</pre>}>
          <CodeEditor
            key={name}
            label={`Source of ${name}`}
            initialSource={source.source}
            language={source.language}
            problem={inSource}
            onChange={(text) => editFunction(name, { source: text, language: source.language })}
          />
        </Suspense>
      </div>
    </section>
  );
}
