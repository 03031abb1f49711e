/**
 * A problem document where it belongs: what happened, in the server's words, and the way to the place
 * it is about.
 */
import { Button } from '../design/primitives/Button.tsx';
import { Notice } from '../design/primitives/Notice.tsx';
import { selectFunction, selectNode } from '../document/selection-store.ts';
import type { ApiProblem } from '../api/request.ts';
import styles from './ProblemNote.module.css';

interface ProblemNoteProps {
  readonly problem: ApiProblem;
  readonly onDismiss?: (() => void) | undefined;
}

export function ProblemNote({ problem, onDismiss }: ProblemNoteProps) {
  return (
    <Notice
      tone="danger"
      data-testid="problem"
      actions={
        <>
          <WayThere problem={problem} />
          {onDismiss !== undefined && (
            <Button size="small" variant="plain" onPress={onDismiss}>
              Dismiss
            </Button>
          )}
        </>
      }
    >
      <strong>{problem.title}.</strong> {problem.detail}
      <span className={styles['place']}>{placeText(problem)}</span>
    </Notice>
  );
}

function WayThere({ problem }: { readonly problem: ApiProblem }) {
  const { node, function: name } = problem;
  if (typeof node === 'string') {
    return (
      <Button
        size="small"
        onPress={() => {
          selectNode(node);
        }}
      >
        Show {node}
      </Button>
    );
  }
  if (typeof name === 'string') {
    return (
      <Button
        size="small"
        onPress={() => {
          selectFunction(name);
        }}
      >
        Open {name}
      </Button>
    );
  }
  return null;
}

/** `line 3, column 7`, and the cycle in its order. */
function placeText(problem: ApiProblem): string {
  const { line, column, cycle } = problem;
  const parts: string[] = [];
  if (typeof line === 'number') {
    parts.push(typeof column === 'number' ? `line ${line}, column ${column}` : `line ${line}`);
  }
  if (Array.isArray(cycle) && !problem.detail.includes('→')) {
    parts.push([...cycle, cycle[0]].map(String).join(' → '));
  }
  return parts.length === 0 ? '' : ` (${parts.join('; ')})`;
}
