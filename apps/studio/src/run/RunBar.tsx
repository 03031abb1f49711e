/**
 * Everything about the next run in one bar: arguments, level, options, Run (⌘↵), and Cancel for the one
 * that runs.
 */
import type { ConsistencyLevel, DagDetail, DagName, FunctionSummary } from '@stormglass/core';
import { Play } from 'lucide-react';
import { Suspense, lazy, useEffect, useEffectEvent, useMemo, useState } from 'react';
import { tinykeys } from 'tinykeys';
import { useLocation } from 'wouter';
import { useStore } from 'zustand';
import type { Answer, ApiProblem } from '../api/request.ts';
import { useOfferedCommands } from '../app/commands.ts';
import { Button } from '../design/primitives/Button.tsx';
import { Shortcut } from '../design/primitives/Shortcut.tsx';
import { connectionStore } from '../live/stream.ts';
import { argumentFieldsOf, textsOfRun, type FieldErrors } from './invocation-form.ts';
import { levelWords } from './levels.ts';
import { ProblemNote } from './ProblemNote.tsx';
import { runAddress } from './run-address.ts';
import { changeForm, formOf, openForm, runFormStore } from './run-form-store.ts';
import { useRun } from './run-store.ts';
import { startRun } from './start-run.ts';
import styles from './RunBar.module.css';

interface RunBarProps {
  readonly dag: DagDetail;
  readonly functions: ReadonlyMap<string, FunctionSummary>;
  /** Saves what has to be saved before a run; answers with the DAG's name on the server. */
  readonly prepare: () => Promise<Answer<DagName>>;
}

const LevelPicker = lazy(async () => {
  const { LevelPicker: component } = await import('./LevelPicker.tsx');
  return { default: component };
});

const ArgumentFields = lazy(async () => {
  const { ArgumentFields: component } = await import('./ArgumentFields.tsx');
  return { default: component };
});

const RunOptions = lazy(async () => {
  const { RunOptions: component } = await import('./RunOptions.tsx');
  return { default: component };
});

const NO_ERRORS: FieldErrors = new Map();

export function RunBar(props: RunBarProps) {
  // Another DAG is another form.
  return <RunForm key={props.dag.name} {...props} />;
}

function RunForm({ dag, functions, prepare }: RunBarProps) {
  const { name } = dag;
  const [, navigate] = useLocation();
  const form = useStore(runFormStore, (forms) => forms.get(name)) ?? formOf(name);
  const fields = useMemo(() => argumentFieldsOf(dag, functions), [dag, functions]);
  const [errors, setErrors] = useState<FieldErrors>(NO_ERRORS);
  const [problem, setProblem] = useRefusal();
  const [isStarting, setIsStarting] = useState(false);
  const session = useRun((run) => (run.dag === name ? run.outcome?.session : undefined));
  const level = form.level ?? dag.consistency ?? 'lww';
  const isEmpty = dag.nodes.length === 0;

  useEffect(() => {
    openForm(name);
  }, [name]);

  // In a browser that never ran this DAG: what the shown run was given.
  const nodes = useRun((shown) => (shown.dag === name ? shown.nodes : undefined));
  useEffect(() => {
    if (formOf(name).texts.size > 0 || nodes === undefined) return;
    const texts = textsOfRun(fields, nodes);
    if (texts.size > 0) changeForm(name, { texts });
  }, [name, fields, nodes]);

  const run = async () => {
    if (isStarting || isEmpty) return;
    setIsStarting(true);
    setProblem(undefined);
    setErrors(NO_ERRORS);
    const start = await startRun({
      dag,
      fields,
      form,
      level,
      session: form.continuesSession ? session : undefined,
      prepare,
    });
    setIsStarting(false);
    if (start.is === 'started') navigate(runAddress(start.dag, start.invocation));
    else if (start.is === 'refused') setProblem(start.problem);
    else if (start.is === 'incomplete') {
      setErrors(start.errors);
      focusFirst(fields.find((field) => start.errors.has(field.id)));
    }
  };

  const onShortcut = useEffectEvent((event: KeyboardEvent) => {
    event.preventDefault();
    event.stopPropagation();
    void run();
  });
  useOfferedCommands({ run: () => void run() });
  // In the capture phase: the code editor has a meaning of its own for this key.
  useEffect(
    () =>
      tinykeys(
        window,
        {
          '$mod+Enter': (event) => {
            onShortcut(event);
          },
        },
        { capture: true, ignore: () => false },
      ),
    [],
  );

  return (
    <section aria-label="Run" className={styles['bar']}>
      <form
        className={styles['row']}
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <Suspense fallback={<span className={styles['argumentBox']} />}>
          <ArgumentFields
            fields={fields}
            texts={form.texts}
            errors={errors}
            isEmpty={isEmpty}
            onChange={(field, text) => {
              changeForm(name, { texts: new Map(form.texts).set(field.id, text) });
              if (errors.has(field.id)) {
                setErrors(new Map([...errors].filter(([id]) => id !== field.id)));
              }
            }}
          />
        </Suspense>
        <div className={styles['controls']}>
          <Suspense fallback={<ControlsComing level={level} />}>
            <LevelPicker
              value={level}
              onChange={(chosen) => {
                changeForm(name, { level: chosen });
              }}
            />
            <RunOptions
              form={form}
              hasSession={session !== undefined}
              onChange={(change) => {
                changeForm(name, change);
              }}
            />
          </Suspense>
          <Button
            variant="primary"
            type="submit"
            data-testid="run"
            isDisabled={isEmpty}
            isPending={isStarting}
          >
            <Play size={14} aria-hidden />
            {isStarting ? 'Starting' : 'Run'}
            <Shortcut keys="$mod+Enter" />
          </Button>
        </div>
      </form>
      {problem !== undefined && (
        <div className={styles['problem']}>
          <ProblemNote
            problem={problem}
            onDismiss={() => {
              setProblem(undefined);
            }}
          />
        </div>
      )}
    </section>
  );
}

/** Why the last run did not start. That nobody answered is over once the server is back. */
function useRefusal() {
  const [problem, setProblem] = useState<ApiProblem | undefined>();
  const isLive = useStore(connectionStore, ({ status }) => status === 'live');
  const [wasLive, setWasLive] = useState(isLive);
  if (isLive !== wasLive) {
    setWasLive(isLive);
    if (isLive && problem?.type === 'unreachable') setProblem(undefined);
  }
  return [problem, setProblem] as const;
}

/** As large as what takes its place. */
function ControlsComing({ level }: { readonly level: ConsistencyLevel }) {
  return (
    <>
      <span className={styles['levelComing']}>{levelWords(level)}</span>
      <span className={styles['optionsComing']} />
    </>
  );
}

function focusFirst(field: { readonly node: string; readonly parameter: string } | undefined) {
  if (field === undefined) return;
  const id = `argument-${field.node}-${field.parameter}`;
  const input = document.querySelector(`[data-testid="${CSS.escape(id)}"]`);
  if (input instanceof HTMLElement) input.focus();
}
