/**
 * Sign and name, leading home.
 */
import { Link } from 'wouter';
import { StormGlass } from './StormGlass.tsx';
import styles from './Wordmark.module.css';

export function Wordmark({ isCompact = false }: { readonly isCompact?: boolean | undefined }) {
  return (
    <Link href="/" className={styles['wordmark'] ?? ''} aria-label="Stormglass, all DAGs">
      <StormGlass size={24} />
      {isCompact ? null : <span className={styles['name']}>Stormglass</span>}
    </Link>
  );
}
