/**
 * One function of the library. Dragging it to the canvas, double-clicking it and its plus all add a node.
 */
import type { FunctionSummary } from '@stormglass/core';
import { Database, GripVertical, Plus, Trash2 } from 'lucide-react';
import { memo, useState } from 'react';
import { useStore } from 'zustand';
import { selectionStore } from '../document/selection-store.ts';
import { IconButton } from '../design/primitives/Button.tsx';
import { DeleteFunction } from './DeleteFunction.tsx';
import { FUNCTION_DRAG_TYPE } from './function-drag.ts';
import { useFunctions } from './function-store.ts';
import styles from './Library.module.css';

interface LibraryItemProps {
  readonly summary: FunctionSummary;
  readonly onAdd: (name: string) => void;
  readonly onOpen: (name: string) => void;
}

function LibraryItemView({ summary, onAdd, onOpen }: LibraryItemProps) {
  const { name, parameters, usesCloud } = summary;
  const [isDeleting, setDeleting] = useState(false);
  const isOpen = useStore(selectionStore, (selection) => selection.openFunction === name);
  const hasDraft = useFunctions((state) => state.drafts.has(name));
  const hasProblem = useFunctions((state) => state.problems.has(name));
  const state = hasProblem ? 'does not parse' : hasDraft ? 'not saved' : undefined;
  return (
    <li className={styles['item']} data-open={isOpen}>
      <div
        className={styles['main']}
        role="button"
        tabIndex={0}
        draggable
        data-testid={`library-item-${name}`}
        aria-description="Opens the code"
        onClick={() => onOpen(name)}
        onDoubleClick={() => onAdd(name)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' && event.key !== ' ') return;
          event.preventDefault();
          onOpen(name);
        }}
        onDragStart={(event) => {
          event.dataTransfer.setData(FUNCTION_DRAG_TYPE, name);
          event.dataTransfer.effectAllowed = 'copy';
        }}
      >
        <GripVertical size={14} aria-hidden className={styles['grip']} />
        <span className={styles['words']}>
          <span className={styles['name']}>
            <span className={styles['nameText']}>{name}</span>
            {usesCloud ? (
              <Database size={12} className={styles['cloud']} aria-label="Uses keys of the store" />
            ) : null}
            {state === undefined ? null : (
              <span className={styles['state']} data-problem={hasProblem}>
                {state}
              </span>
            )}
          </span>
          <span className={styles['signature']}>({parameters.join(', ')})</span>
        </span>
      </div>
      <span className={styles['actions']}>
        <IconButton label={`Delete ${name}`} onPress={() => setDeleting(true)}>
          <Trash2 size={14} aria-hidden />
        </IconButton>
        <IconButton
          label={`Add ${name} to the canvas`}
          data-testid={`library-add-${name}`}
          onPress={() => onAdd(name)}
        >
          <Plus size={16} aria-hidden />
        </IconButton>
      </span>
      <DeleteFunction name={name} isOpen={isDeleting} onClose={() => setDeleting(false)} />
    </li>
  );
}

export const LibraryItem = memo(LibraryItemView);
