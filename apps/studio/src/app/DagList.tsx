/**
 * The DAGs on the server, and those that only this browser has.
 */
import type { DagDetail, DagName } from '@stormglass/core';
import { Trash2, Workflow } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import { deleteDag } from '../api/dags.ts';
import { Button, IconButton } from '../design/primitives/Button.tsx';
import { Dialog } from '../design/primitives/Dialog.tsx';
import { Notice } from '../design/primitives/Notice.tsx';
import { removeStored } from '../document/stored-document.ts';
import { dagAddress } from '../run/run-address.ts';
import styles from './StartScreen.module.css';

const counted = (count: number, one: string, many: string): string =>
  `${count} ${count === 1 ? one : many}`;

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

interface DagListProps {
  /** `undefined` until they are known. */
  readonly dags: readonly DagDetail[] | undefined;
  readonly localNames: readonly DagName[];
  readonly onChanged: () => void;
}

export function DagList({ dags, localNames, onChanged }: DagListProps) {
  const [deleting, setDeleting] = useState<DagName>();
  const onServer = new Set((dags ?? []).map(({ name }) => name));
  const onlyHere = dags === undefined ? [] : localNames.filter((name) => !onServer.has(name));
  const rows = [
    ...(dags ?? []).map((dag) => ({
      name: dag.name,
      text: `${counted(dag.nodes.length, 'node', 'nodes')}, ${counted(dag.edges.length, 'connection', 'connections')}`,
      note: `version ${dag.version}`,
    })),
    ...onlyHere.map((name) => ({ name, text: 'only in this browser', note: 'not saved' })),
  ].toSorted((a, b) => a.name.localeCompare(b.name));

  if (dags === undefined)
    return <p className={styles['quiet']}>They appear when the server answers.</p>;
  if (rows.length === 0) {
    return <p className={styles['quiet']}>None yet. Open an example, or start empty.</p>;
  }
  return (
    <>
      <ul className={styles['dags']}>
        {rows.map(({ name, text, note }) => (
          <li key={name} className={styles['dag']}>
            <Link
              href={dagAddress(name)}
              className={styles['dagLink'] ?? ''}
              data-testid={`dag-${name}`}
            >
              <Workflow size={16} aria-hidden />
              <span className={styles['dagName']}>{name}</span>
              <span className={styles['dagText']}>{text}</span>
              <span className={styles['dagNote']}>{note}</span>
            </Link>
            <IconButton label={`Delete ${name}`} onPress={() => setDeleting(name)}>
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
