/**
 * Turns a key combination of the command registry (`$mod+Shift+z`) into what is printed on the keys.
 */
const isApple = (): boolean =>
  typeof navigator !== 'undefined' && /Mac|iPhone|iPad/u.test(navigator.userAgent);

const names = new Map([
  ['ArrowLeft', '←'],
  ['ArrowRight', '→'],
  ['ArrowUp', '↑'],
  ['ArrowDown', '↓'],
  ['Enter', '↵'],
  ['Escape', 'Esc'],
  ['Delete', 'Del'],
]);

const appleNames = new Map([
  ['$mod', '⌘'],
  ['Shift', '⇧'],
  ['Alt', '⌥'],
]);

const otherNames = new Map([['$mod', 'Ctrl']]);

export function printShortcut(keys: string, apple: boolean = isApple()): string {
  const modifiers = apple ? appleNames : otherNames;
  const parts = keys.split('+').map((part) => {
    const known = modifiers.get(part) ?? names.get(part);
    return known ?? (part.length === 1 ? part.toUpperCase() : part);
  });
  return parts.join(apple ? '' : '+');
}
