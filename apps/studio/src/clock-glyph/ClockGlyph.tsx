/**
 * A version, everywhere one is named: the inline form, and the whole table on hover or focus (studio.md
 * 3.6).
 */
import type { VersionVector } from '@stormglass/core';
import { Button, Tooltip, TooltipTrigger } from 'react-aria-components';
import { ClockInline } from './ClockInline.tsx';
import { ClockTable } from './ClockTable.tsx';
import { clockWords } from './clock-entries.ts';
import styles from './ClockGlyph.module.css';

interface ClockGlyphProps {
  readonly version: VersionVector;
  /** The version that this one replaced: what is larger now is underlined. */
  readonly before?: VersionVector | undefined;
  /** What the table compares with, and what to call it. */
  readonly reference?: VersionVector | undefined;
  readonly referenceName?: string | undefined;
}

export function ClockGlyph({ version, before, reference, referenceName }: ClockGlyphProps) {
  return (
    <TooltipTrigger delay={250} closeDelay={80}>
      <Button className={styles['glyph'] ?? ''}>
        <ClockInline version={version} before={before} />
        <span className="visually-hidden">{clockWords(version)}</span>
      </Button>
      <Tooltip className={styles['tooltip'] ?? ''} offset={6}>
        <ClockTable
          version={version}
          reference={reference ?? before}
          referenceName={referenceName ?? 'before'}
        />
      </Tooltip>
    </TooltipTrigger>
  );
}
