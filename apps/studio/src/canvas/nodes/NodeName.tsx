/**
 * The name of a node while it is being changed. Enter keeps it, Esc does not, an error stays under the field.
 */
import { NAME_PATTERN } from '@stormglass/core';
import type { NodeId } from '@stormglass/core';
import { useEffect, useRef, useState } from 'react';
import { getDocument, performGesture } from '../../document/document-store.ts';
import { selectNode } from '../../document/selection-store.ts';
import { unusedNodeId } from '../../document/unused-node-id.ts';
import { stopInteraction } from '../interactions/interaction-store.ts';
import styles from './FunctionNode.module.css';

function errorOf(node: NodeId, name: string): string | undefined {
  if (!NAME_PATTERN.test(name)) return 'Letters, digits, - and _; a letter or _ first.';
  const document = getDocument();
  if (name !== node && document.places.has(name)) {
    return `There is already a ${name}. Try ${unusedNodeId(document, name)}.`;
  }
  return undefined;
}

export function NodeName({ node }: { readonly node: NodeId }) {
  const [name, setName] = useState(node);
  const [error, setError] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.select(), []);

  function keep() {
    const found = errorOf(node, name);
    setError(found);
    if (found !== undefined) return;
    stopInteraction();
    if (name === node) return;
    performGesture(`Rename ${node} to ${name}`, { type: 'rename-node', from: node, to: name });
    selectNode(name);
  }

  return (
    <span className={styles['rename']}>
      <input
        ref={input}
        className={`nodrag nopan ${styles['renameInput'] ?? ''}`}
        aria-label={`New name of ${node}`}
        aria-invalid={error !== undefined}
        aria-describedby={error === undefined ? undefined : `rename-error-${node}`}
        value={name}
        spellCheck={false}
        onChange={(event) => {
          setName(event.target.value);
          setError(undefined);
        }}
        onBlur={() => (errorOf(node, name) === undefined ? keep() : stopInteraction())}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === 'Enter') keep();
          if (event.key === 'Escape') stopInteraction();
        }}
      />
      {error === undefined ? null : (
        <span id={`rename-error-${node}`} role="alert" className={styles['renameError']}>
          {error}
        </span>
      )}
    </span>
  );
}
