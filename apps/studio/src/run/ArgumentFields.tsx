/** The arguments of the next run: the required ones and those that were given; the others on request. */
import { useState } from 'react';
import { Button } from '../design/primitives/Button.tsx';
import { ArgumentField } from './ArgumentField.tsx';
import { countText } from './format-amount.ts';
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

export function ArgumentFields({ fields, texts, errors, isEmpty, onChange }: ArgumentFieldsProps) {
  const [isAllShown, setIsAllShown] = useState(false);
  // A field that was typed in stays, also when it was emptied again.
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const isNeeded = (field: Field) =>
    field.isRequired ||
    touched.has(field.id) ||
    errors.has(field.id) ||
    (texts.get(field.id) ?? '') !== '';
  const hidden = fields.length - fields.filter(isNeeded).length;
  const canFold = fields.length > FIELDS_PLAIN_MAX && hidden > 0;
  const shown = canFold && !isAllShown ? fields.filter(isNeeded) : fields;
  if (fields.length === 0) {
    return (
      <p className={styles['noArguments']}>
        {isEmpty ? 'What the functions need is asked for here.' : 'Nothing to fill in: press Run.'}
      </p>
    );
  }
  return (
    <div className={styles['arguments']} role="group" aria-label="Arguments">
      {shown.map((field) => (
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
      {canFold && (
        <Button
          size="small"
          variant="plain"
          aria-expanded={isAllShown}
          data-testid="optional-arguments"
          onPress={() => {
            setIsAllShown(!isAllShown);
          }}
        >
          {isAllShown ? 'Fewer' : countText(hidden, 'optional', 'optional')}
        </Button>
      )}
    </div>
  );
}
