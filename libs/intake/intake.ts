import type { DeadLetterReason } from '#domain/dead-letter.js';
import { isCorrection, isCourseFactType, type LearningEvent } from '#domain/learning-event.js';
import { writeLogEvent } from '#domain/log-event.js';
import { eventDigest } from '#domain/record-learning.js';
import { courseStream, learnerStream } from '#domain/streams.js';
import type { Append, AppendResult, EventStore } from '#event-store/event-store.js';
import type { Seals } from '#vault/vault.js';
import { Letters, oversizeOf, positionIn, tooLarge, type Letter, type Rejected, type Rejection } from './dead-letters.js';
import { Addresses, type LearnerOfEmail } from './addresses.js';
import { DecisionLine, type Item } from './decision-line.js';
import type { Account, Delivery, Receipt } from './delivery.js';
import type { FormatReader } from './mapped.js';
import { RecordedStates } from './recorded-states.js';
import { replayLetter, type ReplayResult } from './replay.js';

/** Why a delivery's sender may not report its event. */
export interface Refusal extends Rejection {
  readonly reason: 'forbidden-source' | 'forbidden-course' | 'forbidden-approver';
}

/** What an intake needs. */
export interface IntakeOptions {
  readonly store: EventStore;
  /** Seals what dead letters keep. */
  readonly seals: Seals;
  readonly tenant: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** A fresh UUID per call. */
  readonly newId: () => string;
  /** Refuses events that the delivery's sender may not report; everything is allowed where absent. */
  readonly mayReport?: (event: LearningEvent, delivery: Delivery) => Refusal | undefined;
  /** Whether a learner is erased: nothing about them is recorded any more, and nothing of what was sent is kept. */
  readonly isErased?: (learner: string) => boolean;
  /** The learner who is meant by an e-mail address in place of an id; addresses are taken for ids where absent. */
  readonly learnerOfEmail?: LearnerOfEmail;
  /** How many event ids are remembered, 1,000,000 where absent; streams beyond that are read again. */
  readonly maxCachedEvents?: number;
  /** By format, how dead letters are read again; a reader that remembers must be a new one at each call. */
  readonly readers?: Readonly<Record<string, FormatReader>>;
}

/** Turns deliveries into recorded events or dead letters, and counts them. */
export interface Intake {
  /**
   * Records a batch; the receipts stand in the order of the deliveries. Several submits may be under way: each
   * stream gets its events in the order of the calls, and a receipt is given only when all it rests on is durable.
   * @throws ProofmarkError STORE_FULL or another failure of the store, CONCURRENT_CHANGE when other writers always came
   * first. Nothing of the batch is then acknowledged or counted; send it again: what was recorded of it is a duplicate.
   */
  submit(deliveries: readonly Delivery[]): Promise<readonly Receipt[]>;
  /**
   * Sends a dead letter through intake again; a failure leaves no second letter, and the account does not count it.
   * @throws ProofmarkError NOT_FOUND for a letter that does not exist, and as `submit`.
   */
  replay(letter: string): Promise<ReplayResult>;
  /** The counts since this intake was opened. */
  readonly account: Account;
}

/** Clocks of class systems may be ahead by so much. */
const FUTURE_TOLERANCE_MS = 5 * 60_000;
const NO_LETTERS: readonly Letter[] = [];
const NO_APPENDS: readonly Append[] = [];

/** One delivery on its way. */
interface Slot {
  readonly delivery: Delivery;
  /** The delivery's own event. */
  own: Item | undefined;
  /** What was derived from it: the events before its own. */
  readonly derived: Item[];
  rejection: Rejection | undefined;
  letter: string | undefined;
  position: number | undefined;
}

interface Counts {
  recorded: number;
  duplicates: number;
  deadLettered: number;
  derived: number;
  readonly byReason: Partial<Record<DeadLetterReason, number>>;
}

