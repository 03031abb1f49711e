/**
 * The DAGs on the server, and those that only this browser has.
 */
import type { DagDetail, DagName, InvocationStatus } from '@stormglass/core';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import { deleteDag } from '../api/dags.ts';
import { Button, IconButton } from '../design/primitives/Button.tsx';
import { Dialog } from '../design/primitives/Dialog.tsx';
import { Notice } from '../design/primitives/Notice.tsx';
import { toDagDetail } from '../document/document.ts';
import { currentDocument } from '../document/history.ts';
import { readStored, removeStored } from '../document/stored-document.ts';
import { useNowMs } from '../live/use-now-ms.ts';
import { ageText, countText, durationText } from '../run/format-amount.ts';
import { StateMark } from '../run/marks/StateMark.tsx';
import { dagAddress } from '../run/run-address.ts';
import { statusWords } from '../run/status-words.ts';
import { DagThumbnail } from './DagThumbnail.tsx';
import styles from './StartScreen.module.css';

interface DeleteDagProps {
  readonly name: DagName;
  readonly isOnServer: boolean;
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}

function DeleteDag({ name, isOnServer, onClose, onDeleted }: DeleteDagProps) {
  const [problem, setProblem] = useState<string>();
  async function confirm() {
    if (isOnServer) {
      const answer = await deleteDag(name);
      if (!answer.ok && answer.problem.status !== 404) {
        setProblem(answer.problem.detail);
        return;
      }
    }
    removeStored(localStorage, name);
    onClose();
    onDeleted();
  }
  return (
    <Dialog
      title={`Delete ${name}?`}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Keep it</Button>
          <Button variant="danger" onPress={() => void confirm()}>
            Delete DAG
          </Button>
        </>
      }
    >
      <p>
        {isOnServer
          ? 'The DAG is deleted from the server. Its functions and keys stay.'
          : 'It was never saved to the server: only this browser has it.'}
      </p>
      {problem === undefined ? null : <Notice tone="danger">{problem}</Notice>}
    </Dialog>
  );
}

interface Row {
  readonly name: DagName;
  /** `undefined` where only this browser has it. */
  readonly dag: DagDetail | undefined;
  readonly run: InvocationStatus | undefined;
}

const EPOCH = '1970-01-01T00:00:00Z';
const NOTHING_DRAWN = { nodes: [], edges: [] };
const AGE_INTERVAL_MS = 10_000;

/** What only this browser has, as far as it can be read. */
function storedDag(name: DagName) {
  try {
    const stored = readStored(localStorage, name);
    return stored === undefined
      ? NOTHING_DRAWN
      : toDagDetail(currentDocument(stored.history), name, 0);
  } catch {
    return NOTHING_DRAWN;
  }
}

function LastRun({ run }: { readonly run: InvocationStatus }) {
  const nowMs = useNowMs(true, AGE_INTERVAL_MS);
  const { status, durationMs, startedAt } = run;
  const age = ageText(Math.max(0, nowMs - Date.parse(startedAt)));
  return (
    <span className={styles['dagRun']}>
      <StateMark status={status} size={13} />
      <span>
        {statusWords[status]}
        {durationMs === undefined ? '' : ` in ${durationText(durationMs * 1_000)}`}
      </span>
      <span className={styles['dagAge']}>{age === 'now' ? 'just now' : `${age} ago`}</span>
    </span>
  );
}

function DagRow({ name, dag, run }: Row) {
  return (
    <Link href={dagAddress(name)} className={styles['dagLink'] ?? ''} data-testid={`dag-${name}`}>
      <span className={styles['dagPicture']}>
        <DagThumbnail dag={dag ?? storedDag(name)} />
      </span>
      <span className={styles['dagMain']}>
        <span className={styles['dagName']}>{name}</span>
        <span className={styles['dagText']}>
          {dag === undefined
            ? 'only in this browser, not saved'
            : `${countText(dag.nodes.length, 'node')}, ${countText(dag.edges.length, 'connection')}`}
        </span>
      </span>
      {run === undefined ? (
        <span className={styles['dagRun']}>{dag === undefined ? '' : 'no run yet'}</span>
      ) : (
        <LastRun run={run} />
      )}
    </Link>
  );
}

interface DagListProps {
  /** `undefined` until they are known. */
  readonly dags: readonly DagDetail[] | undefined;
  /** The newest runs of all of them, newest first. */
  readonly runs: readonly InvocationStatus[];
  readonly localNames: readonly DagName[];
  readonly onChanged: () => void;
}

export function DagList({ dags, runs, localNames, onChanged }: DagListProps) {
  const [deleting, setDeleting] = useState<DagName>();
  const onServer = new Set((dags ?? []).map(({ name }) => name));
  const onlyHere = dags === undefined ? [] : localNames.filter((name) => !onServer.has(name));
  const rows: readonly Row[] = [
    ...(dags ?? []).map((dag) => ({
      name: dag.name,
      dag,
      run: runs.find((run) => run.dag === dag.name),
    })),
    ...onlyHere.map((name) => ({ name, dag: undefined, run: undefined })),
  ].toSorted(
    (a, b) =>
      Date.parse(b.run?.startedAt ?? EPOCH) - Date.parse(a.run?.startedAt ?? EPOCH) ||
      a.name.localeCompare(b.name),
  );

  if (dags === undefined)
    return <p className={styles['quiet']}>They appear when the server answers.</p>;
  if (rows.length === 0) {
    return <p className={styles['quiet']}>None yet. Open an example, or start empty.</p>;
  }
  return (
    <>
      <ul className={styles['dags']}>
        {rows.map((row) => (
          <li key={row.name} className={styles['dag']}>
            <DagRow {...row} />
            <IconButton label={`Delete ${row.name}`} onPress={() => setDeleting(row.name)}>
              <Trash2 size={16} aria-hidden />
            </IconButton>
          </li>
        ))}
      </ul>
      {deleting === undefined ? null : (
        <DeleteDag
          name={deleting}
          isOnServer={onServer.has(deleting)}
          onClose={() => setDeleting(undefined)}
          onDeleted={onChanged}
        />
      )}
    </>
  );
}
