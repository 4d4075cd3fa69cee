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
  /** How many unsettled decisions rest on it; it is not forgotten while there are any. */
  users: number;
  /** Grows with each use. */
  lastUse: number;
  /** The weight that the total holds for it. */
  counted: number;
}

/** The digest under which a stored event is compared; one of an older schema is compared as it would be written now. */
const storedDigest = (recorded: RecordedEvent, event: LearningEvent): number =>
  eventDigest(recorded.type, recorded.schema === schemaVersion(event.type) ? recorded.json : writeLogEvent(event));

const foldStream = async (store: EventStore, stream: string): Promise<Held> => {
  const held: Held = { stream, state: nothingRecorded(), position: 0, stale: false, users: 0, lastUse: 0, counted: 0 };
  for (const recorded of await store.readStream(stream)) {
    held.state.revision = recorded.revision;
    held.position = recorded.position;
    if (!isLearningEventType(recorded.type)) continue;
    const event = readLogEvent(recorded.type, recorded.schema, recorded.json) as LearningEvent;
    evolveRecorded(held.state, event, storedDigest(recorded, event), recorded.revision);
  }
  return held;
};

// A stream without events costs memory too.
const weightOf = (state: Recorded): number => state.seen.size + 1;

/** How full the cache is after forgetting: forgetting sorts, so it should not happen for each stream. */
const KEPT_SHARE = 0.9;

/** Folded streams, least recently used ones forgotten: bounded by the number of event ids that they remember. */
export class RecordedStates {
  private readonly held = new Map<string, Held>();
  private readonly loading = new Map<string, Promise<void>>();
  private total = 0;
  private uses = 0;

  constructor(
    private readonly store: EventStore,
    private readonly maxIds: number,
  ) {}

  get(stream: string): Held | undefined {
    return this.held.get(stream);
  }

  /** How many event ids are remembered, plus one for each stream. */
  get ids(): number {
    return this.total;
  }

  /** Reads a stream that is not held; once, however many ask. */
  load(stream: string): Promise<void> {
    const known = this.loading.get(stream);
    if (known) return known;
    const load = foldStream(this.store, stream)
      .then((held) => {
        this.held.set(stream, held);
        this.count(held);
      })
      .finally(() => this.loading.delete(stream));
    this.loading.set(stream, load);
    return load;
  }

  /** Ends a use that was begun by raising `users`. */
  release(held: Held): void {
    held.users--;
    if (!held.stale) this.count(held);
  }

  /** Forgets a state that may say what never became durable. */
  drop(held: Held): void {
    held.stale = true;
    this.forget(held);
  }

  /** Forgets the least recently used states if too many ids are remembered. */
  trim(): void {
    if (this.total <= this.maxIds) return;
    const idle = [...this.held.values()].filter(({ users }) => users === 0).sort((a, b) => a.lastUse - b.lastUse);
    for (const held of idle) {
      if (this.total <= this.maxIds * KEPT_SHARE) return;
      this.forget(held);
    }
  }

  private count(held: Held): void {
    const weight = weightOf(held.state);
    this.total += weight - held.counted;
    held.counted = weight;
    held.lastUse = ++this.uses;
  }

  private forget(held: Held): void {
    if (this.held.get(held.stream) !== held) return;
    this.held.delete(held.stream);
    this.total -= held.counted;
    held.counted = 0;
  }
}
