/**
 * Something that has to be known, where it belongs: what happened and the way out. Never a toast.
 */
import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './Notice.module.css';

interface NoticeProps {
  readonly tone: 'danger' | 'warning' | 'info';
  readonly children: ReactNode;
  readonly actions?: ReactNode;
  readonly 'data-testid'?: string | undefined;
}

const icons = { danger: CircleAlert, warning: TriangleAlert, info: Info };

export function Notice({ tone, children, actions, 'data-testid': testId }: NoticeProps) {
  const Icon = icons[tone];
  return (
    <div
      className={styles['notice']}
      data-tone={tone}
      data-testid={testId}
      role={tone === 'danger' ? 'alert' : 'status'}
    >
      <Icon size={16} aria-hidden className={styles['icon']} />
      <div className={styles['text']}>{children}</div>
      {actions === undefined ? null : <div className={styles['actions']}>{actions}</div>}
    </div>
  );
}
