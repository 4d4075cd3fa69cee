import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CorrectionPolicy } from '#domain/award.js';
import type { CorrectionEvent, CourseFactEvent, LearnerFactEvent } from '#domain/learning-event.js';
import type { Verdict } from '#domain/verdict.js';
import { openEmbedded, type EmbeddedEventStore } from '#event-store/embedded.js';
import { kindOf } from '#rules/criteria/all.js';
import type { Settings } from '#rules/criterion.js';
import type { Criterion, Decides, Rule } from '#rules/rule.js';
import type { LiveRule } from '#rules/rulebook.js';
import type { Selector } from '#rules/selector.js';
import { openSchool, type School, type Worker, type WorkerOptions } from './awarding-under-test.js';
import type { KnownAward } from './known-award.js';

/* TEST SUPPORT: what happens in a term, rules about it, and a school of its own for each test. */

export const DAY = 86_400_000;
export const START = Date.UTC(2026, 2, 2);
export const day = (number: number): number => START + number * DAY;

let ids = 0;

/** A mission that ada has completed in course c, or another fact. */
export const mission = (activity: string, time: number, values: Partial<LearnerFactEvent> = {}): LearnerFactEvent => ({
  type: 'MissionCompleted', id: `${activity}-${++ids}`, source: 'lms', learner: 'ada', course: 'c', activity, time, ...values,
});

export const retract = (target: { readonly id: string }, values: Partial<CorrectionEvent> = {}): CorrectionEvent => ({
  type: 'FactRetracted', id: `x${++ids}`, source: 'lms', target: target.id, learner: 'ada', ...values,
});

export const opened = (values: Partial<CourseFactEvent> = {}): CourseFactEvent => ({ type: 'CourseOpened', id: 'open', source: 'lms', course: 'c', time: START, ...values });

export const closed: CourseFactEvent = { type: 'CourseClosed', id: 'close', source: 'lms', course: 'c', time: day(60) };

/** A leaf of a rule for badge b. */
export const leaf = (keyword: string, settings: Settings, select?: Selector): Criterion => ({
  leaf: { keyword, settings, selects: kindOf(keyword).selects?.(settings, select, 'b') ?? (select ? [select] : []) },
});

export const missions = (needed: number, select: Partial<Selector> = {}): Criterion => leaf('count', { 'at-least': needed }, { type: 'MissionCompleted', ...select });
export const notWithdrawn = leaf('none', {}, { type: 'Withdrawn' });

/** A rule of course c for badge b. */
export const rule = (decides: Decides, criteria = missions(2), whenCorrected: CorrectionPolicy = 'revoke', more: Partial<Rule> = {}): Rule => ({
  badge: 'b', name: { en: 'B' }, criteriaText: { en: 'B' }, course: 'c', decides, whenCorrected, criteria, design: {}, ...more,
});

const NOTHING_COUNTED: Verdict = { met: true, decided: true, root: { criterion: 'count', path: 'count', met: true, value: 1, needed: 1, unit: 'count', evidence: [] }, asOf: -Infinity };

/** An award of a rule as it is held in memory; where nothing else is said, of a trace that counts no facts, so that no fact touches the rule on its account. */
export const knownAward = ({ rule: { badge, course }, reference }: LiveRule, status: 'active' | 'revoked', { earnedAt = 0, verdict = { ...NOTHING_COUNTED, met: status === 'active' } }: { readonly earnedAt?: number; readonly verdict?: Verdict } = {}): KnownAward => ({
  state: { status, award: `award of ${badge}`, tenant: 't', learner: 'ada', badge, course, period: '', rule: reference, earnedAt, verdict, decidedByPerson: false },
  revision: 0,
});

export const SOON: Decides = { mode: 'as-soon-as-met' };
export const HOLDS: Decides = { mode: 'continuously' };
export const AT_END: Decides = { mode: 'at-close', of: 'course' };

/** An event store for a file of tests, and in it a school for each test. */
export interface Tests {
  readonly store: EmbeddedEventStore;
  readonly school: School;
  /** Opens another school in the place of the one that there is. */
  readonly open: () => Promise<void>;
  /** A worker of the school, stopped after the test. */
  readonly work: (options?: WorkerOptions) => Worker;
}

/** Prepares both with the hooks of the test runner. */
export const schoolForEachTest = (): Tests => {
  const dir = mkdtempSync(join(tmpdir(), 'proofmark-'));
  let store: EmbeddedEventStore;
  let school: School;
  let schools = 0;
  let workers: Worker[] = [];
  const open = async (): Promise<void> => void (school = await openSchool(store, `school-${++schools}`));
  beforeAll(async () => void (store = await openEmbedded({ dir })));
  afterAll(async () => {
    await store.close();
    rmSync(dir, { recursive: true });
  });
  beforeEach(async () => {
    await open();
    workers = [];
  });
  afterEach(async () => {
    for (const worker of workers) await worker.stop();
  });
  return {
    get store() {
      return store;
    },
    get school() {
      return school;
    },
    open,
    work: (options) => {
      const worker = school.work(options);
      workers.push(worker);
      return worker;
    },
  };
};
