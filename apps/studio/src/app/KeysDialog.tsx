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

/** What the pointer does that cannot be seen. */
const pointer: readonly (readonly [string, string])[] = [
  ['Pan', 'Space or right button + drag'],
  ['Zoom', 'Wheel'],
  ['Select several', 'Drag, or Shift + click'],
  ['Add a function', 'Double click'],
  ['Add, connected', 'Drag a port into the void'],
  ['Rename', 'Double click on a name'],
];

function PointerList() {
  return (
    <section>
      <h3 className={styles['scope']}>With the pointer, on the canvas</h3>
      <dl className={styles['keys']}>
        {pointer.map(([title, gesture]) => (
          <div key={title} className={styles['row']}>
            <dt>{title}</dt>
            <dd className={styles['gesture']}>{gesture}</dd>
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
      title="Keys and gestures"
      isWide
      isOpen={isOpen}
      onClose={onClose}
      actions={<Button onPress={onClose}>Close</Button>}
    >
      <div className={styles['columns']}>
        <KeyList title="Everywhere" scope="everywhere" />
        <KeyList title="On the canvas" scope="canvas" />
        <PointerList />
      </div>
    </Dialog>
  );
}
