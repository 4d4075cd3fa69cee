import { awardId } from '#domain/ids.js';
import { explain } from './explain.js';
import { DAY, day, leaf, mission, missions, opened, retract, rule, schoolForEachTest, SOON, START } from './terms-under-test.js';
import type { Worker } from './awarding-under-test.js';

const tests = schoolForEachTest();
let now = 0;
beforeEach(() => (now = day(0)));
const work: typeof tests.work = (options) => tests.work({ now: () => now, ...options });
const history = async (learner = 'ada'): Promise<string[]> => (await tests.school.awardEvents(learner, 'b')).map(({ type }) => type);

/** Time passes: the clocks of the courses are put forward where something waits for that, and it is decided. */
const passTo = async (worker: Worker, time: number): Promise<void> => {
  now = time;
  await worker.caughtUp();
  // What is decided at one moment may wait for the next.
  while ((await worker.awarding.recordClosings(0)) > 0) await worker.caughtUp();
};

const HOUR = DAY / 24;

describe('an absence', () => {
  const untilDay5 = rule(SOON, leaf('absence', { 'until-course-day': 5 }, { type: 'LearnerFlagged' }));
  const deadline = day(6) - 1;

  it('is a badge at its deadline, by the passing of time alone', async () => {
    const worker = work();
    await tests.school.publish(untilDay5);
    await tests.school.record(opened(), mission('e', day(0), { type: 'Enrolled' }), mission('e', day(0), { type: 'Enrolled', learner: 'bob' }), mission('f', day(1), { type: 'LearnerFlagged', learner: 'bob' }));
    await passTo(worker, deadline - 1);
    expect([await history(), await history('bob')]).toEqual([[], []]);
    await passTo(worker, deadline);
    expect(await tests.school.awardEvents('ada', 'b')).toMatchObject([{ type: 'BadgeAwarded', earnedAt: deadline, cause: { kind: 'time', events: [] }, verdict: { asOf: deadline, root: { value: 0, met: true } } }]);
    await tests.school.record(mission('f6', day(6), { type: 'LearnerFlagged' }));
    await worker.caughtUp();
    expect(await history()).toEqual(['BadgeAwarded']);
    await tests.school.record(mission('f5', day(5), { type: 'LearnerFlagged' }));
    await worker.caughtUp();
    expect([await history(), await history('bob')]).toEqual([['BadgeAwarded', 'AwardRevoked'], []]);
  });

  it('is waited for also after a restart', async () => {
    const checkpoint = { position: await tests.store.head() };
    const before = work({ checkpoint });
    await tests.school.publish(untilDay5);
    await tests.school.record(opened(), mission('e', day(0), { type: 'Enrolled' }));
    await before.caughtUp();
    await before.stop();
    await passTo(work({ checkpoint }), day(9));
    expect(await history()).toEqual(['BadgeAwarded']);
  });

  it('runs for each learner from the enrolment', async () => {
    const worker = work();
    await tests.school.publish(rule(SOON, leaf('absence', { for: 3 * DAY }, { type: 'Withdrawn' })));
    await tests.school.record(mission('e', day(0), { type: 'Enrolled' }), mission('e', day(1), { type: 'Enrolled', learner: 'bob' }));
    await passTo(worker, day(3));
    expect([await history(), await history('bob')]).toEqual([['BadgeAwarded'], []]);
    await passTo(worker, day(4));
    expect(await tests.school.awardEvents('bob', 'b')).toMatchObject([{ earnedAt: day(4) }]);
  });
});

describe('a badge with a hold', () => {
  const held = rule(SOON, missions(2), 'revoke', { hold: 48 * HOUR });
  const second = mission('m2', day(2));

  it('is awarded when that is over', async () => {
    const worker = work();
    await tests.school.publish(held);
    await tests.school.record(mission('m1', day(1)), second);
    await passTo(worker, day(4) - 1);
    expect(await history()).toEqual([]);
    await passTo(worker, day(4));
    expect(await tests.school.awardEvents('ada', 'b')).toMatchObject([{ type: 'BadgeAwarded', earnedAt: day(2), cause: { kind: 'time' } }]);
    await tests.school.record(retract(second));
    await worker.caughtUp();
    expect(await history()).toEqual(['BadgeAwarded', 'AwardRevoked']);
  });

  it('leaves no trace where it is corrected meanwhile', async () => {
    const worker = work();
    await tests.school.publish(held);
    await tests.school.record(mission('m1', day(1)), second);
    await passTo(worker, day(3));
    await tests.school.record(retract(second));
    await passTo(worker, day(9));
    expect(await tests.school.awardLog()).toEqual([]);
    await tests.school.record(mission('m3', day(8)));
    await passTo(worker, day(10));
    expect(await tests.school.awardEvents('ada', 'b')).toMatchObject([{ type: 'BadgeAwarded', earnedAt: day(8) }]);
  });
});

