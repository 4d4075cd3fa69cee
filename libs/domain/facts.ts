import {
  factId,
  isCorrection,
  type CorrectionEvent,
  type CourseFactEvent,
  type CourseFactType,
  type FactValues,
  type LearnerFactEvent,
  type LearnerFactType,
  type LearningEvent,
} from './learning-event.js';

/** What holds now about one subject: the highest version, not the last arrival. */
export interface Fact {
  /** `source/event id` of the event that set it; what evidence names. */
  readonly id: string;
  /** BadgeHeld is no learning event: it stands for an active award, so that criteria can ask for badges. */
  readonly type: LearnerFactType | CourseFactType | 'BadgeHeld';
  readonly course: string;
  readonly activity: string | undefined;
  readonly occurrence: string | undefined;
  /** Event time, epoch milliseconds. */
  readonly time: number;
  /** What the fact says, corrections applied. */
  readonly values: FactValues;
  /** Ids of the corrections that shaped the value, in order of application. */
  readonly correctedBy: readonly string[];
}

/** What an event changed: a fact that no longer holds, one that holds now, or both. */
export interface FactChange {
  readonly before: Fact | undefined;
  readonly after: Fact | undefined;
}

type BaseEvent = LearnerFactEvent | CourseFactEvent;

interface History {
  readonly id: string;
  base: BaseEvent | undefined;
  corrections: readonly CorrectionEvent[];
  current: Fact | undefined;
}

interface Subject {
  histories: History[];
  best: History | undefined;
}

/** The facts of one stream, with what is needed to take in late, repeated and corrected events. Folded in place. */
export interface FactBook {
  readonly histories: Map<string, History>;
  /** The events that speak of each subject, and the one that says what holds. */
  readonly subjects: Map<string, Subject>;
}

export const emptyFactBook = (): FactBook => ({ histories: new Map(), subjects: new Map() });

const NO_CORRECTIONS: readonly never[] = [];

interface Versioned {
  readonly version?: number | undefined;
  readonly time?: number | undefined;
  readonly id: string;
}

/** Newer first decides: explicit version, then event time, then id; total within a source, hence independent of arrival. */
const compareVersions = (a: Versioned, b: Versioned): number => {
  if (a.version !== b.version) return (a.version ?? -1) - (b.version ?? -1);
  const at = a.time ?? -Infinity;
  const bt = b.time ?? -Infinity;
  if (at !== bt) return at - bt;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
};

/** True when `a` is a strictly newer version of the same fact than `b`. */
export const supersedes = (a: Versioned, b: Versioned): boolean => compareVersions(a, b) > 0;

/** The value after the corrections: those without a version always apply, others to bases up to their version. */
const valueOf = (id: string, base: BaseEvent, corrections: readonly CorrectionEvent[]): Fact | undefined => {
  let values: FactValues & { readonly time?: number } = base;
  let retracted = false;
  let correctedBy: string[] | undefined;
  for (const correction of corrections) {
    if (correction.version !== undefined && base.version !== undefined && correction.version < base.version) continue;
    retracted = correction.type === 'FactRetracted';
    if (correction.changes) values = { ...values, ...correction.changes };
    (correctedBy ??= []).push(factId(correction.source, correction.id));
  }
  if (retracted) return undefined;
  return {
    id,
    type: base.type,
    course: base.course,
    activity: base.activity,
    occurrence: base.occurrence,
    time: values.time ?? base.time,
    values,
    correctedBy: correctedBy ?? NO_CORRECTIONS,
  };
};

/**
 * The subject that several events can speak of; undefined where each event is a fact of its own. Flags of two kinds are
 * two facts, so a correction of the kind moves a flag to another subject.
 */
const subjectOf = (event: BaseEvent, current: Fact | undefined): string | undefined => {
  const repeats = event.type === 'MissionStarted' || event.type === 'MissionCompleted';
  if (repeats && event.occurrence === undefined) return undefined;
  // Ids and kinds hold no control characters (intake refuses them), so two different subjects never give one key.
  const subject = `${event.type}\n${event.course}\n${event.activity ?? ''}\n${event.occurrence ?? ''}`;
  return event.type === 'LearnerFlagged' ? `${subject}\n${(current?.values ?? event).kind ?? ''}` : subject;
};

