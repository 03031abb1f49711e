/** Why a run failed: the problem in words, the line of the user's source, and the way to the code. */
import { useEffect } from 'react';
import { Button } from '../design/primitives/Button.tsx';
import { selectNode } from '../document/selection-store.ts';
import { openTab } from '../inspector/inspector-tab-store.ts';
import { loadSource, useFunctions } from '../library/function-store.ts';
import type { RunFailure } from './run-failure.ts';
import styles from './ResultPanel.module.css';

const CONTEXT_LINES = 2;

export function FailureReport({ failure }: { readonly failure: RunFailure }) {
  const { node, function: name, thrown, line } = failure;
  return (
    <div className={styles['failure']} role="alert" data-testid="problem" data-type={failure.type}>
      <p className={styles['headline']}>
        {thrown === undefined
          ? failure.type.replaceAll('-', ' ')
          : `${thrown.name}: ${thrown.message}`}
      </p>
      <p>{placeWords(failure)}</p>
      {name !== undefined && line !== undefined && <SourceLines name={name} line={line} />}
      {thrown?.stack !== undefined && (
        <details className={styles['stack']}>
          <summary>Stack</summary>
          <pre>{thrown.stack}</pre>
        </details>
      )}
      {node !== undefined && (
        <Button
          size="small"
          onPress={() => {
            selectNode(node);
            openTab('code');
          }}
        >
          Open the code of {node}
        </Button>
      )}
    </div>
  );
}

/** Where it happened, when the user's code threw; else the server's sentence. */
function placeWords({ detail, node, function: name, thrown, line, column }: RunFailure): string {
  if (thrown === undefined) return detail;
  const parts = [
    node === undefined ? 'Thrown' : `Thrown by ${node}`,
    ...(line === undefined ? [] : [`at line ${line}`]),
    ...(line === undefined || name === undefined || name === node ? [] : [`of ${name}`]),
    ...(column === undefined ? [] : [`(column ${column})`]),
  ];
  return parts.join(' ');
}

interface SourceLinesProps {
  readonly name: string;
  /** 1-based. */
  readonly line: number;
}

/** The source as it is on the server now; it may have been changed since the run. */
function SourceLines({ name, line }: SourceLinesProps) {
  const detail = useFunctions((state) => state.details.get(name));
  const isMissing = detail === undefined;
  useEffect(() => {
    if (isMissing) void loadSource(name);
  }, [name, isMissing]);
  const lines = detail?.source.split('\n') ?? [];
  if (line > lines.length) return null;
  const first = Math.max(0, line - 1 - CONTEXT_LINES);
  return (
    <pre className={styles['source']} data-testid="failing-line" data-line={line} tabIndex={0}>
      {lines.slice(first, line + CONTEXT_LINES).map((text, index) => {
        const number = first + index + 1;
        return (
          <span key={number} className={styles['line']} data-failing={number === line || undefined}>
            <span className={styles['gutter']}>
              {number === line ? '▸' : ' '} {number}
            </span>
            {text}
            {'\n'}
          </span>
        );
      })}
    </pre>
  );
}
