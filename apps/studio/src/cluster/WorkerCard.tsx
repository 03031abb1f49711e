/**
 * One worker: its executors, its cache, and the button that kills it so that people can watch the
 * recovery.
 */
import { Skull } from 'lucide-react';
import { useState } from 'react';
import { killWorker } from '../api/cluster.ts';
import type { ApiProblem } from '../api/request.ts';
import { Button, IconButton } from '../design/primitives/Button.tsx';
import { Dialog } from '../design/primitives/Dialog.tsx';
import { bytesText, countText } from '../run/format-amount.ts';
import { ProblemNote } from '../run/ProblemNote.tsx';
import type { ExecutorRow, WorkerRow } from './worker-rows.ts';
import styles from './ClusterStrip.module.css';

interface WorkerCardProps {
  readonly worker: WorkerRow;
  readonly canKill: boolean;
}

export function WorkerCard({ worker, canKill }: WorkerCardProps) {
  const { id, state, executors, keys, bytes, hitRate, reads } = worker;
  const [isAsking, setIsAsking] = useState(false);
  return (
    <div className={styles['worker']} data-testid={`worker-${id}`} data-state={state}>
      <span
        className={styles['name']}
        title={
          worker.pid === undefined
            ? undefined
            : `process ${worker.pid}${worker.isJailed ? ', jailed' : ''}`
        }
      >
        {id}
      </span>
      {state !== 'running' && <span className={styles['state']}>{state}</span>}
      <ul className={styles['executors']} aria-label={`Executors of ${id}`}>
        {executors.map((executor) => (
          <ExecutorMark key={executor.id} executor={executor} />
        ))}
      </ul>
      <span
        className={styles['quiet']}
        title={bytes === undefined ? undefined : `${bytesText(bytes)} in the cache`}
      >
        {keys === undefined ? 'cache –' : countText(keys, 'key')}
      </span>
      <span className={styles['quiet']} title={`${countText(reads, 'read')} so far`}>
        {hitRate === undefined ? 'no reads' : `${Math.round(hitRate * 100)} % hits`}
      </span>
      <IconButton
        label={`Kill worker ${id}`}
        data-testid={`kill-${id}`}
        isDisabled={!canKill || state !== 'running'}
        onPress={() => {
          setIsAsking(true);
        }}
      >
        <Skull size={14} aria-hidden />
      </IconButton>
      <KillDialog
        worker={id}
        isOpen={isAsking}
        onClose={() => {
          setIsAsking(false);
        }}
      />
    </div>
  );
}

function ExecutorMark({ executor }: { readonly executor: ExecutorRow }) {
  const { id, isBusy, running } = executor;
  const words = isBusy ? `busy${running.length > 0 ? ` with ${running.join(', ')}` : ''}` : 'idle';
  return (
    <li className={styles['executor']} data-busy={isBusy || undefined} title={`${id}: ${words}`}>
      <span className="visually-hidden">
        {id} {words}
      </span>
      <span aria-hidden>{running[0] ?? id.split('/').at(-1)}</span>
    </li>
  );
}

interface KillDialogProps {
  readonly worker: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

function KillDialog({ worker, isOpen, onClose }: KillDialogProps) {
  const [problem, setProblem] = useState<ApiProblem | undefined>();
  const kill = async () => {
    const answer = await killWorker(worker);
    setProblem(answer.ok ? undefined : answer.problem);
    if (answer.ok) onClose();
  };
  return (
    <Dialog
      title={`Kill worker ${worker}?`}
      isOpen={isOpen}
      onClose={() => {
        setProblem(undefined);
        onClose();
      }}
      actions={
        <>
          <Button onPress={onClose}>Keep it</Button>
          <Button
            variant="danger"
            data-testid="confirm-kill"
            onPress={() => {
              void kill();
            }}
          >
            Kill {worker}
          </Button>
        </>
      }
    >
      <p>
        Its process ends at once, with its cache and the functions that run on it. The server starts
        a new one, and runs that were hit begin another attempt. Nothing that was acknowledged is
        lost.
      </p>
      {problem !== undefined && <ProblemNote problem={problem} />}
    </Dialog>
  );
}
