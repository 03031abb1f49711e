/**
 * What user code finds in `cloud` (api.md, "Functions"): names, types and one sentence each, for
 * completion and hover.
 */
export interface ApiMember {
  readonly name: string;
  readonly kind: 'method' | 'property';
  /** As TypeScript would print it, after the name. */
  readonly type: string;
  readonly doc: string;
}

export const cloudMembers: readonly ApiMember[] = [
  {
    name: 'get',
    kind: 'method',
    type: '(key: string): Promise<Value | undefined>\n(keys: string[]): Promise<(Value | undefined)[]>',
    doc: 'The value at this session’s consistency level, or undefined when absent. A list of keys is read in one round trip.',
  },
  {
    name: 'put',
    kind: 'method',
    type: '(key: string, value: Value): Promise<void>',
    doc: 'Writes. Visible to this session at once, to others when the invocation commits. At the causal levels it replaces what this session has read or written of the key; put without that, it is one more sibling.',
  },
  {
    name: 'siblings',
    kind: 'method',
    type: '(key: string): Promise<Value[]>',
    doc: 'Every concurrent value of a key; one element when there is no conflict.',
  },
  {
    name: 'merge',
    kind: 'method',
    type: '(key: string, lattice: Lattice): Promise<void>',
    doc: 'Joins a lattice value into a key without reading it first. Make one with cloud.lattice.',
  },
  {
    name: 'lattice',
    kind: 'property',
    type: ': { counter, set, map, max }',
    doc: 'Makers of values that join by themselves.',
  },
  {
    name: 'delete',
    kind: 'method',
    type: '(key: string): Promise<void>',
    doc: 'Writes a tombstone, ordered like any other write.',
  },
  {
    name: 'flush',
    kind: 'method',
    type: '(): Promise<void>',
    doc: 'Commits what this session has written so far.',
  },
  {
    name: 'id',
    kind: 'property',
    type: ': string',
    doc: 'This invocation’s address, unique for each call of a function.',
  },
  {
    name: 'send',
    kind: 'method',
    type: '(id: string, message: Value): Promise<void>',
    doc: 'Sends a message to another running function.',
  },
  {
    name: 'recv',
    kind: 'method',
    type: '(options?: { timeoutMs: number }): Promise<{ from: string, message: Value } | undefined>',
    doc: 'The next message to this function, or undefined at the timeout.',
  },
  {
    name: 'log',
    kind: 'method',
    type: '(...values: unknown[]): void',
    doc: 'Appears in the trace and in the list of events. So does console.log.',
  },
];

export const latticeMembers: readonly ApiMember[] = [
  {
    name: 'counter',
    kind: 'method',
    type: '(amount: number): Lattice',
    doc: 'Adds to a counter; concurrent additions all count.',
  },
  {
    name: 'set',
    kind: 'method',
    type: '(items: Value[]): Lattice',
    doc: 'Adds items to a set; concurrent additions are united.',
  },
  {
    name: 'map',
    kind: 'method',
    type: '(fields: Record<string, Value>): Lattice',
    doc: 'Sets fields of a map; different fields never conflict.',
  },
  {
    name: 'max',
    kind: 'method',
    type: '(value: number): Lattice',
    doc: 'Keeps the largest value ever joined.',
  },
];

export const CLOUD_TYPE = 'cloud: Cloud';
export const CLOUD_DOC = 'The state of the cluster: keys, lattices and messages. Not a port.';
