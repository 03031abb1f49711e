/**
 * A text field with its label, its hint and, where it belongs, its error.
 */
import type { ReactNode } from 'react';
import { FieldError, Input, Label, Text, TextField } from 'react-aria-components';
import type { TextFieldProps } from 'react-aria-components';
import styles from './Field.module.css';

interface FieldProps extends Omit<TextFieldProps, 'className' | 'style' | 'children'> {
  readonly label: string;
  /** Keeps the label for screen readers only. */
  readonly isLabelHidden?: boolean | undefined;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  readonly placeholder?: string | undefined;
  readonly isMono?: boolean | undefined;
  readonly icon?: ReactNode;
  readonly 'data-testid'?: string | undefined;
}

export function Field({
  label,
  isLabelHidden = false,
  hint,
  error,
  placeholder,
  isMono = false,
  icon,
  'data-testid': testId,
  ...rest
}: FieldProps) {
  return (
    <TextField {...rest} isInvalid={error !== undefined} className={styles['field'] ?? ''}>
      <Label className={isLabelHidden ? 'visually-hidden' : (styles['label'] ?? '')}>{label}</Label>
      <span className={styles['box']} data-with-icon={icon !== undefined}>
        {icon}
        <Input
          className={styles['input'] ?? ''}
          data-mono={isMono}
          data-testid={testId}
          spellCheck="false"
          autoComplete="off"
          {...(placeholder === undefined ? {} : { placeholder })}
        />
      </span>
      {hint === undefined || error !== undefined ? null : (
        <Text slot="description" className={styles['hint'] ?? ''}>
          {hint}
        </Text>
      )}
      <FieldError className={styles['error'] ?? ''}>{error}</FieldError>
    </TextField>
  );
}
