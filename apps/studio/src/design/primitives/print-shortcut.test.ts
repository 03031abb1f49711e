import { expect, test } from 'vitest';
import { printShortcut } from './print-shortcut.ts';

test.each([
  ['$mod+z', '⌘Z', 'Ctrl+Z'],
  ['$mod+Shift+z', '⌘⇧Z', 'Ctrl+Shift+Z'],
  ['Alt+ArrowRight', '⌥→', 'Alt+→'],
  ['F2', 'F2', 'F2'],
])('%s is printed %s and %s', (keys, apple, other) => {
  expect(printShortcut(keys, true)).toBe(apple);
  expect(printShortcut(keys, false)).toBe(other);
});
