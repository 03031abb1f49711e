/**
 * The user function that a recorded run is made of: it does what its plan says and returns what it
 * saw, so the record is made on the client's side and knows nothing of the system's inside.
 */
import type { DagBody } from '../api-client.ts';

/** `label` names a write: no other write has it. */
export type Action =
  | { readonly do: 'get' | 'siblings' | 'count'; readonly key: string }
  | { readonly do: 'put' | 'delete' | 'add'; readonly key: string; readonly label: string };

/** What is stored by a put: which write it is, and the call that made it. */
export interface Stored {
  readonly write: string;
  readonly by: string;
}

export interface Seen {
  readonly action: Action;
  /** Of `get` and `siblings`: what was there. */
  readonly found?: readonly Stored[];
  /** Of `count`; null when the key was absent. */
  readonly state?: number | null;
}

/** What one call did. */
export interface Performed {
  readonly node: string;
  /** `cloud.id`: another one in every attempt. */
  readonly by: string;
  readonly seen: readonly Seen[];
}

export const PERFORM = 'perform';

export const performSource = `export default async function perform(
  node, plan, left = [], right = [], cloud
) {
  const by = cloud.id
  const seen = []
  for (const action of plan) {
    const { key, label } = action
    if (action.do === 'put') await cloud.put(key, { write: label, by })
    else if (action.do === 'delete') await cloud.delete(key)
    else if (action.do === 'add') await cloud.merge(key, cloud.lattice.counter(1))
    if (action.do === 'get') {
      const value = await cloud.get(key)
      seen.push({ action, found: value === undefined ? [] : [value] })
    } else if (action.do === 'siblings') {
      seen.push({ action, found: await cloud.siblings(key) })
    } else if (action.do === 'count') {
      seen.push({ action, state: (await cloud.get(key)) ?? null })
    } else seen.push({ action })
  }
  return [...left, ...right, { node, by, seen }]
}
`;

const node = (id: string): { readonly id: string; readonly function: string } => ({
  id,
  function: PERFORM,
});

const link = (from: string, to: string, parameter: string): DagBody['edges'][number] => ({
  from,
  to,
  parameter,
});

/** Chain, fan-in, fan-out with two sinks, and diamond: every shape that sessions travel along. */
export const shapes: Readonly<Record<string, DagBody>> = {
  chain: {
    nodes: ['n1', 'n2', 'n3'].map(node),
    edges: [link('n1', 'n2', 'left'), link('n2', 'n3', 'left')],
  },
  'fan-in': {
    nodes: ['n1', 'n2', 'n3'].map(node),
    edges: [link('n1', 'n3', 'left'), link('n2', 'n3', 'right')],
  },
  'fan-out': {
    nodes: ['n1', 'n2', 'n3'].map(node),
    edges: [link('n1', 'n2', 'left'), link('n1', 'n3', 'left')],
  },
  diamond: {
    nodes: ['n1', 'n2', 'n3', 'n4'].map(node),
    edges: [
      link('n1', 'n2', 'left'),
      link('n1', 'n3', 'left'),
      link('n2', 'n4', 'left'),
      link('n3', 'n4', 'right'),
    ],
  },
};
