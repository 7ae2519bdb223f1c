/** What the rest of the core keeps its rows in: JSON values by name, over Keyv. */

/** One kind of row. Values are JSON; every method rejects with EaselError `internal` when the database fails. */
export interface Table<Row> {
  get(key: string): Promise<Row | undefined>;
  /** Durable when it resolves: it outlives a crash and a power cut. */
  set(key: string, row: Row): Promise<void>;
  /** Whether there was one. */
  delete(key: string): Promise<boolean>;
  /** Every row, in no order; rows that are written meanwhile may be missed. */
  entries(): AsyncIterable<[key: string, row: Row]>;
}

export interface Store {
  /** Rows under a name of their own; with `ttlMs` each is gone that long after it was last set. */
  table<Row>(name: string, options?: { ttlMs?: number }): Table<Row>;
  /** Makes deleted rows unreadable on disk, where the database keeps such traces (SQLite's WAL and free pages). */
  scrub(): Promise<void>;
  close(): Promise<void>;
}
