/**
 * The arguments of the next run in one line: the required ones and those that were given. What does not
 * fit, and what is optional, unfolds over the canvas.
 */
import { ChevronDown, ChevronUp } from 'lucide-react';
import { useLayoutEffect, useRef, useState } from 'react';
import type { FocusEvent, RefObject } from 'react';
import { Button } from '../design/primitives/Button.tsx';
import { ArgumentField } from './ArgumentField.tsx';
import type { ArgumentField as Field, FieldErrors } from './invocation-form.ts';
import styles from './RunBar.module.css';

interface ArgumentFieldsProps {
  readonly fields: readonly Field[];
  readonly texts: ReadonlyMap<string, string>;
  readonly errors: FieldErrors;
  /** There is no node yet. */
  readonly isEmpty: boolean;
  readonly onChange: (field: Field, text: string) => void;
}

/** Up to this many fields nothing is worth hiding. */
const FIELDS_PLAIN_MAX = 4;

/** Whether the line is too short for what is in it. */
function useOverflow(line: RefObject<HTMLElement | null>, content: unknown): boolean {
  const [isOver, setIsOver] = useState(false);
  useLayoutEffect(() => {
    const { current } = line;
    if (current === null) return undefined;
    const observer = new ResizeObserver(() => {
      setIsOver(current.scrollWidth > current.clientWidth + 1);
    });
    observer.observe(current);
    for (const field of current.children) observer.observe(field);
    return () => {
      observer.disconnect();
    };
  }, [line, content]);
  return isOver;
}

export function ArgumentFields({ fields, texts, errors, isEmpty, onChange }: ArgumentFieldsProps) {
  const [isOpen, setIsOpen] = useState(false);
  // A field that was typed in stays, also when it was emptied again.
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [shownErrors, setShownErrors] = useState(errors);
  const line = useRef<HTMLDivElement>(null);
  const isNeeded = (field: Field) =>
    field.isRequired ||
    touched.has(field.id) ||
    errors.has(field.id) ||
    (texts.get(field.id) ?? '') !== '';
  const needed = fields.length > FIELDS_PLAIN_MAX ? fields.filter(isNeeded) : fields;
  const isOver = useOverflow(line, needed.length);
  const canUnfold = isOpen || isOver || needed.length < fields.length;
  if (fields.length === 0) {
    return (
      <p className={styles['noArguments']}>
        {isEmpty ? 'What the functions need is asked for here.' : 'Nothing to fill in: press Run.'}
      </p>
    );
  }
  // What is missing may stand where the line is cut: all of it is shown.
  if (errors !== shownErrors) {
    setShownErrors(errors);
    if (errors.size > 0 && isOver) setIsOpen(true);
  }
  const foldOnLeave = ({ currentTarget, relatedTarget }: FocusEvent) => {
    if (!currentTarget.contains(relatedTarget)) setIsOpen(false);
  };
  return (
    <div
      className={styles['argumentBox']}
      data-open={isOpen || undefined}
      data-over={isOver || undefined}
      onBlur={foldOnLeave}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setIsOpen(false);
      }}
    >
      <div className={styles['arguments']} ref={line} role="group" aria-label="Arguments">
        {(isOpen ? fields : needed).map((field) => (
          <ArgumentField
            key={field.id}
            field={field}
            text={texts.get(field.id) ?? ''}
            error={errors.get(field.id)}
            onChange={(text) => {
              setTouched(new Set(touched).add(field.id));
              onChange(field, text);
            }}
          />
        ))}
      </div>
      {canUnfold && (
        <Button
          size="small"
          aria-expanded={isOpen}
          data-testid="all-arguments"
          onPress={() => {
            setIsOpen(!isOpen);
          }}
        >
          {isOpen ? 'Fewer' : `All ${fields.length}`}
          {isOpen ? <ChevronUp size={14} aria-hidden /> : <ChevronDown size={14} aria-hidden />}
        </Button>
      )}
    </div>
  );
}
