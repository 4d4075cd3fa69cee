import { isLearningEventType, type LearningEvent } from '#domain/learning-event.js';
import { readLogEvent, schemaVersion, writeLogEvent } from '#domain/log-event.js';
import { eventDigest, evolveRecorded, nothingRecorded, type Recorded } from '#domain/record-learning.js';
import type { EventStore, RecordedEvent } from '#event-store/event-store.js';

/** What is known of one stream, with what this process decided but has not seen durable yet. */
export interface Held {
  readonly stream: string;
  readonly state: Recorded;
  /** Log position of the stream's last event that is known to be durable. */
  position: number;
  /** True once the state may hold what never became durable: nothing that was decided on it counts. */
  stale: boolean;
  /** Event ids that are counted for it; it may have more while it is in use. */
  counted: number;
}

/** The digest under which a stored event is compared; one of an older schema is compared as it would be written now. */
const storedDigest = (recorded: RecordedEvent, event: LearningEvent): number =>
  eventDigest(recorded.type, recorded.schema === schemaVersion(event.type) ? recorded.json : writeLogEvent(event));

const foldStream = async (store: EventStore, stream: string): Promise<Held> => {
  const held: Held = { stream, state: nothingRecorded(), position: 0, stale: false, counted: 0 };
  for (const recorded of await store.readStream(stream)) {
    held.state.revision = recorded.revision;
    held.position = recorded.position;
    if (!isLearningEventType(recorded.type)) continue;
    const event = readLogEvent(recorded.type, recorded.schema, recorded.json) as LearningEvent;
    evolveRecorded(held.state, event, storedDigest(recorded, event), recorded.revision);
  }
  return held;
};

/** Folded streams, least recently used ones forgotten: bounded by the number of event ids that they remember. */
export class RecordedStates {
  private readonly held = new Map<string, Held>();
  private readonly loading = new Map<string, Promise<void>>();
  /** How many submits use a stream: those are never forgotten, only dropped. */
  private readonly users = new Map<string, number>();
  private total = 0;

  constructor(
    private readonly store: EventStore,
    private readonly maxIds: number,
  ) {}

  get(stream: string): Held | undefined {
    return this.held.get(stream);
  }

  /** Reads the streams that are not held; each one once, however many ask. */
  async load(streams: Iterable<string>): Promise<void> {
    const loads: Promise<void>[] = [];
    for (const stream of streams) if (!this.held.has(stream)) loads.push(this.loadOne(stream));
    if (loads.length > 0) await Promise.all(loads);
  }

  private loadOne(stream: string): Promise<void> {
    const known = this.loading.get(stream);
    if (known) return known;
    const load = foldStream(this.store, stream)
      .then((held) => void this.held.set(stream, held))
      .finally(() => this.loading.delete(stream));
    this.loading.set(stream, load);
    return load;
  }

  /** Forgets a state that may say what never became durable. */
  drop(held: Held): void {
    held.stale = true;
    if (this.held.get(held.stream) === held) this.forget(held);
  }

  use(streams: Iterable<string>): void {
    for (const stream of streams) this.users.set(stream, (this.users.get(stream) ?? 0) + 1);
  }

  /** Ends a use and makes the streams the most recently used ones. */
  release(streams: Iterable<string>): void {
    for (const stream of streams) {
      const others = (this.users.get(stream) ?? 1) - 1;
      if (others > 0) this.users.set(stream, others);
      else this.users.delete(stream);
      const held = this.held.get(stream);
      if (!held) continue;
      this.forget(held);
      this.held.set(stream, held);
      held.counted = weightOf(held.state);
      this.total += held.counted;
    }
    this.forgetOldest();
  }

  /** How many event ids are remembered, plus one for each stream. */
  get ids(): number {
    return this.total;
  }

  private forget(held: Held): void {
    this.held.delete(held.stream);
    this.total -= held.counted;
    held.counted = 0;
  }

  private forgetOldest(): void {
    for (const held of this.held.values()) {
      if (this.total <= this.maxIds) return;
      if (!this.users.has(held.stream)) this.forget(held);
    }
  }
}

// A stream without events costs memory too.
const weightOf = (state: Recorded): number => state.seen.size + 1;
