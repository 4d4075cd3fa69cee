import { isLearningEventType, type LearningEvent } from '#domain/learning-event.js';
import { readLogEvent, schemaVersion, writeLogEvent } from '#domain/log-event.js';
import { eventDigest, evolveRecorded, nothingRecorded, type Recorded } from '#domain/record-learning.js';
import type { EventStore, RecordedEvent } from '#event-store/event-store.js';

/** What is known of one stream. */
export interface Held {
  readonly stream: string;
  readonly state: Recorded;
  /** Log position of the stream's last event. */
  position: number;
  /** Grows with each use. */
  lastUse: number;
  /** The weight that the total holds for it. */
  counted: number;
}

/** The digest under which a stored event is compared; one of an older schema is compared as it would be written now. */
const storedDigest = (recorded: RecordedEvent, event: LearningEvent): number =>
  eventDigest(recorded.type, recorded.schema === schemaVersion(event.type) ? recorded.json : writeLogEvent(event));

const foldStream = async (store: EventStore, stream: string): Promise<Held> => {
  const held: Held = { stream, state: nothingRecorded(), position: 0, lastUse: 0, counted: 0 };
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
const weightOf = (state: Recorded): number => state.count + 1;

/** How full the cache is after forgetting: forgetting sorts, so it should not happen for each stream. */
const KEPT_SHARE = 0.9;

/** Folded streams, least recently used ones forgotten: bounded by the number of event ids that they remember. */
export class RecordedStates {
  private readonly held = new Map<string, Held>();
  private total = 0;
  private uses = 0;

  constructor(
    private readonly store: EventStore,
    private readonly maxIds: number,
  ) {}

  get(stream: string): Held | undefined {
    return this.held.get(stream);
  }

  /** Reads a stream that is not held. */
  async load(stream: string): Promise<Held> {
    const held = await foldStream(this.store, stream);
    this.held.set(stream, held);
    this.used(held);
    return held;
  }

  /** Takes note that a state was used and may have grown. */
  used(held: Held): void {
    const weight = weightOf(held.state);
    this.total += weight - held.counted;
    held.counted = weight;
    held.lastUse = ++this.uses;
  }

  /** Forgets a state. */
  drop(held: Held): void {
    if (this.held.get(held.stream) !== held) return;
    this.held.delete(held.stream);
    this.total -= held.counted;
    held.counted = 0;
  }

  /** Forgets the least recently used states if too many ids are remembered, but none of a stream that is in use. */
  trim(inUse: (stream: string) => boolean): void {
    if (this.total <= this.maxIds) return;
    const idle = [...this.held.values()].filter(({ stream }) => !inUse(stream)).sort((a, b) => a.lastUse - b.lastUse);
    for (const held of idle) {
      if (this.total <= this.maxIds * KEPT_SHARE) return;
      this.drop(held);
    }
  }
}
