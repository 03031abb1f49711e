/**
 * Puts a text into the clipboard, and says that it did.
 */
import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { IconButton } from '../design/primitives/Button.tsx';

const SAID_MS = 2_000;

export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setCopied(false), SAID_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  // A page that came neither from this computer nor over TLS has no clipboard.
  if (!isSecureContext) return null;
  return (
    <IconButton
      label={isCopied ? 'Copied' : label}
      data-testid="copy"
      onPress={() => void copy().catch(() => undefined)}
    >
      {isCopied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
    </IconButton>
  );
}
