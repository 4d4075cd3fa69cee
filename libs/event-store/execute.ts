import { type Decider, fold } from '#domain/decider.js';
import { ProofmarkError } from '#domain/errors.js';
import { type LogEvent, readLogEvent, schemaVersion, writeLogEvent } from '#domain/log-event.js';
import type { EventStore, NewEvent } from './event-store.js';

export interface ExecuteOptions {
  /** Gives each new event its UUID. */
  readonly newId: () => string;
  /** How often to decide anew when others appended in between; 10 where absent. */
  readonly attempts?: number;
}

/** What a command did. */
export interface Executed<Event> {
  /** [] when the command changed nothing. */
  readonly events: readonly Event[];
  /** Revision and position of the stream's last event; -1 and 0 for a stream that does not exist. */
  readonly revision: number;
  readonly position: number;
}

/** An event as it is appended: its JSON text with its schema version beside it. */
export const toNewEvent = (event: LogEvent, id: string): NewEvent => ({
  id,
  type: event.type,
  schema: schemaVersion(event.type),
  json: writeLogEvent(event),
});

/**
 * Loads a stream, lets its decider answer a command, and appends what it decided where nobody appended in between;
 * else it loads and decides anew. The stream must hold only the decider's events.
 * @throws ProofmarkError CONCURRENT_CHANGE after too many attempts; whatever `decide` and the store throw.
 */
export const execute = async <Command, Event extends LogEvent, State>(
  store: Pick<EventStore, 'append' | 'readStream'>,
  decider: Decider<Command, Event, State>,
  stream: string,
  command: Command,
  { newId, attempts = 10 }: ExecuteOptions,
): Promise<Executed<Event>> => {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const recorded = await store.readStream(stream);
    const last = recorded.at(-1);
    const state = fold(decider, recorded.map(({ type, schema, json }) => readLogEvent(type, schema, json) as Event));
    const events = decider.decide(command, state);
    if (events.length === 0) return { events, revision: last?.revision ?? -1, position: last?.position ?? 0 };
    const [result] = await store.append([
      { stream, expected: last?.revision ?? 'no-stream', events: events.map((event) => toNewEvent(event, newId())) },
    ]);
    if (result && result.outcome !== 'wrong-expected-revision') {
      return { events, revision: result.revision, position: result.position };
    }
  }
  throw new ProofmarkError(
    'CONCURRENT_CHANGE',
    `Others kept changing ${stream} while the command was decided (${attempts} attempts). Send it again.`,
  );
};
