/**
 * Durable bytes by key. Keys are any strings of at most 2,000 characters. One owner at a time.
 */
export interface StoreEntry {
  readonly key: string;
  readonly bytes: Uint8Array;
}

export interface Store {
  readonly load: (key: string) => Promise<Uint8Array | undefined>;
  /** All entries or none; durable when the promise resolves. */
  readonly save: (entries: readonly StoreEntry[]) => Promise<void>;
  readonly remove: (keys: readonly string[]) => Promise<void>;
  /** Entries whose key starts with `prefix`, in key order, after `after` (exclusive), at most `limit`. */
  readonly scan: (range: {
    readonly prefix: string;
    readonly after?: string | undefined;
    readonly limit: number;
  }) => Promise<readonly StoreEntry[]>;
  readonly close: () => Promise<void>;
}
