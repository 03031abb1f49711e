/**
 * For an address that means nothing here.
 */
import { Link } from 'wouter';
import { Wordmark } from './Wordmark.tsx';
import { usePageTitle } from './use-page-title.ts';
import styles from './Message.module.css';

export function NotFound() {
  usePageTitle('Not found');
  return (
    <main className={styles['message']}>
      <Wordmark />
      <h1 className={styles['title']}>There is nothing at this address</h1>
      <Link href="/" className={styles['link'] ?? ''}>
        All DAGs
      </Link>
    </main>
  );
}
