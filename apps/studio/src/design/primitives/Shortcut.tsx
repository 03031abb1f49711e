/**
 * A key combination as people write it: `⌘Z` on a Mac, `Ctrl+Z` elsewhere.
 */
import { printShortcut } from './print-shortcut.ts';
import styles from './Shortcut.module.css';

export function Shortcut({ keys }: { readonly keys: string }) {
  return <kbd className={styles['shortcut']}>{printShortcut(keys)}</kbd>;
}