/**
 * Whether one event of a subject is newer than another. Two sources may give equal versions, times and ids; the
 * source then decides, so that the order of arrival never does.
 */
const isNewer = (a: History, b: History | undefined): boolean => {
  if (!a.base || !b?.base) return a.base !== undefined;
  return (compareVersions(a.base, b.base) || (a.id > b.id ? 1 : a.id < b.id ? -1 : 0)) > 0;
};

/** Of the events that speak of one subject, the newest one that was not retracted. */
const newestOf = (histories: Iterable<History>): History | undefined => {
  let best: History | undefined;
  for (const history of histories) if (history.current && isNewer(history, best)) best = history;
  return best;
};

const NO_CHANGES: readonly FactChange[] = [];

/** Takes one event into the book and tells what it changed; [] when the facts stay as they were. */
export const applyEvent = (book: FactBook, event: LearningEvent): readonly FactChange[] => {
  const correction = isCorrection(event);
  const id = factId(event.source, correction ? event.target : event.id);
  let history = book.histories.get(id);
  if (!history) {
    history = { id, base: undefined, corrections: NO_CORRECTIONS, current: undefined };
    book.histories.set(id, history);
  }
  if (correction) {
    if (history.corrections.some((known) => known.id === event.id && !supersedes(event, known))) return NO_CHANGES;
    history.corrections = [...history.corrections.filter((known) => known.id !== event.id), event].sort(compareVersions);
  } else if (history.base && !supersedes(event, history.base)) {
    return NO_CHANGES;
  }
  const base = correction ? history.base : event;
  if (!base) return NO_CHANGES; // a correction that came before its target waits here

  const current = valueOf(id, base, history.corrections);
  const oldSubject = history.base && subjectOf(history.base, history.current);
  const subject = subjectOf(base, current);
  if (oldSubject === undefined && subject === undefined) {
    const before = history.current;
    history.base = base;
    history.current = current;
    return before || current ? [{ before, after: current }] : NO_CHANGES;
  }
  return applyToSubjects(book, history, base, current, oldSubject, subject);
};

/** As above, where other events may speak of the same subject, or the event moves to another one. */
const applyToSubjects = (
  book: FactBook,
  history: History,
  base: BaseEvent,
  current: Fact | undefined,
  oldSubject: string | undefined,
  subject: string | undefined,
): readonly FactChange[] => {
  const changes: FactChange[] = [];
  const note = (before: Fact | undefined, after: Fact | undefined): void => {
    if (before !== after) changes.push({ before, after });
  };
  if (oldSubject === undefined && history.base) note(history.current, undefined);
  if (oldSubject !== undefined && oldSubject !== subject) {
    const left = book.subjects.get(oldSubject);
    const before = left?.best?.current;
    if (left) left.histories = left.histories.filter((other) => other !== history);
    if (left?.best === history) left.best = newestOf(left.histories);
    note(before, left?.best?.current);
    if (left?.histories.length === 0) book.subjects.delete(oldSubject);
  }
  const joined = subject === undefined ? undefined : book.subjects.get(subject);
  const before = joined?.best?.current;
  history.base = base;
  history.current = current;
  if (subject === undefined) {
    note(undefined, current);
    return changes;
  }
  if (!joined) {
    // An array that begins with its only member takes a tenth of one that is pushed to; most subjects have one event.
    book.subjects.set(subject, { histories: [history], best: current && history });
    note(undefined, current);
    return changes;
  }
  if (oldSubject !== subject) joined.histories.push(history);
  if (!current) {
    if (joined.best === history) joined.best = newestOf(joined.histories);
  } else if (isNewer(history, joined.best)) {
    joined.best = history;
  }
  note(before, joined.best?.current);
  return changes;
};

/** Every fact that holds now, in no particular order. */
export function* currentFacts(book: FactBook): Generator<Fact> {
  for (const history of book.histories.values()) {
    if (!history.current || !history.base) continue;
    const subject = subjectOf(history.base, history.current);
    if (subject === undefined || book.subjects.get(subject)?.best === history) yield history.current;
  }
}
