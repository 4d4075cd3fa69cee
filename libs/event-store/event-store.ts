/** An event to append. The store does not look into `json`. */
export interface NewEvent {
  /** UUID; an append that repeats it at the same place of the same stream succeeds without writing. */
  readonly id: string;
  readonly type: string;
  /** Schema version of `json` within its type. */
  readonly schema: number;
  /** JSON text. */
  readonly json: string;
}

/** An event as it stands in the log. Its members may be accessors: read them, do not copy it by spreading. */
export interface RecordedEvent extends NewEvent {
  readonly stream: string;
  /** Place in the stream, from 0. */
  readonly revision: number;
  /** Place in the log: grows, may have gaps. */
  readonly position: number;
  /** When the store wrote it, epoch milliseconds. */
  readonly recordedAt: number;
}

/** The optimistic-concurrency guard of an append; a number is the revision of the stream's last event. */
export type ExpectedRevision = 'no-stream' | 'any' | number;

/** Events for one stream. */
export interface Append {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  /** At least one. */
  readonly events: readonly NewEvent[];
}

/** What became of one append. A wrong expected revision is an answer, not an error. */
export type AppendResult =
  | {
      readonly outcome: 'appended' | 'already-appended';
      /** Revision of the stream's last appended event. */
      readonly revision: number;
      /** Position of that event: read models that reached it show it. */
      readonly position: number;
    }
  | {
      readonly outcome: 'wrong-expected-revision';
      /** Revision of the stream's last event; -1 where the stream does not exist. */
      readonly actual: number;
    };

export interface ReadStreamOptions {
  /** First revision to read; 0 where absent. */
  readonly from?: number;
  /** At most so many events; all where absent. */
  readonly limit?: number;
}

export interface ReadAllOptions {
  /** Read events whose position is greater; -1 or 0 reads from the start. */
  readonly after: number;
  /** At most so many events. */
  readonly limit: number;
  /** Only streams of these categories (the name up to the first hyphen). */
  readonly categories?: readonly string[];
}

export interface SubscribeOptions {
  /** The last position that was handled. */
  readonly after: number;
  /** At most so many events a batch. */
  readonly batchSize?: number;
  readonly categories?: readonly string[];
  /** Ends the subscription. */
  readonly signal: AbortSignal;
}

/** Whether the store can write, and if not, why and what to do. */
export type StoreHealth = { readonly writable: true } | { readonly writable: false; readonly reason: string };

/**
 * An append-only log of streams.
 *
 * Appends resolve only after their bytes are synced to stable storage. One call may append to many streams: each is
 * all or nothing, and nothing may rely on the call being atomic across streams (a distributed store is not).
 * Errors: STORE_FULL (no space; nothing was written; a later append may succeed), STORE_FAILED (a write or sync
 * failed; the store accepts nothing until it is opened again), STORE_CORRUPT (something that was read is damaged; as
 * STORE_FAILED), STORE_CLOSED. Of a store on a server, STORE_FAILED is not final: the server cannot be reached, and an
 * append may have been written; sent again as it was it is written once.
 */
export interface EventStore {
  /** Appends in the order given; the answers stand in the same order. */
  append(appends: readonly Append[]): Promise<readonly AppendResult[]>;
  /** The events of a stream in order; [] for a stream that does not exist. */
  readStream(stream: string, options?: ReadStreamOptions): Promise<readonly RecordedEvent[]>;
  /** The log after a position, in order. */
  readAll(options: ReadAllOptions): Promise<readonly RecordedEvent[]>;
  /** Catch-up, then live: batches in log order, no gap, no duplicate, at least one event each. */
  subscribe(options: SubscribeOptions): AsyncIterable<readonly RecordedEvent[]>;
  /** The position of the last durable event; 0 for an empty log. */
  head(): Promise<number>;
  health(): StoreHealth;
  /** Waits for appends under way, then releases everything. */
  close(): Promise<void>;
}
