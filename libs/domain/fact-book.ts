import type { Fact, ReportedFact } from './fact.js';
import { identityOf } from './fact-hash.js';
import { HashTable } from './hash-table.js';
import type { History } from './history.js';
import { newestOf, Subjects } from './subjects.js';

/**
 * The facts of one stream, with what is needed to take in late, repeated and corrected events. Folded in place. It has
 * the facts by identity, with a history where there are corrections, and those that were not retracted by subject.
 */
export class FactBook extends HashTable<ReportedFact | History, string> {
  /** By course, the one that came last first: a learner's present ones are found soon. */
  #subjects: Subjects | undefined;

  /** What is known of an identity, `source/event id`. */
  find(id: string, hash: number): ReportedFact | History | undefined {
    const cell = this.cellOf(id, hash);
    return cell < 0 ? undefined : this.at(cell);
  }

  /** Adds an entry whose identity is not known. */
  add(entry: ReportedFact | History): void {
    this.insert(entry, identityOf(entry.hashes));
  }

  /** Puts an entry in the place of another one of its identity. */
  replace(entry: ReportedFact | History): void {
    this.put(this.cellOf(entry.id, identityOf(entry.hashes)), entry);
  }

  /** Where the subject of a fact is. */
  subjectsFor(fact: ReportedFact): Subjects {
    const course = fact.type === 'ApprovalGiven' ? undefined : fact.course;
    for (let subjects = this.#subjects; subjects; subjects = subjects.next) if (subjects.course === course) return subjects;
    return (this.#subjects = new Subjects(course, this.#subjects));
  }

  /** The facts that hold; with a course only those that count in it. */
  current(course: string | undefined): readonly Fact[] {
    const facts: Fact[] = [];
    for (let subjects = this.#subjects; subjects; subjects = subjects.next) {
      if (course === undefined || subjects.course === undefined || subjects.course === course) subjects.forEach((rivals) => facts.push(newestOf(rivals)));
    }
    return facts;
  }

  protected hashOf({ hashes }: ReportedFact | History): number {
    return identityOf(hashes);
  }

  protected isOf(entry: ReportedFact | History, id: string, hash: number): boolean {
    return identityOf(entry.hashes) === hash && entry.id === id;
  }
}
