/**
 * From a position that people count (line and column from 1) to an offset in a text; positions outside
 * are clamped.
 */
import type { Text } from '@codemirror/state';

export function offsetOf(text: Text, lineNumber: number, column: number): number {
  const line = text.line(Math.min(Math.max(1, lineNumber), text.lines));
  return Math.min(line.from + Math.max(0, column - 1), line.to);
}
