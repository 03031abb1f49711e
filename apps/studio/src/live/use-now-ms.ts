/** The wall time, drawn again every `intervalMs` while `isTicking`; it stands still otherwise. */
import { useEffect, useState } from 'react';

export function useNowMs(isTicking: boolean, intervalMs: number): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    if (!isTicking) return undefined;
    setNowMs(Date.now());
    const timer = setInterval(() => {
      setNowMs(Date.now());
    }, intervalMs);
    return () => {
      clearInterval(timer);
    };
  }, [isTicking, intervalMs]);
  return nowMs;
}
