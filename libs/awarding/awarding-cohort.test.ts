import { cohortStream } from '#domain/streams.js';
import type { CohortRanked } from '#domain/log-event.js';
import type { LearnerFactEvent } from '#domain/learning-event.js';
import { toNewEvent } from '#event-store/execute.js';
import type { EventStore } from '#event-store/event-store.js';
import { cohortsOf } from '#rules/cohort.js';
import { cohortKey, rankedAtClose } from '#rules/criteria/cohort.js';
import { AT_END, closed, DAY, day, leaf, mission, missions, opened, retract, rule, schoolForEachTest } from './terms-under-test.js';

const tests = schoolForEachTest();
let now = 0;
beforeEach(() => (now = day(0)));
const work: typeof tests.work = (options) => tests.work({ now: () => now, ...options });

/** The better half, by the mean of the grades. */
const half = rule(AT_END, leaf('cohort', { by: { keyword: 'mean', selects: [{ type: 'AssignmentGraded' }], settings: { 'at-least': 0 } }, 'top-percent': 50 }));
const [cohort = ''] = cohortsOf(half).map(cohortKey);

const graded = (learner: string, score: number, values: Partial<LearnerFactEvent> = {}): LearnerFactEvent =>
  mission('exam', day(5), { type: 'AssignmentGraded', learner, score, max: 100, ...values });
const scores = { ann: 90, ben: 80, cat: 70, dan: 60, eve: 95 };
const term = [opened(), ...Object.entries(scores).map(([learner, score]) => graded(learner, score)), mission('w', day(6), { type: 'Withdrawn', learner: 'eve' })];

/** Who holds the badge now. */
const holders = async (): Promise<string[]> => {
  const held: string[] = [];
  for (const learner of [...Object.keys(scores), 'new']) if ((await tests.school.awardOf(learner, 'b')).status === 'active') held.push(learner);
  return held;
};

