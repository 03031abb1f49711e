/**
 * Buttons: one filled action a screen, the rest quiet.
 */
import type { ReactNode } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import type { ButtonProps as AriaButtonProps } from 'react-aria-components';
import { Tooltip } from './Tooltip.tsx';
import styles from './Button.module.css';

interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'style' | 'children'> {
  readonly variant?: 'primary' | 'outline' | 'plain' | 'danger' | undefined;
  readonly size?: 'small' | 'medium' | undefined;
  readonly children: ReactNode;
  readonly 'data-testid'?: string | undefined;
}

export function Button({ variant = 'outline', size = 'medium', ...rest }: ButtonProps) {
  return (
    <AriaButton
      {...rest}
      className={styles['button'] ?? ''}
      data-variant={variant}
      data-size={size}
    />
  );
}

interface IconButtonProps extends Omit<AriaButtonProps, 'className' | 'style' | 'children'> {
  /** The accessible name, also shown on hover and focus. */
  readonly label: string;
  /** The key that does the same, as shown to people. */
  readonly shortcut?: string | undefined;
  readonly children: ReactNode;
  readonly 'data-testid'?: string | undefined;
}

export function IconButton({ label, shortcut, ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label} shortcut={shortcut}>
      <AriaButton {...rest} aria-label={label} className={styles['icon'] ?? ''} />
    </Tooltip>
  );
}
