import { compareReports, type ReportedFact } from './fact.js';
import { subjectOf } from './fact-hash.js';
import { HashTable } from './hash-table.js';

/** The only fact about a subject, the usual case, or all of them, the oldest first. */
type Rivals = ReportedFact | ReportedFact[];

/** Of the facts about one subject the one that holds. */
export const newestOf = (rivals: Rivals): ReportedFact => (Array.isArray(rivals) ? (rivals[rivals.length - 1] as ReportedFact) : rivals);

/** Flags of two kinds are two facts, so a correction of the kind moves a flag to another subject. */
const kindOf = ({ type, values }: ReportedFact): string => (type === 'LearnerFlagged' ? (values.kind ?? '') : '');

/** Whether two facts speak of the same subject, of which only the newer one holds. */
export const sameSubject = (a: ReportedFact, b: ReportedFact): boolean =>
  a.type === b.type &&
  (a.activity ?? '') === (b.activity ?? '') &&
  (a.occurrence ?? '') === (b.occurrence ?? '') &&
  a.course === b.course &&
  kindOf(a) === kindOf(b) &&
  (a.id === b.id || (!a.standsAlone && !b.standsAlone));

/** Facts by subject: those that were reported and not retracted, and which of them holds. */
export class Subjects extends HashTable<Rivals, ReportedFact> {
  constructor(
    /** Undefined for those that count in any course. */
    readonly course: string | undefined,
    /** Those of another course. */
    readonly next: Subjects | undefined,
  ) {
    super();
  }

  /** Adds a fact and returns the one that held about its subject. */
  add(fact: ReportedFact): ReportedFact | undefined {
    const cell = this.cellOf(fact, subjectOf(fact.hashes));
    if (cell < 0) {
      this.insert(fact, subjectOf(fact.hashes));
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
    const cell = this.cellOf(fact, subjectOf(fact.hashes));
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
    const cell = this.cellOf(fact, subjectOf(fact.hashes));
    return cell < 0 ? undefined : newestOf(this.at(cell));
  }

  protected hashOf(rivals: Rivals): number {
    return subjectOf(newestOf(rivals).hashes);
  }

  protected isOf(rivals: Rivals, fact: ReportedFact, hash: number): boolean {
    const other = newestOf(rivals);
    return subjectOf(other.hashes) === hash && sameSubject(other, fact);
  }
}
