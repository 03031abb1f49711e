/**
 * One read or write on a node's strip: its mark, the key, the version; everything about it on hover and
 * focus.
 */
import { Button, Tooltip, TooltipTrigger } from 'react-aria-components';
import { ClockInline } from '../clock-glyph/ClockInline.tsx';
import { clockWords } from '../clock-glyph/clock-entries.ts';
import { AccessDetail } from './AccessDetail.tsx';
import type { Access } from './access-chips.ts';
import { Mark } from './marks/Mark.tsx';
import { markShapes } from './marks/mark-shapes.ts';
import { keyParts, markOfRead, markOfWrite, operationWord } from './read-outcome.ts';
import type { VersionVector } from '@stormglass/core';
import styles from './AccessChip.module.css';

interface AccessChipProps {
  readonly access: Access;
  readonly before: VersionVector | undefined;
  readonly isUncommitted: boolean;
  /** Chips of a node that is not selected stay out of the tab order. */
  readonly isInTabOrder: boolean;
  readonly onPress: () => void;
}

export function AccessChip(props: AccessChipProps) {
  const { access, before, isUncommitted, isInTabOrder, onPress } = props;
  const isRead = access.kind === 'cache.read';
  const mark = isRead ? markOfRead(access) : markOfWrite(access, isUncommitted);
  const words = isRead || isUncommitted ? markShapes[mark].words : operationWord[access.operation];
  const siblings = isRead && access.siblings > 1 ? `, ${access.siblings} concurrent values` : '';
  const { family, own } = keyParts(access.key);
  const version = JSON.stringify(access.version);
  const testAttributes = isRead
    ? { 'data-testid': 'read-chip', 'data-outcome': access.outcome }
    : { 'data-testid': 'write-chip', 'data-outcome': 'write' };
  return (
    <TooltipTrigger delay={250} closeDelay={60}>
      <Button
        className={`${styles['chip'] ?? ''} nodrag nopan`}
        excludeFromTabOrder={!isInTabOrder}
        onPress={onPress}
        {...testAttributes}
        data-key={access.key}
        data-version={version}
      >
        <Mark kind={mark} />
        {siblings !== '' && <Mark kind="siblings" />}
        <span aria-hidden className={styles['key']}>
          <span className={styles['family']}>{family}</span>
          <span className={styles['own']}>{own}</span>
        </span>
        <ClockInline version={access.version} before={before} isShort />
        <span className="visually-hidden">
          {`${access.key}, ${words}${siblings}, ${clockWords(access.version)}`}
        </span>
      </Button>
      <Tooltip className={styles['tooltip'] ?? ''} offset={8} placement="right top">
        <AccessDetail access={access} before={before} isUncommitted={isUncommitted} />
      </Tooltip>
    </TooltipTrigger>
  );
}
