/** Cancels the shown invocation while it runs. */
import type { InvocationId } from '@stormglass/core';
import { Square } from 'lucide-react';
import { useState } from 'react';
import { cancelInvocation } from '../api/invocations.ts';
import { Button } from '../design/primitives/Button.tsx';

interface CancelButtonProps {
  readonly invocation: InvocationId;
}

export function CancelButton({ invocation }: CancelButtonProps) {
  const [refusal, setRefusal] = useState<string | undefined>();
  const cancel = async () => {
    const answer = await cancelInvocation(invocation);
    setRefusal(answer.ok ? undefined : answer.problem.detail);
  };
  return (
    <>
      {refusal !== undefined && <span role="alert">{refusal}</span>}
      <Button variant="danger" size="small" data-testid="cancel" onPress={() => void cancel()}>
        <Square size={10} aria-hidden /> Cancel
      </Button>
    </>
  );
}
