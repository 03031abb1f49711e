/**
 * Why the DAG is not saved, and what to do about it. Stays until the next edit or save.
 */
import type { ApiProblem } from '../api/request.ts';
import { Button } from '../design/primitives/Button.tsx';
import { Notice } from '../design/primitives/Notice.tsx';
import {
  documentStore,
  keepMine,
  takeNewer,
  useDocument,
  useOpenDocument,
} from '../document/document-store.ts';
import { useFunctions } from '../library/function-store.ts';
import { selectFunction, selectNode } from '../document/selection-store.ts';
import styles from './EditorScreen.module.css';

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** The refusal of the last save; that of a function's source goes as soon as the source is edited. */
function useSaveProblem(): ApiProblem | undefined {
  const problem = useOpenDocument((open) => open.saveProblem);
  const refused = useFunctions((state) => state.problems);
  const isSource = problem?.['line'] !== undefined;
  return isSource && !refused.has(textOf(problem['function']) ?? '') ? undefined : problem;
}

function SaveProblem({ problem }: { readonly problem: ApiProblem }) {
  const { nodes } = useDocument();
  const functionName = textOf(problem['function']);
  const node = nodes.find(
    ({ id, function: used }) => id === textOf(problem['node']) || used === functionName,
  );
  const show =
    node === undefined
      ? functionName === undefined
        ? undefined
        : () => selectFunction(functionName)
      : () => selectNode(node.id);
  return (
    <Notice
      tone="danger"
      data-testid="save-problem"
      actions={
        <>
          {show === undefined ? null : (
            <Button size="small" onPress={show}>
              Show {node?.id ?? functionName}
            </Button>
          )}
          <Button
            size="small"
            variant="plain"
            onPress={() => documentStore.setState({ saveProblem: undefined })}
          >
            Dismiss
          </Button>
        </>
      }
    >
      <strong>Not saved.</strong> {functionName === undefined ? '' : `${functionName}: `}
      {problem.detail}
    </Notice>
  );
}

function NewerOnServer() {
  const newer = useOpenDocument((open) => open.newer);
  if (newer === undefined) return null;
  return (
    <Notice
      tone="warning"
      data-testid="newer-on-server"
      actions={
        <>
          <Button size="small" onPress={keepMine}>
            Keep mine
          </Button>
          <Button size="small" onPress={takeNewer}>
            Take the server’s
          </Button>
        </>
      }
    >
      <strong>Changed elsewhere.</strong> The server has version {newer.version}, saved after you
      began. Your changes are still here.
    </Notice>
  );
}

export function SaveNotices() {
  const problem = useSaveProblem();
  const isNewer = useOpenDocument((open) => open.newer !== undefined);
  if (problem === undefined && !isNewer) return null;
  return (
    <div className={styles['notices']}>
      <NewerOnServer />
      {problem === undefined ? null : <SaveProblem problem={problem} />}
    </div>
  );
}
