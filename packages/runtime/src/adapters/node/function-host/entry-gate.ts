/**
 * One entry into an isolate at a time on this thread. User code asks the host from inside an entry,
 * and a role may answer by starting another call at once; entering a second isolate there would run
 * it on the first one's time and stack. So what arrives meanwhile waits until the entry has ended.
 */
export interface EntryGate {
  readonly run: (action: () => void) => void;
}

export function createEntryGate(): EntryGate {
  const waiting: (() => void)[] = [];
  let isRunning = false;

  function drain(): void {
    isRunning = true;
    try {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) next();
    } finally {
      isRunning = false;
      // A bug in a role ends this turn, not the calls that wait behind it.
      if (waiting.length > 0) setImmediate(drain);
    }
  }

  return {
    run: (action) => {
      waiting.push(action);
      if (!isRunning) drain();
    },
  };
}
