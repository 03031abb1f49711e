/**
 * Every key, from the same list that binds them.
 */
import { Button } from '../design/primitives/Button.tsx';
import { Dialog } from '../design/primitives/Dialog.tsx';
import { printShortcut } from '../design/primitives/print-shortcut.ts';
import { commandIds, commands } from './commands.ts';
import type { CommandScope } from './commands.ts';
import styles from './KeysDialog.module.css';

function KeyList({ title, scope }: { readonly title: string; readonly scope: CommandScope }) {
  const ids = commandIds.filter((id) => commands[id].scope === scope);
  return (
    <section>
      <h3 className={styles['scope']}>{title}</h3>
      <dl className={styles['keys']}>
        {ids.map((id) => (
          <div key={id} className={styles['row']}>
            <dt>{commands[id].title}</dt>
            <dd>
              <kbd>{printShortcut(commands[id].keys[0])}</kbd>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

export function KeysDialog({
  isOpen,
  onClose,
}: {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}) {
  return (
    <Dialog
      title="Keys"
      isWide
      isOpen={isOpen}
      onClose={onClose}
      actions={<Button onPress={onClose}>Close</Button>}
    >
      <div className={styles['columns']}>
        <KeyList title="Everywhere" scope="everywhere" />
        <KeyList title="On the canvas" scope="canvas" />
      </div>
    </Dialog>
  );
}
