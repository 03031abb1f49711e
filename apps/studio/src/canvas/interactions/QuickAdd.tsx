/**
 * Adding by typing: a name finds a function or makes a new one, at the place where the list opened.
 */
import { Plus } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { createFunction, nameErrorOf } from '../../library/create-function.ts';
import { matchFunctions } from '../../library/match-functions.ts';
import { useFunctions } from '../../library/function-store.ts';
import { addFunctionNode } from '../gestures.ts';
import { useReveal } from '../use-place-in-view.ts';
import { stopInteraction, useInteraction } from './interaction-store.ts';
import type { Interaction } from './interaction-store.ts';
import styles from './QuickAdd.module.css';

const MATCHES_MAX = 7;

type Adding = Extract<Interaction, { is: 'adding' }>;

interface Option {
  readonly name: string;
  readonly isNew: boolean;
  readonly signature: string;
}

function useOptions(text: string): readonly Option[] {
  const functions = useFunctions((state) => state.functions);
  const name = text.trim();
  const found = matchFunctions([...(functions?.values() ?? [])], name)
    .slice(0, MATCHES_MAX)
    .map((summary) => ({
      name: summary.name,
      isNew: false,
      signature: `(${summary.parameters.join(', ')})`,
    }));
  const canCreate = name !== '' && nameErrorOf(name) === undefined;
  return canCreate ? [...found, { name, isNew: true, signature: 'new function' }] : found;
}

function QuickAddList({ adding }: { readonly adding: Adding }) {
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const [error, setError] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  const reveal = useReveal();
  const options = useOptions(text);
  useEffect(() => input.current?.focus(), []);

  async function choose(option: Option | undefined) {
    if (option === undefined) {
      setError(nameErrorOf(text.trim()));
      return;
    }
    const problem = option.isNew ? await createFunction(option.name) : undefined;
    setError(problem);
    if (problem !== undefined) return;
    const id = addFunctionNode(option.name, adding.place, adding.link);
    stopInteraction();
    requestAnimationFrame(() => reveal(id));
  }

  function onKeyDown(event: KeyboardEvent) {
    event.stopPropagation();
    const last = options.length - 1;
    if (event.key === 'ArrowDown') setActive(Math.min(active + 1, last));
    else if (event.key === 'ArrowUp') setActive(Math.max(active - 1, 0));
    else if (event.key === 'Enter') void choose(options[active]);
    else if (event.key === 'Escape') stopInteraction();
    else return;
    event.preventDefault();
  }

  return (
    <div
      className={`nodrag nopan nowheel ${styles['box'] ?? ''}`}
      style={{
        left: `clamp(8px, ${adding.anchor.x}px, calc(100% - 288px))`,
        top: `clamp(8px, ${adding.anchor.y}px, calc(100% - 340px))`,
      }}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) stopInteraction();
      }}
    >
      <input
        ref={input}
        className={styles['input']}
        data-testid="quick-add"
        role="combobox"
        aria-expanded
        aria-controls="quick-add-list"
        aria-activedescendant={options.length === 0 ? undefined : `quick-add-${active}`}
        aria-label="Name of a function to add"
        placeholder="Type a name to add a function"
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setActive(0);
          setError(undefined);
        }}
        onKeyDown={onKeyDown}
      />
      {error === undefined ? null : (
        <p role="alert" className={styles['error']}>
          {error}
        </p>
      )}
      <div id="quick-add-list" role="listbox" aria-label="Functions" className={styles['list']}>
        {options.map((option, index) => (
          <div
            key={`${option.isNew ? 'new' : 'known'} ${option.name}`}
            id={`quick-add-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            className={styles['option']}
            data-testid={option.isNew ? 'quick-add-new' : `quick-add-${option.name}`}
            onPointerMove={() => setActive(index)}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => void choose(option)}
          >
            {option.isNew ? <Plus size={14} aria-hidden /> : null}
            <span className={styles['name']}>{option.name}</span>
            <span className={styles['signature']}>{option.signature}</span>
          </div>
        ))}
      </div>
    </div>
  );
}

export function QuickAdd() {
  const interaction = useInteraction((state) => state.interaction);
  return interaction.is === 'adding' ? <QuickAddList adding={interaction} /> : null;
}
