/** What went into the node, where each argument came from, what came out, and who it was sent to. */
import type { NodeId } from '@stormglass/core';
import { Button } from '../design/primitives/Button.tsx';
import { useDocument } from '../document/document-store.ts';
import { selectNode } from '../document/selection-store.ts';
import { bytesText, countText } from '../run/format-amount.ts';
import type { LogRecord, NodeRun, TriggerRecord } from '../run/node-run.ts';
import { useRun } from '../run/run-store.ts';
import { prettyJson } from '../run/sink-results.ts';
import { argumentRowsOf, type ArgumentRow } from './argument-source.ts';
import { NoRunYet } from './NoRunYet.tsx';
import styles from './Inspector.module.css';

interface InputsTabProps {
  readonly node: NodeId;
  readonly run: NodeRun | undefined;
}

export function InputsTab({ node, run }: InputsTabProps) {
  const document = useDocument();
  const trace = useRun((state) => state.trace);
  if (run === undefined) return <NoRunYet what="arguments and its result" />;
  const rows = argumentRowsOf(node, run, trace?.edges ?? document.edges);
  return (
    <div className={styles['tab']}>
      <h3 className={styles['heading']}>Arguments</h3>
      {rows.length === 0 && (
        <p className={styles['quiet']}>
          {run.startedAt === undefined
            ? 'It has not started yet.'
            : 'It was called without arguments.'}
        </p>
      )}
      {rows.map((row) => (
        <ArgumentView key={row.parameter} row={row} />
      ))}
      <h3 className={styles['heading']}>Result</h3>
      <ResultView run={run} />
      {run.triggers.length > 0 && <h3 className={styles['heading']}>Sent on to</h3>}
      {run.triggers.map((trigger) => (
        <TriggerView key={trigger.seq} trigger={trigger} />
      ))}
      {run.logs.length > 0 && <h3 className={styles['heading']}>Log</h3>}
      {run.logs.length > 0 && <LogView logs={run.logs} />}
    </div>
  );
}

function ArgumentView({ row }: { readonly row: ArgumentRow }) {
  const { from } = row;
  return (
    <figure className={styles['value']}>
      <figcaption className={styles['caption']}>
        <code>{row.parameter}</code>
        {from === undefined ? (
          <span className={styles['quiet']}>{row.source}</span>
        ) : (
          <Button
            size="small"
            variant="plain"
            onPress={() => {
              selectNode(from);
            }}
          >
            {row.source}
          </Button>
        )}
      </figcaption>
      <pre className={styles['json']} tabIndex={0}>
        {row.text ?? 'waiting'}
      </pre>
    </figure>
  );
}

function ResultView({ run }: { readonly run: NodeRun }) {
  if (run.error !== undefined) {
    return (
      <p className={styles['error']}>
        {run.error.name}: {run.error.message}
        {run.error.line !== undefined && ` (line ${run.error.line})`}
      </p>
    );
  }
  if (run.result !== undefined) {
    return (
      <pre className={styles['json']} tabIndex={0}>
        {prettyJson(run.result)}
      </pre>
    );
  }
  const words = run.status === 'succeeded' ? 'It returned nothing.' : 'None yet.';
  return <p className={styles['quiet']}>{words}</p>;
}

function TriggerView({ trigger }: { readonly trigger: TriggerRecord }) {
  const reads = Object.keys(trigger.readSet).length;
  const dependencies = Object.keys(trigger.dependencies).length;
  return (
    <p className={styles['line']}>
      <code>{trigger.to}</code>
      <span className={styles['quiet']}>
        {bytesText(trigger.bytes)} · session carries {countText(reads, 'read')},{' '}
        {countText(dependencies, 'dependency', 'dependencies')}
      </span>
    </p>
  );
}

function LogView({ logs }: { readonly logs: readonly LogRecord[] }) {
  return (
    <ol className={styles['log']} tabIndex={0} aria-label="Log lines">
      {logs.map((line) => (
        <li key={line.seq} data-level={line.level}>
          <span className={styles['quiet']}>{line.level}</span> {line.text}
        </li>
      ))}
    </ol>
  );
}