/** Opens an intake; one process has at most one per tenant and store. */
export const createIntake = (options: IntakeOptions): Intake => {
  const { store, seals, tenant, now, readers = {} } = options;
  const states = new RecordedStates(store, options.maxCachedEvents ?? 1_000_000);
  const line = new DecisionLine(store, states, options.newId);
  const letters = new Letters(options);
  const addresses = options.learnerOfEmail && new Addresses(options.learnerOfEmail);
  const counts: Counts = { recorded: 0, duplicates: 0, deadLettered: 0, derived: 0, byReason: {} };

  const prepare = (delivery: Delivery, items: Item[]): Slot => {
    const slot: Slot = { delivery, own: undefined, derived: [], rejection: rejectionOf(delivery, options), letter: undefined, position: undefined };
    if (slot.rejection || !delivery.mapped.ok) return slot;
    for (const event of delivery.mapped.events) {
      if (slot.own) slot.derived.push(slot.own);
      slot.own = itemOf(event, streamOf(event, tenant) ?? '', delivery.doubt !== undefined);
      items.push(slot.own);
    }
    return slot;
  };

  /** Makes the letters of these slots, and of what else is rejected. */
  const makeLetters = async (slots: readonly Slot[], others: readonly Rejected[] = []): Promise<readonly Letter[]> => {
    const rejected = slots.flatMap((slot) => (slot.rejection ? [{ slot, delivery: slot.delivery, rejection: slot.rejection }] : []));
    if (rejected.length + others.length === 0) return NO_LETTERS;
    const { letters: made, ids } = await letters.make([...rejected, ...others]);
    rejected.forEach(({ slot }, i) => (slot.letter = ids[i]));
    return made;
  };

  const noteLetters = async (slots: readonly Slot[], made: readonly Letter[], results: readonly AppendResult[]): Promise<void> => {
    if (made.length === 0) return;
    let next = 0;
    const byLetter = made.map(({ append }) => (append ? results[next++] : undefined));
    const reopened = await letters.reopen(made, byLetter);
    const positions = new Map(made.map(({ id, position }, i) => [id, reopened.get(id) ?? position ?? positionIn(byLetter[i])]));
    for (const slot of slots) if (slot.letter !== undefined) slot.position = positions.get(slot.letter);
  };

  /** Brings the deliveries' events into the log; conflicts become rejections. */
  const record = async (deliveries: readonly Delivery[], keepLetters: boolean): Promise<readonly Slot[]> => {
    const items: Item[] = [];
    const slots = deliveries.map((delivery) => prepare(delivery, items));
    // Their keys are durable before they are written; meanwhile the streams of the events are reserved, in the order of the calls.
    const making = keepLetters && slots.some(({ rejection }) => rejection) ? makeLetters(slots) : NO_LETTERS;
    const results = await line.record(items, making === NO_LETTERS ? NO_APPENDS : Promise.resolve(making).then(appendsOf));
    await noteLetters(slots, await making, results);
    for (const slot of slots) {
      const { own, delivery } = slot;
      if (own?.outcome === 'conflict') slot.rejection = conflictOf(own);
      if (own?.outcome === 'unknown') slot.rejection = delivery.doubt;
    }
    return slots;
  };

  /** Conflicts are kept in a second step: only now is it certain that what they conflict with is in the log. */
  const keepConflicts = async (slots: readonly Slot[]): Promise<void> => {
    const conflicting = slots.filter(({ rejection, letter }) => rejection && letter === undefined);
    const made = await makeLetters(conflicting, derivedConflicts(slots));
    if (made.length > 0) await noteLetters(conflicting, made, await store.append(appendsOf(made)));
  };

  return {
    submit: async (given) => {
      const named = addresses?.replaced(given) ?? given;
      const slots = await record('length' in named ? named : await named, true);
      await keepConflicts(slots);
      const receipts = slots.map(receiptOf);
      for (const receipt of receipts) count(counts, receipt);
      for (const { derived } of slots) for (const { outcome } of derived) if (outcome === 'recorded') counts.derived++;
      return receipts;
    },
    replay: (letter) =>
      replayLetter({ store, seals, tenant, now, readers, letter }, async (delivery) => {
        const slots = await record((await addresses?.replaced([delivery])) ?? [delivery], false);
        return slots.map(receiptOf)[0] as Receipt;
      }),
    get account(): Account {
      const { recorded, duplicates, deadLettered } = counts;
      return { ...counts, byReason: { ...counts.byReason }, sent: recorded + duplicates + deadLettered };
    },
  };
};

const conflictOf = ({ detail }: Item): Rejection => ({ reason: 'conflict', detail });

/** Derived events that conflict leave a letter too, though their delivery itself was recorded: nothing is dropped. */
const derivedConflicts = (slots: readonly Slot[]): readonly Rejected[] =>
  slots.flatMap(({ delivery, derived, rejection }) => {
    const conflict = derived.find(({ outcome }) => outcome === 'conflict');
    return conflict && !rejection ? [{ delivery, rejection: { reason: 'conflict' as const, detail: `derived from this delivery: ${conflict.detail}` } }] : [];
  });

