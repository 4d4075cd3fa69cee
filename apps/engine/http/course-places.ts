import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { setImmediate as turn } from 'node:timers/promises';
import { coursePlaceOf, type CoursePlace, type HurdleNames } from '#projections/course-progress.js';
import type { AwardRow, CourseOutline, TimelineRow } from '#projections/growth-path-view.js';
import type { Row } from '#projections/read-model.js';
import { periodOf } from '#rules/periods.js';
import type { LiveRule } from '#rules/rulebook.js';
import type { Engine } from '../engine.js';
import { Courses } from './courses.js';
import { InjectEngine } from './engine-token.js';
import { LiveRules, type RuleRow } from './live-rules.js';

/** How long a request waits for what is being worked out; what is not there by then comes with a later one. */
const PATIENCE_MS = 1_500;
/** So long other requests may have to wait for this work. */
const SLICE_MS = 8;
/** So many learners are read at once, and so many courses are kept. */
const [TOGETHER, MOST_COURSES] = [40, 20];
/** Where more has happened since a course was looked at, all of it is worked out anew. */
const MOST_NEWS = 20_000;

/** The learners of a course with their places, as far as they are worked out. */
export interface CoursePlaces {
  /** The course's live badges. */
  readonly rules: readonly RuleRow[];
  readonly outline: CourseOutline;
  readonly learners: readonly string[];
  /** Of those that are worked out. */
  readonly places: ReadonlyMap<string, CoursePlace>;
  readonly names: HurdleNames;
}

/** What is kept of a course. */
interface Kept {
  /** What all places rest on: another text, another outline, and all are worked out anew. */
  readonly basis: string;
  readonly outline: CourseOutline;
  readonly places: Map<string, CoursePlace>;
  readonly names: HurdleNames;
  /** Whose places have to be worked out (anew). */
  readonly due: Set<string>;
  /** The log position up to which news were taken in. */
  seen: number;
  working: Promise<void> | undefined;
}

/**
 * Where each learner of a course is with its badges, by the rules that are live now. A growth path is worked out when it is read; those of
 * thousands are kept here, and only who has news is worked out anew. The work gives way to other requests, and a request gives way to it:
 * who asks first is told how many are there yet.
 */
@Injectable()
export class CourseProgress implements OnModuleDestroy {
  readonly #kept = new Map<string, Kept>();

  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly courses: Courses,
    private readonly rules: LiveRules,
  ) {}

  /** The learners of a course; undefined where nobody has ever been in it. */
  async of(course: string): Promise<CoursePlaces | undefined> {
    const { tenant } = this.engine.config;
    const roster = await this.engine.readModels.find('roster', { where: { tenant, course } });
    if (roster.length === 0) return undefined;
    const [newest, outline] = [await this.rules.newest(), await this.courses.outline(course)];
    const rules = newest.filter((rule) => rule.retiredAt === null && rule.document.course === course);
    const learners = roster.filter(isThere).map(({ learner }) => learner as string);
    const kept = await this.#upToDate(course, learners, outline, this.#basis(newest, rules, outline));
    if (kept.due.size > 0) {
      kept.working ??= this.#work(course, kept, newest, rules).finally(() => (kept.working = undefined));
      kept.working.catch(() => this.#kept.delete(course)); // who waits is told; who asks next begins anew
      await within(kept.working, PATIENCE_MS);
    }
    return { rules, outline, learners, places: kept.places, names: kept.names };
  }

  async onModuleDestroy(): Promise<void> {
    const all = [...this.#kept.values()];
    this.#kept.clear();
    await Promise.allSettled(all.flatMap(({ working }) => working ?? []));
  }

  /** Versions, and of badges that recur the present period. */
  #basis(newest: readonly RuleRow[], rules: readonly RuleRow[], { context: { zone } }: CourseOutline): string {
    const now = Date.now();
    return JSON.stringify([newest.map(({ badge, hash, retiredAt }) => [badge, hash, retiredAt]), rules.map(({ document: { recurs } }) => (recurs ? periodOf(recurs, now, zone)?.name : ''))]);
  }

  async #upToDate(course: string, learners: readonly string[], outline: CourseOutline, basis: string): Promise<Kept> {
    const { readModels, config: { tenant } } = this.engine;
    // Before anything is read: what comes later is news.
    const seen = Math.min(...(await Promise.all(['growth-path', 'award-register'].map((name) => readModels.checkpoint(name)))));
    let kept = this.#kept.get(course);
    if (!kept || kept.basis !== basis || kept.outline !== outline) kept = { basis, outline, places: new Map(), names: new Map(), due: new Set(learners), seen, working: undefined };
    this.#kept.delete(course);
    this.#kept.set(course, kept);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_COURSES && oldest !== undefined) this.#kept.delete(oldest);

    const there = new Set(learners);
    const news = kept.seen < seen ? await readModels.find('timeline', { where: { position: { gt: kept.seen, lte: seen }, tenant }, limit: MOST_NEWS }) : [];
    const changed = news.length === MOST_NEWS ? learners : news.map(({ learner }) => learner as string);
    for (const learner of changed) if (there.has(learner)) kept.due.add(learner);
    for (const learner of learners) if (!kept.places.has(learner)) kept.due.add(learner);
    for (const learner of kept.places.keys()) if (!there.has(learner)) kept.places.delete(learner);
    for (const learner of kept.due) if (!there.has(learner)) kept.due.delete(learner);
    kept.seen = Math.max(kept.seen, seen);
    return kept;
  }

  async #work(course: string, kept: Kept, newest: readonly RuleRow[], own: readonly RuleRow[]): Promise<void> {
    const { readModels, config: { tenant } } = this.engine;
    const rules = newest.map(({ document, badge, version, hash }): LiveRule => ({ rule: document, reference: { badge, version, hash } }));
    const retired = new Set(newest.filter(({ retiredAt }) => retiredAt !== null).map(({ badge }) => badge));
    const badges = own.map(({ badge }) => badge);
    let since = performance.now();
    // Until all is done, or nobody would see it.
    while (kept.due.size > 0 && this.#kept.get(course) === kept) {
      const some = [...kept.due].slice(0, TOGETHER);
      // Taken out before they are read: what comes meanwhile puts them in again.
      for (const learner of some) kept.due.delete(learner);
      const where = { tenant, learner: { in: some } };
      const [rows, awards] = [byLearner(await readModels.find('timeline', { where })), byLearner(await readModels.find('award', { where }))];
      for (const learner of some) {
        const input = { rows: (rows.get(learner) ?? []) as unknown as readonly TimelineRow[], awards: (awards.get(learner) ?? []) as unknown as readonly AwardRow[], rules, retired, courseOf: () => kept.outline, now: Date.now() };
        kept.places.set(learner, coursePlaceOf(course, badges, input, kept.names));
        if (performance.now() - since < SLICE_MS) continue;
        await turn();
        since = performance.now();
      }
    }
  }
}

/** Whether a learner has not left the course. */
const isThere = ({ enrolledAt, withdrawnAt }: Row): boolean => typeof withdrawnAt !== 'number' || (typeof enrolledAt === 'number' && enrolledAt > withdrawnAt);

const byLearner = (rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> => {
  const found = new Map<string, Row[]>();
  for (const row of rows) {
    const learner = row['learner'] as string;
    const known = found.get(learner);
    if (known) known.push(row);
    else found.set(learner, [row]);
  }
  return found;
};

/** Waits for work, but not longer; it goes on. */
const within = async (work: Promise<void>, ms: number): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  try {
    await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
};
