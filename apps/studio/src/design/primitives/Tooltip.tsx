/**
 * A sentence beside a control, on hover and on focus.
 */
import type { ReactNode } from 'react';
import { Tooltip as AriaTooltip, TooltipTrigger } from 'react-aria-components';
import { Shortcut } from './Shortcut.tsx';
import styles from './Tooltip.module.css';

const DELAY_MS = 500;

interface TooltipProps {
  readonly text: string;
  readonly shortcut?: string | undefined;
  /** A control of react-aria-components; anything else needs its `Focusable`. */
  readonly children: ReactNode;
}

export function Tooltip({ text, shortcut, children }: TooltipProps) {
  return (
    <TooltipTrigger delay={DELAY_MS} closeDelay={80}>
      {children}
      <AriaTooltip offset={6} className={styles['tooltip'] ?? ''}>
        {text}
        {shortcut === undefined ? null : <Shortcut keys={shortcut} />}
      </AriaTooltip>
    </TooltipTrigger>
  );
}