const appendsOf = (letters: readonly Letter[]): readonly Append[] => letters.flatMap(({ append }) => append ?? []);

const itemOf = (event: LearningEvent, stream: string, doubted: boolean): Item => {
  const json = writeLogEvent(event);
  return { event, stream, json, digest: eventDigest(event.type, json), doubted, outcome: 'duplicate', detail: '', position: 0 };
};

const streamOf = (event: LearningEvent, tenant: string): string | undefined => {
  if (!isCourseFactType(event.type) && 'learner' in event && event.learner !== undefined) {
    return learnerStream(tenant, event.learner);
  }
  return event.course === undefined ? undefined : courseStream(tenant, event.course);
};

const rejectionOf = (delivery: Delivery, options: IntakeOptions): Rejection | undefined => {
  const oversize = oversizeOf(delivery);
  if (oversize) return tooLarge(oversize);
  const { mapped, doubt } = delivery;
  if (!mapped.ok) return doubt ?? mapped;
  if (mapped.events.length === 0) return { reason: 'invalid', detail: 'the delivery holds no learning event' };
  for (const event of mapped.events) {
    const rejection = refusalOf(event, delivery, options);
    if (rejection) return rejection;
  }
  return undefined;
};

const ERASED: Rejection = { reason: 'erased', detail: 'learner: is erased; nothing more is recorded about this learner, and nothing of what was sent is kept' };

const refusalOf = (event: LearningEvent, delivery: Delivery, { tenant, now, mayReport, isErased }: IntakeOptions): Rejection | undefined => {
  if (isErased && 'learner' in event && event.learner !== undefined && isErased(event.learner)) return ERASED;
  if (streamOf(event, tenant) === undefined) return { reason: 'invalid', detail: 'learner: is required, or course' };
  // Whatever else is wrong with it, it is kept as what it is: a letter with another reason would be sent again with the rest.
  if (delivery.doubt) return undefined;
  const refusal = senderRefusal(event, delivery) ?? mayReport?.(event, delivery);
  if (refusal) return refusal;
  const latest = Math.max(event.time ?? 0, isCorrection(event) ? (event.changes?.time ?? 0) : 0);
  const ahead = latest - now();
  if (ahead > FUTURE_TOLERANCE_MS) {
    const minutes = Math.ceil(ahead / 60_000);
    return { reason: 'future', detail: `time: is ${minutes} minutes ahead of this server's clock; send the event once it has happened` };
  }
  return undefined;
};

/** A correction touches facts of its own source alone, so that who may speak for a source may correct what it said without naming the course. */
const senderRefusal = (event: LearningEvent, { sender }: Delivery): Refusal | undefined => {
  const { type, source, course } = event;
  if (sender?.maySource?.(source) === false) return { reason: 'forbidden-source', detail: `the sender may not speak for the source "${source}"` };
  // An approval counts for its badge in whatever course that is.
  if (type === 'ApprovalGiven' && sender?.mayCourse) return { reason: 'forbidden-course', detail: 'a sender that is kept to some courses gives no approvals' };
  if (type === 'ApprovalGiven' && sender?.approver !== undefined && event.occurrence !== sender.approver) {
    return { reason: 'forbidden-approver', detail: `approver: whoever gives an approval is its approver, here "${sender.approver}"` };
  }
  if (course !== undefined && sender?.mayCourse?.(course) === false) return { reason: 'forbidden-course', detail: `the sender may not report about the course "${course}"` };
  return undefined;
};

const receiptOf = ({ rejection, letter, own, position }: Slot): Receipt => {
  if (!rejection) return { outcome: own?.outcome === 'duplicate' ? 'duplicate' : 'recorded', position: own?.position ?? 0 };
  const { reason, detail, fields } = rejection;
  return {
    outcome: 'rejected',
    reason,
    detail,
    ...(fields && { fields }),
    letter: letter ?? '',
    ...(position !== undefined && { position }),
  };
};

const count = (counts: Counts, receipt: Receipt): void => {
  if (receipt.outcome === 'rejected') {
    counts.deadLettered++;
    counts.byReason[receipt.reason] = (counts.byReason[receipt.reason] ?? 0) + 1;
  } else if (receipt.outcome === 'recorded') counts.recorded++;
  else counts.duplicates++;
};
