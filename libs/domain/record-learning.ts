import { textDigest } from './ids.js';
import { supersedes } from './versions.js';
import type { LearningEvent } from './learning-event.js';

/** What is kept of a known event to tell a redelivery from a newer version or a conflict. */
interface Seen {
  readonly version: number | undefined;
  readonly time: number | undefined;
  readonly digest: number;
  /** Digests of the other recorded versions: a source that repeats its past sends those again too. */
  readonly others: readonly number[];
}

const NO_OTHERS: readonly number[] = [];

/** What recording needs to know of a learner or course stream. Folded in place. */
export interface Recorded {
  /** Revision of the stream's last event; -1 for a stream that does not exist. */
  revision: number;
  /** How many event ids are known. */
  count: number;
  /** By source, then by the source's event id: hundreds of thousands of them, so keys are the strings that came in. */
  readonly seen: Map<string, Map<string, Seen>>;
}

export const nothingRecorded = (): Recorded => ({ revision: -1, count: 0, seen: new Map() });

export type RecordDecision =
  | { readonly outcome: 'record' }
  | { readonly outcome: 'duplicate' }
  | { readonly outcome: 'conflict'; readonly detail: string };

/** Some sources make ids of e-mail addresses; those are not repeated. */
const shownId = (id: string): string => (id.includes('@') ? '(with an @)' : `"${id}"`);

/**
 * Whether a delivery is new: the same id with the content of any recorded version is a duplicate, with other content
 * and no higher version a conflict, else (a new id, or a newer version) it is to be recorded.
 */
export const decideRecord = (state: Recorded, event: LearningEvent, digest: number): RecordDecision => {
  const known = state.seen.get(event.source)?.get(event.id);
  if (!known) return { outcome: 'record' };
  if (known.digest === digest || known.others.includes(digest)) return { outcome: 'duplicate' };
  if (supersedes(event, { ...known, id: event.id })) return { outcome: 'record' };
  return {
    outcome: 'conflict',
    detail:
      `event id ${shownId(event.id)} of source "${event.source}" is already recorded with other content` +
      ' and this delivery is no newer version; give it a higher "version", or send a FactReplaced correction',
  };
};

/** Takes a recorded event into the state; `revision` is its place in the stream. */
export const evolveRecorded = (state: Recorded, event: LearningEvent, digest: number, revision: number): void => {
  state.revision = revision;
  let ofSource = state.seen.get(event.source);
  if (!ofSource) state.seen.set(event.source, (ofSource = new Map<string, Seen>()));
  const { id, version, time } = event;
  const known = ofSource.get(id);
  if (!known) {
    state.count += 1;
    ofSource.set(id, { version, time, digest, others: NO_OTHERS });
  } else if (supersedes(event, { ...known, id })) {
    ofSource.set(id, { version, time, digest, others: [...known.others, known.digest] });
  } else if (known.digest !== digest) {
    ofSource.set(id, { ...known, others: [...known.others, digest] });
  }
};

/** The digest of an event as it stands in the log: its type and its JSON text. */
export const eventDigest = (type: string, json: string): number => textDigest(`${type}\n${json}`);
