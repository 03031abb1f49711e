/**
 * Why the DAG is not saved, and what to do about it. Stays until the next edit or save.
 */
import { Button } from '../design/primitives/Button.tsx';
import { Notice } from '../design/primitives/Notice.tsx';
import { documentStore, keepMine, takeNewer, useDocument, useOpenDocument } from '../document/document-store.ts';
import { selectFunction, selectNode } from '../document/selection-store.ts';
import styles from './EditorScreen.module.css';

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function SaveProblem() {
  const problem = useOpenDocument((open) => open.saveProblem);
  const { nodes } = useDocument();
  if (problem === undefined) return null;
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
  const hasNotice = useOpenDocument(
    (open) => open.newer !== undefined || open.saveProblem !== undefined,
  );
  if (!hasNotice) return null;
  return (
    <div className={styles['notices']}>
      <NewerOnServer />
      <SaveProblem />
    </div>
  );
}
