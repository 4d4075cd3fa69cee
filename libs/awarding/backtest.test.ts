import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { CorrectionEvent, CourseFactEvent, LearnerFactEvent, LearningEvent } from '#domain/learning-event.js';
import type { ClosingTimeReached } from '#domain/log-event.js';
import { openEmbedded, type EmbeddedEventStore } from '#event-store/embedded.js';
import { history } from '#rules/arbitraries/histories.js';
import { rule as anyRule, ruleOf } from '#rules/arbitraries/rules.js';
import { courseCalendar } from '#rules/calendar.js';
import { ruleHash } from '#rules/parse.js';
import type { Criterion, Rule } from '#rules/rule.js';
import { openSchool, type School } from './awarding-under-test.js';
import { backtest, type Backtest, type BacktestInput, type BacktestOptions } from './backtest.js';
import { loggedRoster } from './roster.js';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 30);
const DAY = 86_400_000;
const START = Date.UTC(2026, 2, 2);
const day = (number: number): number => START + number * DAY;
const ALL = 1_000_000;

const dir = mkdtempSync(join(tmpdir(), 'proofmark-'));
let store: EmbeddedEventStore;
beforeAll(async () => (store = await openEmbedded({ dir })));
afterAll(async () => {
  await store.close();
  rmSync(dir, { recursive: true });
});
let schools = 0;
let school: School;
const nextSchool = async (): Promise<School> => openSchool(store, `backtest-${++schools}`);
beforeEach(async () => (school = await nextSchool()));

const tried = (rule: Rule, input: Partial<BacktestInput> = {}, options: Partial<BacktestOptions> = {}): Promise<Backtest> =>
  backtest({ tenant: school.tenant, rule, limit: ALL, now: -Infinity, ...input }, { store, roster: loggedRoster(store, school.tenant), ...options });

/** Lets awarding decide everything that is recorded. */
const decide = async (): Promise<void> => {
  const worker = school.work();
  await worker.caughtUp();
  await worker.stop();
};

let ids = 0;
const fact = (learner: string, type: LearnerFactEvent['type'], time: number, values: Partial<LearnerFactEvent> = {}): LearnerFactEvent => ({
  type, id: `e${++ids}`, source: 'lms', learner, course: 'c1', activity: `a${ids}`, time, ...values,
});
const missions = (learner: string, ...days: number[]): LearnerFactEvent[] => days.map((at) => fact(learner, 'MissionCompleted', day(at)));
const retract = ({ id }: LearnerFactEvent, learner: string): CorrectionEvent => ({ type: 'FactRetracted', id: `x${++ids}`, source: 'lms', target: id, learner });
const atLeast = (needed: number, type: 'MissionCompleted' | 'AttendanceMarked' = 'MissionCompleted'): Criterion => ({
  leaf: { keyword: 'count', selects: [{ type }], settings: { 'at-least': needed } },
});
const notWithdrawn: Criterion = { leaf: { keyword: 'none', selects: [{ type: 'Withdrawn' }], settings: {} } };
const soon = (criteria: Criterion, more: Partial<Rule> = {}): Rule => ruleOf({ criteria, decides: { mode: 'as-soon-as-met' }, ...more });

interface Granted {
  readonly learner: string;
  readonly period: string;
  readonly earnedAt: number;
}
const inOrder = (granted: readonly Granted[]): readonly Granted[] =>
  [...granted].sort((a, b) => (`${a.learner} ${a.period}` < `${b.learner} ${b.period}` ? -1 : 1));
const active = async (learners: readonly string[], periods: readonly string[] = ['']): Promise<readonly Granted[]> => {
  const granted: Granted[] = [];
  for (const learner of learners) {
    for (const period of periods) {
      const award = await school.awardOf(learner, 'b', period);
      if (award.status === 'active') granted.push({ learner, period, earnedAt: award.earnedAt });
    }
  }
  return inOrder(granted);
};
const found = ({ first }: Backtest): readonly Granted[] =>
  inOrder(first.flatMap(({ learner, period = '', earnedAt, state }) => (state === 'active' ? [{ learner, period, earnedAt }] : [])));

