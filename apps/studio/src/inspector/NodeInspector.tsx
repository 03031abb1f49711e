/** Everything about the selected node: its code, what went in and out, what it read and wrote, and why. */
import type { NodeId } from '@stormglass/core';
import type { ReactNode } from 'react';
import { Tabs } from '../design/primitives/Tabs.tsx';
import { useNodeRun } from '../run/run-store.ts';
import { InputsTab } from './InputsTab.tsx';
import { openTab, useInspectorTab } from './inspector-tab-store.ts';
import { ReadsTab } from './ReadsTab.tsx';
import { WhyTab } from './WhyTab.tsx';

interface NodeInspectorProps {
  readonly node: NodeId;
  readonly codeTab: ReactNode;
}

export function NodeInspector({ node, codeTab }: NodeInspectorProps) {
  const tab = useInspectorTab();
  const run = useNodeRun(node);
  const accesses = run === undefined ? 0 : run.reads.length + run.writes.length;
  return (
    <Tabs
      label={`About ${node}`}
      selected={tab}
      onSelect={openTab}
      items={[
        { id: 'code', title: 'Code', content: codeTab },
        { id: 'inputs', title: 'Inputs', content: <InputsTab node={node} run={run} /> },
        {
          id: 'reads',
          title: 'Reads',
          badge: accesses === 0 ? undefined : accesses,
          content: <ReadsTab node={node} run={run} />,
        },
        { id: 'why', title: 'Why', content: <WhyTab node={node} run={run} /> },
      ]}
    />
  );
}