describe('a cohort', () => {
  it('is ranked once, when its course is over and nothing more comes, without those who are left out', async () => {
    const worker = work();
    await tests.school.publish(half);
    await tests.school.record(...term, closed);
    await worker.caughtUp();
    expect(await worker.awarding.recordClosings(0)).toBe(0); // its last day is still to come
    now = day(60);
    await tests.school.record(graded('dan', 60));
    await worker.caughtUp();
    expect(await worker.awarding.recordClosings(1000)).toBe(0); // something has just come
    now += 1000;
    expect(await worker.awarding.recordClosings(1000)).toBe(1);
    await worker.caughtUp();
    expect(await tests.school.rankings('c')).toEqual([{ type: 'CohortRanked', course: 'c', cohort, at: day(60), size: 4, cutoff: 80 }]);
    expect(await holders()).toEqual(['ann', 'ben']);
    expect(await tests.school.awardEvents('ben', 'b')).toMatchObject([
      { earnedAt: day(60), cause: { kind: 'course', reason: 'everybody in the course was ranked' }, verdict: { root: { criterion: 'cohort', value: 80, needed: 80 } } },
    ]);
    expect(await worker.awarding.recordClosings(0)).toBe(0);
  });

  it('holds late facts and corrections against what was settled', async () => {
    const worker = work();
    await tests.school.publish(half);
    const bens = graded('ben', 80);
    await tests.school.record(...term.filter((event) => !('learner' in event && event.learner === 'ben')), bens, closed);
    now = day(61);
    await worker.caughtUp();
    await worker.awarding.recordClosings(0);
    await worker.caughtUp();
    expect(await holders()).toEqual(['ann', 'ben']);
    await tests.school.record(
      retract(bens, { type: 'FactReplaced', learner: 'ben', changes: { score: 79 } }),
      graded('dan', 100, { activity: 'second exam' }), // 80 on average
      graded('new', 79.99),
    );
    await worker.caughtUp();
    expect(await holders()).toEqual(['ann', 'dan']);
    expect((await tests.school.awardEvents('ben', 'b')).map(({ type }) => type)).toEqual(['BadgeAwarded', 'AwardRevoked']);
    expect(await tests.school.rankings('c')).toHaveLength(1);
  });

  it('is ranked at the end of a course day, where its rule decides then', async () => {
    const worker = work();
    await tests.school.publish({ ...half, decides: { mode: 'at-close', of: { courseDay: 10 } } });
    await tests.school.record(...term);
    now = day(11);
    await worker.caughtUp();
    await worker.awarding.recordClosings(0);
    await worker.caughtUp();
    expect(await tests.school.rankings('c')).toMatchObject([{ at: day(11) - 1, cutoff: 80 }]);
    expect(await holders()).toEqual(['ann', 'ben']);
  });

  it('is ranked by a rule that is published when all is over', async () => {
    const worker = work();
    await tests.school.publish({ ...half, badge: 'other', decides: { mode: 'at-close', of: { courseDay: 70 } } });
    await tests.school.record(...term, closed);
    now = day(80);
    await worker.caughtUp();
    await worker.awarding.recordClosings(0);
    await worker.caughtUp();
    await tests.school.publish({ ...half, criteria: leaf('cohort', { by: { keyword: 'mean', selects: [{ type: 'AssignmentGraded' }], settings: { 'at-least': 0 } }, rank: 1 }) });
    await worker.caughtUp();
    expect(await tests.school.rankings('c')).toMatchObject([{ cutoff: 80 }, { cutoff: 90 }]);
    expect(await holders()).toEqual(['ann']);
  });

  it('without anybody has nobody in it, ever', async () => {
    const worker = work();
    await tests.school.publish(half);
    await tests.school.record(opened(), closed);
    now = day(61);
    await worker.caughtUp();
    await worker.awarding.recordClosings(0);
    await worker.caughtUp();
    expect(await tests.school.rankings('c')).toMatchObject([{ size: 0, cutoff: null }]);
    await tests.school.record(graded('ann', 100));
    await worker.caughtUp();
    expect(await holders()).toEqual([]);
  });

  it.each([1, 1000])('is not ranked again from any older checkpoint, in batches of %s', async (batchSize) => {
    const start = await tests.store.head();
    const checkpoint = { position: start };
    const worker = work({ checkpoint });
    await tests.school.publish(half);
    await tests.school.record(...term, closed);
    now = day(61);
    await worker.caughtUp();
    await worker.awarding.recordClosings(0);
    await worker.caughtUp();
    await tests.school.record(graded('dan', 100, { activity: 'second exam' }));
    await worker.caughtUp();
    await worker.stop();
    const head = await tests.store.head();
    for (let position = checkpoint.position; position >= start; position--) {
      const again = work({ checkpoint: { position }, batchSize, maxFacts: position % 3 });
      await again.caughtUp();
      await again.stop();
      expect(await tests.store.head()).toBe(head);
    }
    expect(await holders()).toEqual(['ann', 'ben', 'dan']);
  });

  it('is left to another worker that has ranked it first', async () => {
    const store: EventStore = {
      append: async (appends) => {
        const stream = cohortStream(tests.school.tenant, 'c');
        if (appends.some((append) => append.stream === stream)) {
          const theirs: CohortRanked = { type: 'CohortRanked', course: 'c', cohort, at: day(60), size: 1, cutoff: 90 };
          await tests.store.append([{ stream, expected: 'no-stream', events: [toNewEvent(theirs, '00000000-0000-4000-8000-000000000001')] }]);
        }
        return tests.store.append(appends);
      },
      readStream: (stream, options) => tests.store.readStream(stream, options),
      readAll: (options) => tests.store.readAll(options),
      subscribe: (options) => tests.store.subscribe(options),
      head: () => tests.store.head(),
      health: () => tests.store.health(),
      close: () => tests.store.close(),
    };
    const worker = work({ store });
    await tests.school.publish(half);
    await tests.school.record(...term, closed);
    now = day(60) + DAY;
    await worker.caughtUp();
    await worker.awarding.recordClosings(0);
    await worker.caughtUp();
    expect(await tests.school.rankings('c')).toMatchObject([{ cutoff: 90 }]);
    expect(await holders()).toEqual(['ann']);
  });
});