describe('a backtest of the live rule', () => {
  const open: CourseFactEvent = { type: 'CourseOpened', id: 'open', source: 'lms', course: 'c1', time: START, timezone: 'Asia/Seoul' };
  const close: CourseFactEvent = { type: 'CourseClosed', id: 'close', source: 'lms', course: 'c1', time: day(7) };
  /** The end of course day 5, where the course has begun as above. */
  const clock: ClosingTimeReached = { type: 'ClosingTimeReached', course: 'c1', at: courseCalendar(START, 'Asia/Seoul').endOfDay(5) };
  const recurring = fc.option(fc.constantFrom('week' as const, 'month' as const), { nil: undefined });
  const learners = fc.array(history, { minLength: 1, maxLength: 4 });

  it('gives the very awards that awarding gave on any history, corrections included', async () => {
    await fc.assert(
      fc.asyncProperty(anyRule, recurring, learners, fc.boolean(), fc.boolean(), fc.nat(), async (made, each, histories, opens, closes, seed) => {
        school = await nextSchool();
        const rule = each && made.decides.mode === 'as-soon-as-met' ? { ...made, recurs: { each } } : made;
        const names = histories.map((_, i) => `l${i}`);
        const events: (LearningEvent | ClosingTimeReached)[] = histories.flatMap((events_, i) => events_.map((event) => ({ ...event, learner: names[i] ?? '' })));
        for (const [i, event] of [...(opens ? [open] : []), ...(closes ? [close, clock] : [])].entries()) events.splice((seed * (i + 1)) % (events.length + 1), 0, event);
        const worker = school.work({ batchSize: 1 + (seed % 7) });
        await school.publish(rule);
        for (const event of events) await (event.type === 'ClosingTimeReached' ? school.reachClosingTime(event) : school.record(event));
        await worker.caughtUp();
        await worker.stop();
        const result = await tried(rule);
        const periods = each ? result.first.map(({ period = '' }) => period) : [''];
        expect(found(result)).toEqual(await active(names, [...new Set([...periods, '2026-02', '2026-03', '2026-w09', '2026-w10', '2026-w11', ''])]));
        expect(result.complete).toBe(true);
      }),
      { numRuns: RUNS },
    );
  }, 600_000);

  it('knows who waits for the end of a hold and whose award has expired', async () => {
    await school.record(open, ...missions('ann', 1), ...missions('bob', 9));
    await school.reachClosingTime({ type: 'ClosingTimeReached', course: 'c1', at: day(10) });
    expect((await tried(soon(atLeast(1), { hold: 3 * DAY }))).awards).toEqual({ active: 1, expired: 0, waiting: 1 });
    expect((await tried(soon(atLeast(1), { validity: { for: 5 * DAY, renewal: 'none' } }))).awards).toEqual({ active: 1, expired: 1, waiting: 0 });
  });

  it('says that nothing is decided while the moment has not come', async () => {
    await school.record(...missions('ann', 1));
    expect(await tried(ruleOf({ criteria: atLeast(1), decides: { mode: 'at-close', of: 'course' } }))).toMatchObject({ decided: false, earned: 0, eligible: 1, funnel: [{ alone: 1 }], nearMisses: [] });
  });
});

describe('what filters learners out', () => {
  const rule = soon({ group: 'all', parts: [atLeast(2), { group: 'any', parts: [atLeast(1, 'AttendanceMarked'), atLeast(4)] }, notWithdrawn] });

  it('is counted condition by condition, together and alone, nested ones too; staff count apart', async () => {
    await school.record(
      ...missions('ann', 1, 2), fact('ann', 'AttendanceMarked', day(3)),
      ...missions('bob', 1, 2), fact('bob', 'Withdrawn', day(2)),
      ...missions('cid', 1), fact('cid', 'AttendanceMarked', day(3)),
      fact('dan', 'Enrolled', day(0), { role: 'staff' }), ...missions('dan', 1, 2, 3, 4),
      fact('eve', 'Enrolled', day(0), { course: 'c2' }),
    );
    const result = await tried(rule);
    expect(result).toMatchObject({ eligible: 3, staff: 1, earned: 1, rate: 0.333333, awards: { active: 2 }, total: 4, done: 4 });
    expect(result.funnel).toMatchObject([
      { path: 'all[0].count', alone: 2, together: 2 },
      { path: 'all[1].any', alone: 2, together: 1, parts: [{ path: 'all[1].any[0].count', alone: 2 }, { path: 'all[1].any[1].count', alone: 0 }] },
      { path: 'all[2].none', alone: 2, together: 1 },
    ]);
    expect(result.courses).toEqual([{ course: 'c1', eligible: 3, earned: 1 }]);
    expect(result.overTime).toEqual({ unit: 'week', periods: [{ period: '2026-w10', awards: 2 }] });
    expect(result.nearMisses.map(({ learner, possible, steps }) => [learner, possible, steps.map(({ path }) => path)])).toEqual([
      ['cid', true, ['all[0].count']],
      ['bob', false, ['all[1].any[1].count', 'all[2].none']],
    ]);
  });

  it('is listed as far as it is asked, the closest first', async () => {
    await school.record(...['ann', 'bob', 'cid'].flatMap((learner, i) => missions(learner, ...Array.from({ length: i + 1 }, (_, n) => n))));
    const { nearMisses, eligible } = await tried(soon(atLeast(9)), { limit: 2 });
    expect([eligible, nearMisses.map(({ learner }) => learner)]).toEqual([3, ['cid', 'bob']]);
    expect((await tried(soon(atLeast(9)), { learners: ['ann', 'nobody', 'ann'] })).total).toBe(2);
  });

  it('covers months where there would be many weeks', async () => {
    await school.record(...Array.from({ length: 40 }, (_, week) => missions(`l${week}`, week * 7)).flat());
    const { overTime } = await tried(soon(atLeast(1)));
    expect(overTime.unit).toBe('month');
    expect(overTime.periods[0]).toEqual({ period: '2026-03', awards: 5 });
  });
});

