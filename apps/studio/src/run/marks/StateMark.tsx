/**
 * The shape of a node's or an invocation's state (studio.md 3.6). Decorative: the state's word stands
 * beside it.
 */
import type { NodeStatus } from '../node-run.ts';
import styles from './StateMark.module.css';

interface StateMarkProps {
  readonly status: NodeStatus;
  /** CSS pixels. */
  readonly size?: number | undefined;
}

export function StateMark({ status, size = 14 }: StateMarkProps) {
  return (
    <svg
      aria-hidden
      className={styles['mark']}
      data-status={status}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.6}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {shapes[status]}
    </svg>
  );
}

const OCTAGON = 'M5.2 1.2H10.8L14.8 5.2V10.8L10.8 14.8H5.2L1.2 10.8V5.2Z';

const shapes: Readonly<Record<NodeStatus, React.ReactNode>> = {
  waiting: (
    <>
      <circle cx={8} cy={8} r={6.2} />
      <path d="M8 8V1.8A6.2 6.2 0 0 1 14.2 8Z" fill="currentColor" stroke="none" />
    </>
  ),
  running: (
    <>
      <circle
        cx={8}
        cy={8}
        r={6.2}
        strokeWidth={2}
        strokeDasharray="29 10"
        className={styles['turning']}
      />
      <circle cx={8} cy={8} r={2.4} fill="currentColor" stroke="none" />
    </>
  ),
  succeeded: <path d="M2.5 8.5L6.2 12.2L13.5 4" strokeWidth={2} />,
  failed: (
    <>
      <path d={OCTAGON} />
      <path d="M5.6 5.6L10.4 10.4M10.4 5.6L5.6 10.4" strokeWidth={1.8} />
    </>
  ),
  cancelled: (
    <>
      <circle cx={8} cy={8} r={6.2} />
      <path d="M3.7 12.3L12.3 3.7" />
    </>
  ),
  skipped: <path d="M3 8H13" strokeDasharray="2 3.2" />,
};