const atDay20 = { mode: 'at-close', of: { courseDay: 20 } } as const;
const historyOf = async (learner: string, badge = 'b'): Promise<string[]> => (await tests.school.awardEvents(learner, badge)).map(({ type }) => type);

describe('the close of a cohort', () => {
  it('is another one at another close, whatever else is the same', async () => {
    const worker = work();
    await tests.school.publish(rule(atDay20, rankedAtClose(half.criteria, atDay20), 'revoke', { badge: 'mid' }));
    await tests.school.publish(rule(AT_END, half.criteria, 'revoke', { badge: 'end' }));
    await tests.school.record(opened(), graded('ann', 50), graded('ben', 40));
    await worker.caughtUp();
    now = day(30);
    await worker.awarding.recordClosings(0);
    await worker.caughtUp();
    await tests.school.record(graded('ben', 100, { activity: 'final', time: day(40) }), graded('ann', 70, { activity: 'final', time: day(40) }), closed);
    await worker.caughtUp();
    now = day(61);
    await worker.awarding.recordClosings(0);
    await worker.caughtUp();
    expect([await historyOf('ann', 'end'), await historyOf('ben', 'end')]).toEqual([[], ['BadgeAwarded']]);
  });
  it('decides nothing before it is ranked, nor does what must not be in it', async () => {
    const worker = work();
    await tests.school.publish(rule(AT_END, { group: 'all', parts: [missions(1), { group: 'not', parts: [half.criteria] }] }, 'keep'));
    await tests.school.record(opened(), graded('ada', 50), graded('ben', 40), mission('m', day(3)), mission('m', day(3), { learner: 'ben' }), closed);
    await worker.caughtUp();
    now = day(61);
    await worker.awarding.recordClosings(0);
    await worker.caughtUp();
    expect([await historyOf('ada'), await historyOf('ben')]).toEqual([[], ['BadgeAwarded']]);
  });
  it.each([1, 1000])('is ranked on the log up to its close, in batches of %s', async (batchSize) => {
    await tests.school.publish(half);
    await tests.school.record(opened(), graded('ann', 50), graded('ben', 40), closed);
    await tests.school.reachClosingTime({ type: 'ClosingTimeReached', course: 'c', at: day(60) });
    await tests.school.record(graded('cat', 90), graded('dan', 80));
    const worker = work({ batchSize });
    await worker.caughtUp();
    expect(await tests.school.rankings('c')).toMatchObject([{ size: 2, cutoff: 50 }]);
  });

  it('is ranked by the one worker of several that leads, and decided by each for its own learners', async () => {
    const leader = work({ owns: (_tenant, learner) => learner < 'c' });
    const other = work({ owns: (_tenant, learner) => learner >= 'c', leads: false });
    await tests.school.publish(half);
    await tests.school.record(...term, closed);
    now = day(61);
    await other.caughtUp();
    expect(await other.awarding.recordClosings(0)).toBe(0);
    await leader.caughtUp();
    expect(await leader.awarding.recordClosings(0)).toBe(1);
    for (const worker of [leader, other, leader]) await worker.caughtUp();
    expect(await tests.school.rankings('c')).toMatchObject([{ size: 4, cutoff: 80 }]);
    expect(await holders()).toEqual(['ann', 'ben']);
    await tests.school.record(graded('cat', 99, { id: 'better', version: 2 }));
    await leader.caughtUp();
    await other.caughtUp();
    expect(await holders()).toContain('cat');
  });
});
