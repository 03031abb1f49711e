/**
 * The title of the page: what is open, then the product.
 */
import { useEffect } from 'react';

export function usePageTitle(title?: string): void {
  useEffect(() => {
    document.title = title === undefined ? 'Stormglass' : `${title} · Stormglass`;
  }, [title]);
}