describe('another version', () => {
  const older = soon({ group: 'all', parts: [atLeast(2), notWithdrawn] });
  const newer = soon({ group: 'all', parts: [atLeast(1, 'AttendanceMarked'), atLeast(1), notWithdrawn] });
  beforeEach(async () => {
    await school.record(
      ...missions('gains', 1), fact('gains', 'AttendanceMarked', day(2)),
      ...missions('loses', 1, 2),
      ...missions('sooner', 1, 9), fact('sooner', 'AttendanceMarked', day(2)),
      ...missions('later', 1, 2), fact('later', 'AttendanceMarked', day(9)),
      ...missions('same', 1, 2), fact('same', 'AttendanceMarked', day(2)),
      ...missions('neither', 3),
    );
  });

  it('is told apart from the first, learner by learner, each with the criteria that make the difference', async () => {
    const { difference } = await tried(newer, { against: older });
    expect(difference).toMatchObject({ gained: 1, lost: 1, earlier: 1, later: 1, unchanged: 1 });
    expect(difference?.first.lost).toEqual([
      {
        learner: 'loses', earnedBefore: day(2),
        criteria: [
          { path: 'all[0].count', label: expect.anything() as unknown, before: null, after: { value: 0, needed: 1, unit: 'count', met: false } },
          { path: 'all[1].count', label: expect.anything() as unknown, before: { value: 2, needed: 2, unit: 'count', met: true }, after: { value: 2, needed: 1, unit: 'count', met: true } },
        ],
      },
    ]);
    expect(difference?.first.gained).toMatchObject([{ learner: 'gains', earnedAfter: day(2), criteria: [{ after: { met: true } }, { before: { met: false, value: 1, needed: 2 }, after: { met: true } }] }]);
    expect(difference?.first.earlier).toMatchObject([{ learner: 'sooner', earnedBefore: day(9), earnedAfter: day(2) }]);
    expect(difference?.first.later).toMatchObject([{ learner: 'later', earnedBefore: day(2), earnedAfter: day(9) }]);
    expect(difference?.reasons).toMatchObject([{ path: 'all[0].count', gained: 1, lost: 1, earlier: 1, later: 1 }, { path: 'all[1].count', gained: 1 }]);
    expect(difference?.changes.map(({ part }) => part)).toEqual(['criteria all[0].count', 'criteria all[1].count']);
  });

  it('of another course is compared on the learners of both', async () => {
    await school.record(...missions('elsewhere', 1).map((event) => ({ ...event, course: 'c2' })));
    const { difference, total } = await tried({ ...older, course: 'c2', criteria: atLeast(1) }, { against: older });
    expect([total, difference?.gained, difference?.lost]).toEqual([7, 1, 4]);
  });

  it.each(['revoke', 'review', 'keep'] as const)('published for the past does to the awards what the preview says; when corrected: %s', async (whenCorrected) => {
    await school.publish(older);
    await decide();
    const version: Rule = { ...newer, whenCorrected };
    const { backfill } = await tried(version, { against: older, backfill: { version: 2, hash: ruleHash(version) } });
    const before = (await school.awardLog()).length;
    await school.publish(version, { backfill: true });
    await decide();
    const counts = new Map<string, number>();
    for (const { type } of (await school.awardLog()).slice(before)) counts.set(type, (counts.get(type) ?? 0) + 1);
    const lost = { revoke: 'revoked', review: 'suspended', keep: 'kept' }[whenCorrected];
    expect(backfill).toMatchObject({ granted: 1, amended: 2, confirmed: 1, [lost]: 1, first: { granted: [{ learner: 'gains' }], [lost]: [{ learner: 'loses', criteria: [{ path: 'all[0].count' }, {}] }] } });
    expect(Object.fromEntries(counts)).toEqual({ BadgeAwarded: 1, AwardAmended: 3, [{ revoke: 'AwardRevoked', review: 'AwardSuspended', keep: 'AwardKept' }[whenCorrected]]: 1 });
  });
});

