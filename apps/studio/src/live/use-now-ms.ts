/** The wall time, drawn again every `intervalMs` while `isTicking`; it stands still otherwise. */
import { useEffect, useState } from 'react';

export function useNowMs(isTicking: boolean, intervalMs: number): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    if (!isTicking) return undefined;
    const tick = () => {
      setNowMs(Date.now());
    };
    const first = setTimeout(tick, 0);
    const timer = setInterval(tick, intervalMs);
    return () => {
      clearTimeout(first);
      clearInterval(timer);
    };
  }, [isTicking, intervalMs]);
  return nowMs;
}
