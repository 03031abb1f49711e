/**
 * Sign and name, leading home.
 */
import { Link } from 'wouter';
import { StormGlass } from './StormGlass.tsx';
import styles from './Wordmark.module.css';

/** `isCompact`: the name gives way when the window is narrow. */
export function Wordmark({ isCompact = false }: { readonly isCompact?: boolean }) {
  return (
    <Link href="/" className={styles['wordmark'] ?? ''} aria-label="Stormglass, all DAGs">
      <StormGlass size={24} />
      <span className={styles['name']} data-compact={isCompact}>
        Stormglass
      </span>
    </Link>
  );
}
