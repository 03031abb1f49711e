/**
 * The version of everything that crosses a process border. History:
 * 1: first version.
 * 2: read rules of causal-cut, and of a version that storage still has.
 * 3: a write tells how many dependencies it has, where it does not tell them all.
 * 4: a trace says how many reads, writes and messages it leaves out.
 */
export const PROTOCOL_VERSION = 4;
