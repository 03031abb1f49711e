/**
 * One argument of the next run: JSON or plain text, with what it will be taken for, and its error
 * beside it.
 */
import { FieldError, Input, Label, TextField } from 'react-aria-components';
import { readTyped, typedHint, type ArgumentField as Field } from './invocation-form.ts';
import styles from './ArgumentField.module.css';

interface ArgumentFieldProps {
  readonly field: Field;
  readonly text: string;
  readonly error: string | undefined;
  readonly onChange: (text: string) => void;
}

export function ArgumentField({ field, text, error, onChange }: ArgumentFieldProps) {
  const typed = readTyped(text);
  const isMissing = error !== undefined && typed.is === 'empty';
  return (
    <TextField
      className={styles['field'] ?? ''}
      value={text}
      onChange={onChange}
      isInvalid={error !== undefined}
      isRequired={field.isRequired}
      validationBehavior="aria"
    >
      <Label className={styles['label'] ?? ''}>
        <span className={styles['node']}>{field.node}.</span>
        {field.parameter}
        {field.isRequired && (
          <span aria-hidden className={styles['required']}>
            *
          </span>
        )}
      </Label>
      <span className={styles['box']}>
        <Input
          className={styles['input'] ?? ''}
          data-testid={`argument-${field.node}-${field.parameter}`}
          placeholder={isMissing ? '' : field.isRequired ? 'JSON or text' : 'default'}
          title={'JSON, plain text, or {"$ref": "key"} to read it from the store'}
          autoComplete="off"
          spellCheck={false}
        />
        {isMissing && (
          <span aria-hidden className={styles['missing']}>
            required
          </span>
        )}
        {typed.is !== 'empty' && (
          <span className={styles['hint']}>
            <span className="visually-hidden">taken for </span>
            {typedHint(typed)}
          </span>
        )}
      </span>
      <FieldError className={isMissing ? 'visually-hidden' : (styles['error'] ?? '')}>
        {error}
      </FieldError>
    </TextField>
  );
}
