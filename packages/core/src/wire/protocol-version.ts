/**
 * The version of everything that crosses a process border. History:
 * 1: first version.
 */
export const PROTOCOL_VERSION = 1;
