/**
 * What a child process gets as its file descriptors. LMDB opens its data files so that every child
 * inherits them, writable; whoever runs user code must not have them.
 */
import type { StdioOptions } from 'node:child_process';
import { closeSync, fstatSync, openSync, readdirSync } from 'node:fs';
import { devNull } from 'node:os';

/** On Linux and macOS. A child would not inherit every file that is listed here, which does no harm. */
const OWN_DESCRIPTORS = '/dev/fd';

function isFile(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isFile();
  } catch {
    // Closed by now, as the one that the list was read with.
    return false;
  }
}

function ownFiles(): readonly number[] {
  try {
    return readdirSync(OWN_DESCRIPTORS).map(Number).filter(isFile);
  } catch {
    return [];
  }
}

/** Calls `start` with `pipes` pipes from descriptor 0 on, and nothing where this process has files. */
export function withoutOwnFiles<Child>(
  pipes: number,
  start: (stdio: Extract<StdioOptions, readonly unknown[]>) => Child,
): Child {
  const files = new Set(ownFiles());
  const count = Math.max(pipes, ...[...files].map((descriptor) => descriptor + 1));
  const nothing = openSync(devNull, 'r');
  try {
    return start(
      Array.from({ length: count }, (_, descriptor) => {
        if (descriptor < pipes) return 'pipe';
        return files.has(descriptor) ? nothing : 'ignore';
      }),
    );
  } finally {
    closeSync(nothing);
  }
}