describe('a badge that is valid for a time', () => {
  const forDays = (days: number, renewal: 'none' | 'earn-again') => rule(SOON, missions(1), 'revoke', { validity: { for: days * DAY, renewal } });

  it('expires by the clock, also after a restart', async () => {
    const checkpoint = { position: await tests.store.head() };
    const worker = work({ checkpoint });
    await tests.school.publish(forDays(10, 'none'));
    await tests.school.record(mission('m1', day(1)));
    await passTo(worker, day(11) - 1);
    expect(await tests.school.awardEvents('ada', 'b')).toMatchObject([{ type: 'BadgeAwarded', validUntil: day(11) }]);
    await worker.stop();
    const again = work({ checkpoint });
    await passTo(again, day(11));
    expect(await tests.school.awardEvents('ada', 'b')).toMatchObject([{}, { type: 'AwardExpired', cause: { kind: 'time' } }]);
    // what is earned once is not earned again
    await tests.school.record(mission('m2', day(12)));
    await passTo(again, day(99));
    expect(await history()).toEqual(['BadgeAwarded', 'AwardExpired']);
  });

  it.each([
    ['keep', ['BadgeAwarded', 'AwardKept', 'AwardExpired']],
    ['review', ['BadgeAwarded', 'AwardSuspended']],
  ] as const)('expires by the clock though the facts do not support it any more, while it is held: %s', async (policy, expected) => {
    const checkpoint = { position: await tests.store.head() };
    const only = mission('m1', day(1));
    const worker = work({ checkpoint });
    await tests.school.publish({ ...forDays(10, 'none'), whenCorrected: policy });
    await tests.school.record(only);
    await passTo(worker, day(5));
    await tests.school.record(retract(only));
    await passTo(worker, day(11) - 1);
    await worker.stop();
    await passTo(work({ checkpoint }), day(11));
    expect(await history()).toEqual(expected);
  });

  it('is renewed by what comes later, before it expires and afterwards', async () => {
    const worker = work();
    await tests.school.publish(forDays(10, 'earn-again'));
    await tests.school.record(mission('m1', day(1)));
    await passTo(worker, day(5));
    await tests.school.record(mission('m2', day(5)));
    await passTo(worker, day(15) - 1);
    expect(await tests.school.awardEvents('ada', 'b')).toMatchObject([
      { type: 'BadgeAwarded', earnedAt: day(1), validUntil: day(11) },
      { type: 'AwardRenewed', from: 'active', earnedAt: day(5), validUntil: day(15) },
    ]);
    await passTo(worker, day(15));
    expect(await history()).toEqual(['BadgeAwarded', 'AwardRenewed', 'AwardExpired']);
    await tests.school.record(mission('m3', day(20)));
    await passTo(worker, day(20));
    expect(await tests.school.awardEvents('ada', 'b')).toMatchObject([{}, {}, {}, { type: 'AwardRenewed', from: 'expired', earnedAt: day(20), validUntil: day(30) }]);
    await passTo(worker, day(31));
    expect((await history()).at(-1)).toBe('AwardExpired');
    const renews = async () => (await explain(tests.store, { tenant: tests.school.tenant, learner: 'ada', badge: 'b', now })).remaining;
    expect(await renews()).toMatchObject({ possible: true, steps: [{ amount: 1 }] });
  });
});