it('for the past shows what becomes of the award of a month in which nothing counts any more', async () => {
  const monthly = soon(atLeast(1), { recurs: { each: 'month' }, whenCorrected: 'revoke' });
  const version = { ...monthly, criteria: atLeast(1, 'AttendanceMarked') };
  await school.publish(monthly);
  await school.record(...missions('ann', 1, 40), fact('ann', 'AttendanceMarked', day(41)));
  await decide();
  const { backfill, earned, nearMisses } = await tried(version, { against: monthly, backfill: { version: 2, hash: ruleHash(version) } });
  expect(backfill).toMatchObject({ revoked: 1, amended: 1, first: { revoked: [{ learner: 'ann', period: '2026-03' }] } });
  expect([earned, nearMisses]).toEqual([1, []]);
  await school.publish(version, { backfill: true });
  await decide();
  expect([await school.awardOf('ann', 'b', '2026-03'), await school.awardOf('ann', 'b', '2026-04')]).toMatchObject([{ status: 'revoked' }, { status: 'active' }]);
});

describe('a rule that asks for badges', () => {
  it('goes by the awards as they are recorded, revoked ones and those of retired rules included', async () => {
    const below = soon(atLeast(1));
    const above = ruleOf({ badge: 'top', course: '', decides: { mode: 'as-soon-as-met' }, criteria: { leaf: { keyword: 'count', selects: [{ type: 'BadgeHeld', activities: ['b'] }], settings: { 'at-least': 1 } } } });
    const [lost] = missions('bob', 2);
    await school.publish(below);
    await school.record(...missions('ann', 1), ...(lost ? [lost] : []), ...missions('cid', 3));
    await decide();
    if (lost) await school.record(retract(lost, 'bob'));
    await school.retire('b');
    await decide();
    await school.record(...missions('dan', 4));
    await decide();
    const { first } = await tried(above);
    expect(first.map(({ learner, earnedAt }) => [learner, earnedAt])).toEqual([['ann', day(1)], ['cid', day(3)]]);
  });
});

describe('a rule that a badge of another course meets', () => {
  const below = soon(atLeast(1), { badge: 'below', course: 'c2' });
  const held: Criterion = { leaf: { keyword: 'badges', selects: [{ type: 'BadgeHeld', activities: ['below'] }], settings: { badge: ['below'] } } };
  const either = soon({ group: 'any', parts: [held, atLeast(1)] });

  it('finds who holds it and did nothing in the course, as awarding does, and counts them apart', async () => {
    await school.publish(below);
    await school.record(...missions('ann', 1).map((event) => ({ ...event, course: 'c2' })), ...missions('bob', 2), fact('cat', 'AttendanceMarked', day(3), { course: 'c2' }));
    await decide();
    const shown = await tried(either, { backfill: { version: 1, hash: ruleHash(either) } });
    expect(shown).toMatchObject({ eligible: 1, earned: 1, awards: { active: 2 }, backfill: { granted: 2 }, total: 3 });
    expect(found(shown).map(({ learner }) => learner)).toEqual(['ann', 'bob']);
    await school.publish(either);
    await decide();
    expect(await active(['ann', 'bob', 'cat'])).toEqual(found(shown));
  });

  it('looks at nobody else where something in the course is needed as well', async () => {
    await school.record(...missions('ann', 1).map((event) => ({ ...event, course: 'c2' })), ...missions('bob', 2));
    expect((await tried(soon({ group: 'all', parts: [held, atLeast(1)] }))).total).toBe(1);
  });
});

