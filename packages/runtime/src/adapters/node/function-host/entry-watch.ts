/**
 * Told of every entry into an isolate, so that another thread can end what the entry's own time
 * limit cannot.
 */
export interface EntryWatch {
  readonly enter: (callId: string, budgetMs: number) => void;
  readonly leave: () => void;
}
