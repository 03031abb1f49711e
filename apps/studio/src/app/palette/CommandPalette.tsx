/**
 * Everything by typing its name: commands, nodes, functions, DAGs, levels.
 */
import type { DagName } from '@stormglass/core';
import { Search } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { Dialog, Modal, ModalOverlay } from 'react-aria-components';
import { Shortcut } from '../../design/primitives/Shortcut.tsx';
import { matchEntries } from './palette-entries.ts';
import type { PaletteEntry } from './palette-entries.ts';
import { usePaletteEntries } from './use-palette-entries.ts';
import styles from './CommandPalette.module.css';

interface CommandPaletteProps {
  readonly dag: DagName;
  readonly onClose: () => void;
}

/** After the window has given the keyboard back, so that what runs may take it. */
function afterClose(run: () => void): void {
  requestAnimationFrame(() => requestAnimationFrame(run));
}

function Options({
  options,
  active,
  onPoint,
  onChoose,
}: {
  readonly options: readonly PaletteEntry[];
  readonly active: number;
  readonly onPoint: (index: number) => void;
  readonly onChoose: (entry: PaletteEntry) => void;
}) {
  const activeOption = useRef<HTMLDivElement>(null);
  useEffect(() => {
    activeOption.current?.scrollIntoView({ block: 'nearest' });
  }, [active, options]);
  return (
    <div id="palette-list" role="listbox" aria-label="Commands" className={styles['list']}>
      {options.map((entry, index) => (
        <div
          key={`${entry.kind} ${entry.title}`}
          ref={index === active ? activeOption : null}
          id={`palette-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          className={styles['option']}
          data-testid="palette-option"
          onPointerMove={() => onPoint(index)}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onChoose(entry)}
        >
          <span className={styles['title']}>{entry.title}</span>
          {entry.keys === undefined ? (
            <span className={styles['kind']}>{entry.kind}</span>
          ) : (
            <Shortcut keys={entry.keys} />
          )}
        </div>
      ))}
    </div>
  );
}

function PaletteBody({ dag, onClose }: CommandPaletteProps) {
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const options = matchEntries(usePaletteEntries(dag), text);
  const choose = (entry: PaletteEntry | undefined) => {
    if (entry === undefined) return;
    onClose();
    afterClose(entry.run);
  };
  function onKeyDown(event: KeyboardEvent) {
    const last = options.length - 1;
    if (event.key === 'ArrowDown') setActive(active === last ? 0 : active + 1);
    else if (event.key === 'ArrowUp') setActive(active === 0 ? last : active - 1);
    else if (event.key === 'Enter') choose(options[active]);
    else return;
    event.preventDefault();
  }
  return (
    <>
      <div className={styles['search']}>
        <Search size={16} aria-hidden />
        <input
          // The window is opened to type in it.
          ref={(input) => input?.focus()}
          className={styles['input']}
          data-testid="palette-input"
          role="combobox"
          aria-expanded
          aria-controls="palette-list"
          aria-activedescendant={options.length === 0 ? undefined : `palette-${active}`}
          aria-label="Find a command"
          placeholder="Run, tidy, go to a node, add a function, open a DAG …"
          spellCheck={false}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <Options options={options} active={active} onPoint={setActive} onChoose={choose} />
      {options.length === 0 && (
        <p role="status" className={styles['nothing']}>
          Nothing is called “{text.trim()}”.
        </p>
      )}
    </>
  );
}

export function CommandPalette(props: CommandPaletteProps) {
  return (
    <ModalOverlay
      isOpen
      isDismissable
      className={styles['scrim'] ?? ''}
      onOpenChange={(open) => {
        if (!open) props.onClose();
      }}
    >
      <Modal className={styles['window'] ?? ''}>
        <Dialog aria-label="Commands" className={styles['dialog'] ?? ''}>
          <PaletteBody {...props} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
