/**
 * A question that has to be answered before going on. Esc and a click outside answer no.
 */
import { Suspense, lazy } from 'react';
import type { DialogProps } from './DialogWindow.tsx';

export async function loadDialogWindow() {
  const { DialogWindow: component } = await import('./DialogWindow.tsx');
  return { default: component };
}

const DialogWindow = lazy(loadDialogWindow);

export function Dialog(props: DialogProps) {
  if (!props.isOpen) return null;
  return (
    <Suspense>
      <DialogWindow {...props} />
    </Suspense>
  );
}
