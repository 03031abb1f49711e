/**
 * The selected node, or a function opened from the library. Loaded when something is selected first.
 */
import { useStore } from 'zustand';
import { MoveHorizontal, Pencil, Trash2, X } from 'lucide-react';
import { removeSelected } from '../canvas/gestures.ts';
import { interact } from '../canvas/interactions/interaction-store.ts';
import { IconButton } from '../design/primitives/Button.tsx';
import { useDocument } from '../document/document-store.ts';
import { clearSelection, selectionStore } from '../document/selection-store.ts';
import { FunctionEditor } from '../editor/FunctionEditor.tsx';
import { NodeInspector } from '../inspector/NodeInspector.tsx';
import { commands, offeredCommands } from './commands.ts';
import { useThrown } from './use-thrown.ts';
import styles from './EditorScreen.module.css';

function NodeCode({
  node,
  functionName,
}: {
  readonly node: string;
  readonly functionName: string;
}) {
  const thrown = useThrown(node, functionName);
  return <FunctionEditor key={functionName} name={functionName} thrown={thrown} />;
}

function WidenButton() {
  return (
    <IconButton
      label="Wider or narrower"
      shortcut={commands['widen-inspector'].keys[0]}
      data-testid="widen-inspector"
      onPress={() => offeredCommands().get('widen-inspector')?.()}
    >
      <MoveHorizontal size={16} aria-hidden />
    </IconButton>
  );
}

function NodeHead({
  node,
  functionName,
}: {
  readonly node: string;
  readonly functionName: string;
}) {
  return (
    <div className={styles['inspectorHead']}>
      <h2 className={styles['inspectorTitle']}>{node}</h2>
      <span className={styles['inspectorKind']} title={`Function ${functionName}`}>
        {functionName === node ? null : <code>{functionName}</code>}
      </span>
      <WidenButton />
      <IconButton
        label={`Rename ${node}`}
        shortcut={commands.rename.keys[0]}
        onPress={() => interact({ is: 'renaming', node })}
      >
        <Pencil size={16} aria-hidden />
      </IconButton>
      <IconButton
        label={`Delete ${node}`}
        shortcut={commands.remove.keys[0]}
        data-testid="delete-node"
        onPress={() => removeSelected(new Set([node]), new Set())}
      >
        <Trash2 size={16} aria-hidden />
      </IconButton>
      <IconButton label="Close" onPress={clearSelection}>
        <X size={16} aria-hidden />
      </IconButton>
    </div>
  );
}

function OpenFunction({ name }: { readonly name: string }) {
  return (
    <>
      <div className={styles['inspectorHead']}>
        <h2 className={styles['inspectorTitle']}>{name}</h2>
        <span className={styles['inspectorKind']}>function</span>
        <WidenButton />
        <IconButton label="Close" onPress={clearSelection}>
          <X size={16} aria-hidden />
        </IconButton>
      </div>
      <FunctionEditor key={name} name={name} />
    </>
  );
}

export function SelectionInspector() {
  const selectedNode = useStore(selectionStore, (selection) => selection.selectedNode);
  const openFunction = useStore(selectionStore, (selection) => selection.openFunction);
  const { nodes } = useDocument();
  const node = nodes.find(({ id }) => id === selectedNode);
  if (node !== undefined) {
    return (
      <>
        <NodeHead node={node.id} functionName={node.function} />
        <NodeInspector
          node={node.id}
          codeTab={<NodeCode node={node.id} functionName={node.function} />}
        />
      </>
    );
  }
  return openFunction === undefined ? null : <OpenFunction name={openFunction} />;
}
