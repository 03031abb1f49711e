/**
 * The window of a dialog; see Dialog.
 */
import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import styles from './Dialog.module.css';

export interface DialogProps {
  readonly title: string;
  readonly isWide?: boolean | undefined;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Buttons, the one that goes on last. */
  readonly actions: ReactNode;
}

export function DialogWindow(props: DialogProps) {
  const { title, isWide = false, isOpen, onClose, children, actions } = props;
  return (
    <ModalOverlay
      isOpen={isOpen}
      isDismissable
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      className={styles['scrim'] ?? ''}
    >
      <Modal className={styles['modal'] ?? ''} data-wide={isWide || undefined}>
        <AriaDialog className={styles['dialog'] ?? ''}>
          <Heading slot="title" className={styles['title'] ?? ''}>
            {title}
          </Heading>
          <div className={styles['body']}>{children}</div>
          <div className={styles['actions']}>{actions}</div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
