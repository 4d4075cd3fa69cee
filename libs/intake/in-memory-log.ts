import { ProofmarkError, type ErrorCode } from '#domain/errors.js';
import { categoryOf } from '#domain/streams.js';
import type {
  Append,
  AppendResult,
  EventStore,
  NewEvent,
  ReadAllOptions,
  ReadStreamOptions,
  RecordedEvent,
  StoreHealth,
  SubscribeOptions,
} from '#event-store/event-store.js';

/** How the stand-in treats one append call: fails before writing, or after (as when an answer is lost), or works. */
export type Fate = 'works' | { readonly fails: ErrorCode; readonly written: boolean };

interface Waiting {
  readonly appends: readonly Append[];
  readonly resolve: (results: readonly AppendResult[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A stand-in for an event store, for tests: nothing is durable. It keeps the port's promises (expected revisions,
 * repeated ids, answers in order), fails on demand, and can hold appends back as a slow disk would.
 */
export class InMemoryLog implements EventStore {
  readonly events: RecordedEvent[] = [];
  /** Append calls that were carried out. */
  calls = 0;
  /** Stream reads that were made. */
  reads = 0;
  /** Decides what happens to each append call; everything works where absent. */
  fate: (call: number) => Fate = () => 'works';
  private readonly streams = new Map<string, RecordedEvent[]>();
  private waiting: Waiting[] = [];
  private held = false;
  private scheduled = false;

  constructor(private readonly now: () => number = () => 0) {}

  append(appends: readonly Append[]): Promise<readonly AppendResult[]> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ appends, resolve, reject });
      this.schedule();
    });
  }

  /** Holds back append calls until `release`. */
  hold(): void {
    this.held = true;
  }

  /** Carries out the first `count` held calls (all where absent, and goes on without holding). */
  release(count?: number): void {
    if (count === undefined) this.held = false;
    this.carryOut(count ?? this.waiting.length);
  }

  /** Append calls that wait for `release`. */
  get pending(): number {
    return this.waiting.length;
  }

  async readStream(stream: string, { from = 0, limit = Infinity }: ReadStreamOptions = {}): Promise<readonly RecordedEvent[]> {
    this.reads++;
    return this.streams.get(stream)?.slice(from, from + limit) ?? [];
  }

  async readAll({ after, limit, categories }: ReadAllOptions): Promise<readonly RecordedEvent[]> {
    return this.events
      .filter((event) => event.position > after && (!categories || categories.includes(categoryOf(event.stream))))
      .slice(0, limit);
  }

  subscribe(_options: SubscribeOptions): AsyncIterable<readonly RecordedEvent[]> {
    throw new ProofmarkError('STORE_UNSUPPORTED', 'The stand-in has no subscriptions.');
  }

  async head(): Promise<number> {
    return this.events.length;
  }

  health(): StoreHealth {
    return { writable: true };
  }

  async close(): Promise<void> {
    this.release();
  }

  private schedule(): void {
    if (this.held || this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      if (!this.held) this.carryOut(this.waiting.length);
    });
  }

  private carryOut(count: number): void {
    const calls = this.waiting.slice(0, count);
    this.waiting = this.waiting.slice(count);
    for (const { appends, resolve, reject } of calls) {
      const fate = this.fate(this.calls++);
      const results = fate === 'works' || fate.written ? appends.map((append) => this.appendOne(append)) : [];
      if (fate === 'works') resolve(results);
      else reject(new ProofmarkError(fate.fails, 'The stand-in was told to fail.'));
    }
  }

  private appendOne({ stream, expected, events }: Append): AppendResult {
    const known = this.streams.get(stream) ?? [];
    const at = expected === 'no-stream' ? 0 : expected === 'any' ? known.length : expected + 1;
    const last = known[at + events.length - 1];
    if (last && events.every((event, i) => known[at + i]?.id === event.id)) {
      return { outcome: 'already-appended', revision: last.revision, position: last.position };
    }
    if (at !== known.length) return { outcome: 'wrong-expected-revision', actual: known.length - 1 };
    for (const event of events) known.push(this.record(stream, known.length, event));
    this.streams.set(stream, known);
    return { outcome: 'appended', revision: known.length - 1, position: this.events.length };
  }

  private record(stream: string, revision: number, event: NewEvent): RecordedEvent {
    const { id, type, schema, json } = event;
    const recorded = { id, type, schema, json, stream, revision, position: this.events.length + 1, recordedAt: this.now() };
    this.events.push(recorded);
    return recorded;
  }
}
