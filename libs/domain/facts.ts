import type { ReportEvent } from './about.js';
import { reportedFact, type Fact, type FactChange, type ReportedFact } from './fact.js';
import { FactBook, type Identity } from './fact-book.js';
import { identityHash } from './fact-hash.js';
import { History } from './history.js';
import { factId, isCorrection, type CorrectionEvent, type LearnerFactType, type LearningEvent } from './learning-event.js';
import { sameSubject } from './subjects.js';
import { supersedes } from './versions.js';

export type { Fact, FactChange } from './fact.js';
export type { FactBook } from './fact-book.js';

/** A book of a stream that has no events yet. */
export const emptyFactBook = <F>(): FactBook<F> => new FactBook();

const NO_CHANGES: readonly FactChange[] = [];

/** Takes one event into the book and tells what it changed; [] when the facts stay as they were. */
export const applyEvent = (book: FactBook, event: LearningEvent): readonly FactChange[] =>
  isCorrection(event) ? applyCorrection(book, event) : applyReport(book, event);

const applyReport = (book: FactBook, event: ReportEvent): readonly FactChange[] => {
  const hash = identityHash(event.source, event.id);
  const known = book.find(event, hash);
  if (!known) {
    const fact = reportedFact(hash, event);
    book.add(fact);
    return added(book, fact);
  }
  const report = known instanceof History ? known.report : known;
  if (report && !supersedes(event, { version: report.version, time: report.reportedTime, id: event.id })) return NO_CHANGES;
  const fact = reportedFact(hash, event);
  if (known instanceof History) {
    const before = known.current;
    known.renew(fact);
    return replaced(book, before, known.current);
  }
  book.replace(event, fact);
  return replaced(book, known, fact);
};

const applyCorrection = (book: FactBook, event: CorrectionEvent): readonly FactChange[] => {
  const { source, target } = event;
  const identity: Identity = { source, id: target };
  const hash = identityHash(source, target);
  const known = book.find(identity, hash);
  // Without a report the correction came before its target and waits here.
  const history = known instanceof History ? known : new History(source, target, hash, known);
  const before = history.current;
  if (!history.correct(event)) return NO_CHANGES;
  if (!known) book.add(history);
  else if (history !== known) book.replace(identity, history);
  return replaced(book, before, history.current);
};

const changed = (before: Fact | undefined, after: Fact | undefined): readonly FactChange[] =>
  before === after ? NO_CHANGES : [{ before, after }];

const added = (book: FactBook, fact: ReportedFact): readonly FactChange[] => {
  const subjects = book.subjectsFor(fact);
  const before = subjects.add(fact);
  return changed(before, before ? subjects.holding(fact) : fact);
};

const removed = (book: FactBook, fact: ReportedFact): readonly FactChange[] => {
  const subjects = book.subjectsFor(fact);
  const before = subjects.holding(fact);
  subjects.take(fact);
  return changed(before, subjects.holding(fact));
};

/** One identity's fact becomes another one, perhaps of another subject. */
const replaced = (book: FactBook, fact: ReportedFact | undefined, by: ReportedFact | undefined): readonly FactChange[] => {
  if (fact === by) return NO_CHANGES;
  if (!by) return fact ? removed(book, fact) : NO_CHANGES;
  if (!fact) return added(book, by);
  if (!sameSubject(fact, by)) return [...removed(book, fact), ...added(book, by)];
  const subjects = book.subjectsFor(fact);
  const before = subjects.holding(fact);
  subjects.take(fact);
  subjects.add(by);
  return changed(before, subjects.holding(by));
};

/** Every fact that holds now, in no particular order; with a course only its own, and approvals, which count in any. */
export const currentFacts = (book: FactBook, course?: string): readonly Fact[] => book.current(course);

/** The facts of some types that hold in a course, in no particular order. */
export const factsOfType = (book: FactBook, course: string, types: readonly LearnerFactType[]): Fact[] => {
  const facts: Fact[] = [];
  for (const type of types) book.collect(course, type, facts);
  return facts;
};

/** How many facts were reported or corrected, whether they hold or not: what the book's memory grows with. */
export const knownFacts = (book: FactBook): number => book.size;

/** Whether a fact was reported or corrected, whether it holds or not; by its source and the source's id. */
export const isKnown = (book: FactBook, source: string, id: string): boolean =>
  book.find({ source, id }, identityHash(source, id)) !== undefined;

/** Ids (`source/event id`) of the facts that were reported and are retracted. */
export const retractedFacts = (book: FactBook): readonly string[] => {
  const ids: string[] = [];
  book.forEach((entry) => {
    if (entry instanceof History && entry.report && !entry.current) ids.push(factId(entry.source, entry.eventId));
  });
  return ids;
};