describe('a badge that recurs', () => {
  const monthly = rule(SOON, missions(2), 'revoke', { recurs: { each: 'month' } });
  const inMonth = async (period: string): Promise<string[]> => (await tests.school.awardEvents('ada', 'b', period)).map(({ type }) => type);

  it('is awarded once each month, each time with an award of its own', async () => {
    const worker = work();
    await tests.school.publish(monthly);
    const april = mission('m4', Date.UTC(2026, 3, 1));
    await tests.school.record(opened(), mission('m1', day(1)), mission('m2', day(2)), mission('m3', day(3)), april);
    await worker.caughtUp();
    expect([await inMonth('2026-03'), await inMonth('2026-04'), await inMonth('')]).toEqual([['BadgeAwarded'], [], []]);
    await tests.school.record(mission('m5', Date.UTC(2026, 3, 30, 23)));
    await worker.caughtUp();
    const [{ award, period, earnedAt } = { award: '', period: '', earnedAt: 0 }] = (await tests.school.awardEvents('ada', 'b', '2026-04')).flatMap((event) => (event.type === 'BadgeAwarded' ? [event] : []));
    expect({ award, period, earnedAt }).toEqual({ award: awardId(tests.school.tenant, 'ada', 'b', '2026-04'), period: '2026-04', earnedAt: Date.UTC(2026, 3, 30, 23) });
    await tests.school.record(retract(april));
    await worker.caughtUp();
    expect([await inMonth('2026-03'), await inMonth('2026-04')]).toEqual([['BadgeAwarded'], ['BadgeAwarded', 'AwardRevoked']]);
  });

  it('is decided for everybody where a rule is published late, in the months of the course’s time zone', async () => {
    const worker = work();
    const evening = Date.UTC(2026, 2, 31, 16); // 1 April in Seoul
    await tests.school.record(opened({ timezone: 'Asia/Seoul' }), mission('m1', day(1)), mission('m2', evening), mission('m3', evening + 1));
    await tests.school.publish(monthly);
    await worker.caughtUp();
    expect([await inMonth('2026-03'), await inMonth('2026-04')]).toEqual([[], ['BadgeAwarded']]);
  });

  it.each([1000, 0])('is judged again in a month that is empty since the time zone of the course was corrected, with %s facts in memory', async (maxFacts) => {
    const worker = work({ maxFacts });
    const evening = Date.UTC(2026, 2, 31, 16);
    await tests.school.publish(monthly);
    await tests.school.record(opened(), mission('m1', evening), mission('m2', evening + 1));
    await worker.caughtUp();
    expect([await inMonth('2026-03'), await inMonth('2026-04')]).toEqual([['BadgeAwarded'], []]);
    await tests.school.record(opened({ version: 2, timezone: 'Asia/Seoul' }));
    await worker.caughtUp();
    expect([await inMonth('2026-03'), await inMonth('2026-04')]).toEqual([['BadgeAwarded', 'AwardRevoked'], ['BadgeAwarded']]);
  });

  it('is judged again where what emptied its month comes right after the correction of the time zone', async () => {
    const evening = Date.UTC(2026, 2, 31, 16);
    const second = mission('m2', evening + 1);
    const first = mission('m1', evening);
    await tests.school.publish(monthly);
    await tests.school.record(opened(), first, second, opened({ version: 2, timezone: 'Asia/Seoul' }), retract(first), retract(second));
    await work().caughtUp();
    expect([await inMonth('2026-03'), await inMonth('2026-04')]).toEqual([['BadgeAwarded', 'AwardRevoked'], []]);
  });

  it('is judged again in a month without facts that count since the start of the course was corrected', async () => {
    const worker = work({ maxFacts: 0 });
    await tests.school.publish({ ...monthly, criteria: missions(2, { fromDay: 0, toDay: 5 }) });
    await tests.school.record(opened(), mission('m1', day(1)), mission('m2', day(2)));
    await worker.caughtUp();
    await tests.school.record(opened({ version: 2, start: day(20) }));
    await worker.caughtUp();
    expect(await inMonth('2026-03')).toEqual(['BadgeAwarded', 'AwardRevoked']);
  });

  it('may be decided when the month is over', async () => {
    const worker = work();
    await tests.school.publish({ ...monthly, decides: { mode: 'at-close', of: 'period' } });
    await tests.school.record(opened(), mission('m1', day(1)), mission('m2', day(2)));
    const end = Date.UTC(2026, 3, 1) - 1;
    await passTo(worker, end - 1);
    expect(await inMonth('2026-03')).toEqual([]);
    await passTo(worker, end);
    expect(await tests.school.awardEvents('ada', 'b', '2026-03')).toMatchObject([{ type: 'BadgeAwarded', earnedAt: end }]);
  });
});

describe('a version that is published for what happened before', () => {
  it('judges the awards of earlier versions, and grants anew', async () => {
    const worker = work();
    await tests.school.publish(rule(SOON, missions(1)));
    const bobs = [mission('m1', day(1), { learner: 'bob' }), mission('m2', day(2), { learner: 'bob' })];
    await tests.school.record(mission('m1', day(1)), ...bobs);
    await worker.caughtUp();
    await tests.school.publish(rule(SOON, missions(2)), { backfill: true });
    await worker.caughtUp();
    expect(await tests.school.awardEvents('ada', 'b')).toMatchObject([{ rule: { version: 1 } }, { type: 'AwardRevoked', rule: { version: 2 }, cause: { kind: 'rule' } }]);
    expect(await tests.school.awardEvents('bob', 'b')).toMatchObject([{ rule: { version: 1 }, earnedAt: day(1) }, { type: 'AwardAmended', rule: { version: 2 }, earnedAt: day(2) }]);
    await tests.school.publish(rule(SOON, missions(1, { toDate: START / DAY + 1 })), { backfill: true });
    await worker.caughtUp();
    expect((await tests.school.awardEvents('ada', 'b')).at(-1)).toMatchObject({ type: 'AwardReinstated', rule: { version: 3 }, earnedAt: day(1) });
  });
});

it('brings what has expired back where a version for the past has no validity', async () => {
  const worker = work();
  await tests.school.publish(rule(SOON, missions(1), 'revoke', { validity: { for: DAY, renewal: 'none' } }));
  await tests.school.record(opened(), mission('m', day(3)));
  await worker.caughtUp();
  now = day(10);
  await worker.awarding.recordClosings(0);
  await worker.caughtUp();
  expect(await history()).toEqual(['BadgeAwarded', 'AwardExpired']);
  await tests.school.publish(rule(SOON, missions(1), 'revoke'), { backfill: true });
  await worker.caughtUp();
  expect((await tests.school.awardOf('ada', 'b')).status).toBe('active');
});
