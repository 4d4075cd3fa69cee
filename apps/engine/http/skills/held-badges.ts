import { Injectable } from '@nestjs/common';
import { membershipOf, type EnrolmentRow, type Membership } from '#projections/learner-group.js';
import type { Row } from '#projections/read-model.js';
import type { Engine } from '../../engine.js';
import { InjectEngine } from '../engine-token.js';

const CHUNK = 5_000;
/** More learners than this are not looked up one by one: all are read anew. */
const MOST_AGAIN = 500;

/** Somebody who is enrolled, or holds a badge. */
export interface Holder {
  readonly learner: string;
  /** undefined for who holds badges and is enrolled nowhere. */
  readonly membership: Membership | undefined;
  /** Badges by the awards that give them, active ones alone: a superseded level counts as the higher one, which is held as well. */
  readonly held: ReadonlyMap<string, string>;
}

interface Kept {
  readonly learner: string;
  membership: Membership | undefined;
  readonly held: Map<string, string>;
}

/** What is known of all holders, and up to which rows. */
interface Known {
  readonly learners: Map<string, Kept>;
  forgotten: number;
  /** The log position up to which rows were read; -1 for none. */
  seen: number;
  /** The position at which all of it was read: while an erasure goes in, rows that it removes may still be there, so it is read once more when the log is further. */
  readonly again?: number;
}

const numberOf = (row: Row | undefined, column: string): number => Number(row?.[column] ?? 0);

/**
 * Who holds which badges now, and in which group they are. It is put together in memory: a table of groups by skills joins all learners
 * with all awards, which no read model does while it is asked. Each time only the rows are read that have come since.
 */
@Injectable()
export class HeldBadges {
  #known: Known | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(@InjectEngine() private readonly engine: Engine) {}

  /** Everybody, at least as of when it is asked. */
  all(): Promise<readonly Holder[]> {
    const next = this.#turn.then(() => this.#upToDate());
    this.#turn = next.catch(() => undefined); // whoever asked has the error; the next one begins anew
    return next;
  }

  async #upToDate(): Promise<readonly Holder[]> {
    const { readModels, config: { tenant } } = this.engine;
    // Before anything is read. While a batch goes in, rows may be there ahead of it, and not all of them: those come with the next look.
    const seen = await readModels.checkpoint('held-skills');
    const forgotten = numberOf(await readModels.get('forgotten', { tenant }), 'learners');
    // A row that is gone is seen by nobody who reads on from where they were.
    const before = this.#known;
    const isOld = before?.again !== undefined && seen > before.again;
    let known = before?.forgotten === forgotten && !isOld ? before : undefined;
    this.#known = undefined; // what fails halfway is begun anew
    known ??= { learners: new Map(), forgotten, seen: -1, ...(!(isOld && before.forgotten === forgotten) && { again: seen }) };
    await this.#readHoldings(known, seen);
    await this.#readEnrolments(known, seen);
    known.seen = seen;
    this.#known = known;
    return [...known.learners.values()];
  }

  async #readHoldings(known: Known, upTo: number): Promise<void> {
    for await (const row of this.#since('holding', known.seen, upTo)) {
      const { award, learner, badge, status } = row as { readonly award: string; readonly learner: string; readonly badge: string; readonly status: string };
      const { held } = this.#keptOf(known, learner);
      if (status === 'active') held.set(award, badge);
      else held.delete(award);
    }
  }

  async #readEnrolments(known: Known, upTo: number): Promise<void> {
    const [isFirst, rows] = [known.seen < 0, new Map<string, EnrolmentRow[]>()];
    for await (const row of this.#since('enrolment', known.seen, upTo)) {
      const enrolment = row as unknown as EnrolmentRow;
      const of = rows.get(enrolment.learner);
      if (of) of.push(enrolment);
      else rows.set(enrolment.learner, [enrolment]);
    }
    const whole = isFirst || rows.size === 0 ? rows : await this.#enrolmentsOf([...rows.keys()], upTo);
    for (const [learner, of] of whole) this.#keptOf(known, learner).membership = membershipOf(of);
  }

  /** All rows of some learners: what a correction means follows from what it corrects. */
  async #enrolmentsOf(learners: readonly string[], upTo: number): Promise<ReadonlyMap<string, readonly EnrolmentRow[]>> {
    const { readModels, config: { tenant } } = this.engine;
    const found = new Map<string, EnrolmentRow[]>(learners.map((learner) => [learner, []]));
    const add = (row: Row): void => void found.get(row['learner'] as string)?.push(row as unknown as EnrolmentRow);
    if (learners.length > MOST_AGAIN) for await (const row of this.#since('enrolment', -1, upTo)) add(row);
    else for (const learner of learners) (await readModels.find('enrolment', { where: { tenant, learner }, orderBy: ['position'] })).forEach(add);
    return found;
  }

  #keptOf({ learners }: Known, learner: string): Kept {
    let kept = learners.get(learner);
    if (!kept) learners.set(learner, (kept = { learner, membership: undefined, held: new Map() }));
    return kept;
  }

  /** The rows that have changed since a position and up to another, in the order of the log, in bounded reads. */
  async *#since(collection: string, position: number, upTo: number): AsyncGenerator<Row> {
    const { readModels, config: { tenant } } = this.engine;
    for (let last = position; ; ) {
      const rows = await readModels.find(collection, { where: { tenant, position: { gt: last, lte: upTo } }, orderBy: ['position'], limit: CHUNK });
      yield* rows;
      if (rows.length < CHUNK) return;
      last = numberOf(rows.at(-1), 'position');
    }
  }
}
