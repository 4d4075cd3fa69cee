import { numberOfType, type About } from './about.js';
import { compareReports, type Fact, type ReportedFact } from './fact.js';
import { HashTable, taggedHash } from './hash-table.js';
import type { LearnerFactType } from './learning-event.js';

/** The only fact about a subject, the usual case, or all of them, the oldest first. */
type Rivals = ReportedFact | ReportedFact[];

/** Of the facts about one subject the one that holds. */
export const newestOf = (rivals: Rivals): ReportedFact => (Array.isArray(rivals) ? (rivals[rivals.length - 1] as ReportedFact) : rivals);

/** Flags of two kinds are two facts, so a correction of the kind moves a flag to another subject. */
const kindOf = ({ type, values }: ReportedFact): string => (type === 'LearnerFlagged' ? (values.kind ?? '') : '');

/** Whoever reports it. */
const sameAbout = (a: About, b: About): boolean =>
  a === b || (a.type === b.type && (a.activity ?? '') === (b.activity ?? '') && a.course === b.course);

/** Whether two facts speak of the same subject, of which only the newer one holds. */
export const sameSubject = (a: ReportedFact, b: ReportedFact): boolean =>
  sameAbout(a.about, b.about) &&
  (a.occurrence ?? '') === (b.occurrence ?? '') &&
  kindOf(a) === kindOf(b) &&
  (a.isOf(b.about.source, b.eventId) || (!a.standsAlone && !b.standsAlone));

/** Two tags for each of the 15 types: facts of a type are found without a look at others. */
const tagOf = (type: number, hash: number): number => 1 + type * 2 + (hash & 1);

const markOf = ({ about, subjectHash }: ReportedFact): number => taggedHash(subjectHash, tagOf(about.typeNumber, subjectHash));

/** Facts by subject: those that were reported and not retracted, and which of them holds. */
export class Subjects<F> extends HashTable<Rivals, ReportedFact> {
  /** What somebody follows of them: kept here, so that it takes no look-up of its own. */
  following: F | undefined;

  constructor(
    /** Undefined for those that count in any course. */
    readonly course: string | undefined,
    /** Those of another course. */
    readonly next: Subjects<F> | undefined,
  ) {
    super();
  }

  /** Adds a fact and returns the one that held about its subject. */
  add(fact: ReportedFact): ReportedFact | undefined {
    const mark = markOf(fact);
    const cell = fact.standsAlone ? -1 : this.cellOf(fact, mark);
    if (cell < 0) {
      this.insert(fact, mark);
      return undefined;
    }
    const rivals = this.at(cell);
    const all = Array.isArray(rivals) ? rivals : [rivals];
    const before = newestOf(all);
    const place = all.findLastIndex((other) => compareReports(other, fact) < 0) + 1; // mostly the last one
    all.splice(place, 0, fact);
    this.put(cell, all);
    return before;
  }

  /** Removes a fact that was added. */
  take(fact: ReportedFact): void {
    const cell = this.cellOf(fact, markOf(fact));
    const rivals = this.at(cell);
    if (Array.isArray(rivals)) {
      const left = rivals.filter((other) => other !== fact);
      this.put(cell, left.length === 1 ? newestOf(left) : left);
    } else {
      this.remove(cell);
    }
  }

  /** The fact that holds about a fact's subject. */
  holding(fact: ReportedFact): ReportedFact | undefined {
    const cell = this.cellOf(fact, markOf(fact));
    return cell < 0 ? undefined : newestOf(this.at(cell));
  }

  /** Adds the facts of a type that hold to a list. */
  collect(type: LearnerFactType, into: Fact[]): void {
    const tag = tagOf(numberOfType(type), 0);
    this.forEachTagged(tag, tag + 1, (rivals) => into.push(newestOf(rivals)));
  }

  protected markOf(rivals: Rivals): number {
    return markOf(newestOf(rivals));
  }

  protected isOf(rivals: Rivals, fact: ReportedFact): boolean {
    return sameSubject(newestOf(rivals), fact);
  }
}