describe('a rule that ranks a cohort', () => {
  const half: Rule = ruleOf({
    decides: { mode: 'at-close', of: 'course' },
    criteria: { leaf: { keyword: 'cohort', selects: [{ type: 'AssignmentGraded' }, { type: 'Enrolled' }, { type: 'Withdrawn' }], settings: { by: { keyword: 'mean', selects: [{ type: 'AssignmentGraded' }], settings: { 'at-least': 0 } }, 'top-percent': 50 } } },
  });
  const graded = (learner: string, score: number): LearnerFactEvent => fact(learner, 'AssignmentGraded', day(5), { score, max: 100 });
  beforeEach(async () => {
    await school.record(graded('ann', 90), graded('ben', 80), graded('cat', 70), graded('dan', 60), graded('eve', 95), fact('eve', 'Withdrawn', day(6)));
    await school.record({ type: 'CourseOpened', id: 'open', source: 'lms', course: 'c1', time: START }, { type: 'CourseClosed', id: 'close', source: 'lms', course: 'c1', time: day(7) });
  });
  const who = ({ first }: Backtest): readonly string[] => first.map(({ learner }) => learner).sort();

  it('ranks everybody on record, as awarding would, whoever is asked about', async () => {
    expect(await tried(half)).toMatchObject({ earned: 0 }); // it is ranked once the time is there
    const result = await tried(half, { now: day(8) });
    expect([result.decided, who(result)]).toEqual([true, ['ann', 'ben']]);
    expect(who(await tried(half, { now: day(8), learners: ['ben', 'cat'] }))).toEqual(['ben']);
    await school.publish(half);
    let now = day(8);
    const worker = school.work({ now: () => now });
    await worker.caughtUp();
    now += 10_000;
    await worker.awarding.recordClosings(0);
    await worker.caughtUp();
    await worker.stop();
    expect(await active(['ann', 'ben', 'cat', 'dan', 'eve'])).toEqual(found(result));
  });

  it('holds what came after the ranking on record against that', async () => {
    await school.publish(half);
    const worker = school.work({ now: () => day(8) });
    await worker.caughtUp();
    await worker.awarding.recordClosings(0);
    await worker.caughtUp();
    await worker.stop();
    await school.record(graded('fay', 85), graded('gil', 79));
    expect(who(await tried(half, { now: day(9) }))).toEqual(['ann', 'ben', 'fay']);
  });
});

describe('a rule that decides when time has come', () => {
  it('is decided by the time of now, though no rule has had the log’s clock say so', async () => {
    const onDay5 = ruleOf({ criteria: atLeast(1), decides: { mode: 'at-close', of: { courseDay: 5 } } });
    await school.record({ type: 'CourseOpened', id: 'open', source: 'lms', course: 'c1', time: START }, ...missions('ann', 1));
    expect(await tried(onDay5, { now: day(5) })).toMatchObject({ decided: false, earned: 0 });
    expect(await tried(onDay5, { now: day(6) })).toMatchObject({ decided: true, earned: 1, first: [{ learner: 'ann', earnedAt: day(6) - 1 }] });
  });
});

describe('a long backtest', () => {
  beforeEach(async () => {
    await school.record(...Array.from({ length: 30 }, (_, i) => missions(`l${i}`, i)).flat());
  });

  it('says how far it is, and what it has come to so far', async () => {
    const progress: unknown[] = [];
    await school.record(...missions('l3', 50, 51), ...missions('l4', 50));
    await tried(soon(atLeast(2)), {}, { onProgress: (at) => progress.push(at) });
    expect(progress[0]).toEqual({ done: 0, total: 30, eligible: 0, earned: 0 });
    expect(progress.at(-1)).toEqual({ done: 30, total: 30, eligible: 30, earned: 2 });
  });

  it('can be ended, and then says that it is not complete and what was done', async () => {
    const stop = new AbortController();
    const roster = loggedRoster(store, school.tenant);
    const learners = async function* (course: string) {
      let count = 0;
      for await (const learner of roster.learners(course)) {
        if (++count === 11) stop.abort();
        yield learner;
      }
    };
    const result = await tried(soon(atLeast(1)), {}, { signal: stop.signal, roster: { ...roster, count: async () => 30, learners } });
    expect(result).toMatchObject({ complete: false, done: 10, total: 30, eligible: 10, earned: 10 });
    expect(await tried(soon(atLeast(1)), {}, { signal: AbortSignal.abort() })).toMatchObject({ complete: false, done: 0, total: 30, earned: 0, rate: null });
  });

  it('writes nothing', async () => {
    const head = await store.head();
    await tried(soon(atLeast(1)), { against: soon(atLeast(2)), backfill: { version: 2, hash: 'h' } });
    expect(await store.head()).toBe(head);
  });
});
