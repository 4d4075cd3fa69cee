import type { Fact, ReportedFact } from './fact.js';
import { byHash, HashTable } from './hash-table.js';
import type { History } from './history.js';
import type { LearnerFactType } from './learning-event.js';
import { newestOf, Subjects } from './subjects.js';

/** The identity of a fact within its stream. */
export interface Identity {
  readonly source: string;
  /** The source's id of the event. */
  readonly id: string;
}

/**
 * The facts of one stream, with what is needed to take in late, repeated and corrected events. Folded in place. It has
 * the facts by identity, with a history where there are corrections, and those that were not retracted by subject.
 * Of each course it also keeps what somebody follows there (F).
 */
export class FactBook<F = unknown> extends HashTable<ReportedFact | History, Identity> {
  /** By course, the one that came last first: a learner's present ones are found soon. */
  #subjects: Subjects<F> | undefined;

  /** What is known of an identity, given its hash. */
  find(identity: Identity, hash: number): ReportedFact | History | undefined {
    const cell = this.cellOf(identity, byHash(hash));
    return cell < 0 ? undefined : this.at(cell);
  }

  /** Adds an entry whose identity is not known. */
  add(entry: ReportedFact | History): void {
    this.insert(entry, this.markOf(entry));
  }

  /** Puts an entry in the place of another one of its identity. */
  replace(identity: Identity, entry: ReportedFact | History): void {
    this.put(this.cellOf(identity, this.markOf(entry)), entry);
  }

  /** Where the subject of a fact is. */
  subjectsFor({ about }: ReportedFact): Subjects<F> {
    return this.#subjectsIn(about.type === 'ApprovalGiven' ? undefined : about.course);
  }

  /** What is followed in a course. */
  followed(course: string): F | undefined {
    return this.#known(course)?.following;
  }

  /** Keeps what is followed in a course. */
  follow(course: string, following: F): void {
    this.#subjectsIn(course).following = following;
  }

  /** The facts that hold; with a course only those that count in it. */
  current(course: string | undefined): readonly Fact[] {
    const facts: Fact[] = [];
    for (let subjects = this.#subjects; subjects; subjects = subjects.next) {
      if (course === undefined || subjects.course === undefined || subjects.course === course) subjects.forEach((rivals) => facts.push(newestOf(rivals)));
    }
    return facts;
  }

  /** Adds the facts of a type that hold in a course to a list. */
  collect(course: string, type: LearnerFactType, into: Fact[]): void {
    this.#known(course)?.collect(type, into);
  }

  protected markOf({ hash }: ReportedFact | History): number {
    return byHash(hash);
  }

  protected isOf(entry: ReportedFact | History, { source, id }: Identity): boolean {
    return entry.isOf(source, id);
  }

  #known(course: string | undefined): Subjects<F> | undefined {
    let subjects = this.#subjects;
    while (subjects && subjects.course !== course) subjects = subjects.next;
    return subjects;
  }

  #subjectsIn(course: string | undefined): Subjects<F> {
    return this.#known(course) ?? (this.#subjects = new Subjects(course, this.#subjects));
  }
}
