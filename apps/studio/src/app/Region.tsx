/**
 * A part of the screen that may still have to be loaded, and whose failure stays its own: the rest goes on.
 */
import { Component, Suspense } from 'react';
import type { ReactNode } from 'react';
import { Button } from '../design/primitives/Button.tsx';
import { Notice } from '../design/primitives/Notice.tsx';
import styles from './Region.module.css';

interface RegionProps {
  readonly children: ReactNode;
}

interface RegionState {
  readonly failure: string | undefined;
}

const SOUND: RegionState = { failure: undefined };

export class Region extends Component<RegionProps, RegionState> {
  override state: RegionState = SOUND;

  static getDerivedStateFromError(error: unknown): RegionState {
    return { failure: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    const { failure } = this.state;
    if (failure === undefined) return <Suspense>{this.props.children}</Suspense>;
    return (
      <div className={styles['failure']}>
        <Notice
          tone="danger"
          actions={
            <Button size="small" onPress={() => window.location.reload()}>
              Reload the page
            </Button>
          }
        >
          This panel failed: {failure}. The rest is safe, and what you drew is kept in this browser.
        </Notice>
      </div>
    );
  }
}
