/**
 * The version of everything that crosses a process border. History:
 * 1: first version.
 * 2: read rules of causal-cut, and of a version that storage still has.
 */
export const PROTOCOL_VERSION = 2;
