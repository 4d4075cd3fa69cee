import type { CorrectionPolicy } from '#domain/award.js';
import { awardId } from '#domain/ids.js';
import type { LearnerFactEvent } from '#domain/learning-event.js';
import type { Settings } from '#rules/criterion.js';
import type { Criterion, Rule } from '#rules/rule.js';
import { explain } from './explain.js';
import { DAY, day, HOLDS, leaf, mission, missions, opened, retract, rule, schoolForEachTest, SOON } from './terms-under-test.js';

const tests = schoolForEachTest();
const { work } = tests;

const badges = (settings: Settings): Criterion => leaf('badges', settings);
/** By a mission. */
const first = rule(SOON, missions(1), 'revoke', { badge: 'first' });
/** By the badge "first" and attendance. */
const second = (policy: CorrectionPolicy): Rule =>
  rule(SOON, { group: 'all', parts: [badges({ badge: ['first'] }), leaf('count', { 'at-least': 1 }, { type: 'AttendanceMarked' })] }, policy, { badge: 'second' });
const attended = (onDay: number): LearnerFactEvent => mission('s1', day(onDay), { type: 'AttendanceMarked', status: 'present' });
const history = async (badge: string): Promise<string[]> => (await tests.school.awardEvents('ada', badge)).map(({ type }) => type);
const awardOf = (badge: string): string => `award/${awardId(tests.school.tenant, 'ada', badge, '')}`;

describe.each([1, 1000])('a badge that asks for another, in batches of %s', (batchSize) => {
  it('is awarded in the catch-up in which the other one is, with it as evidence', async () => {
    await tests.school.publish(second('revoke'));
    await tests.school.publish(first);
    await tests.school.record(attended(0), mission('m1', day(1)));
    const worker = work({ batchSize });
    await worker.caughtUp();
    expect(await tests.school.awardEvents('ada', 'second')).toMatchObject([
      {
        type: 'BadgeAwarded', earnedAt: day(1), cause: { kind: 'award', events: [awardOf('first')] },
        verdict: { root: { parts: [{ criterion: 'badges', value: 1, needed: 1, unit: 'badges', evidence: [awardOf('first')] }, { met: true }] } },
      },
    ]);
  });

  it.each([
    ['keep', 'AwardKept', 'AwardAmended'],
    ['review', 'AwardSuspended', 'AwardReinstated'],
    ['revoke', 'AwardRevoked', 'AwardReinstated'],
  ] as const)('does as its own policy says when the other one is lost, and takes it back with it: %s', async (policy, lost, back) => {
    const worker = work({ batchSize, maxFacts: batchSize === 1 ? 0 : 1000 });
    await tests.school.publish(first);
    await tests.school.publish(second(policy));
    const only = mission('m1', day(1));
    await tests.school.record(only, attended(3));
    await worker.caughtUp();
    await tests.school.record(retract(only));
    await worker.caughtUp();
    await tests.school.record(mission('m2', day(4)));
    await worker.caughtUp();
    expect(await history('first')).toEqual(['BadgeAwarded', 'AwardRevoked', 'AwardReinstated']);
    expect(await tests.school.awardEvents('ada', 'second')).toMatchObject([
      { type: 'BadgeAwarded', earnedAt: day(3) },
      { type: lost, verdict: { met: false }, cause: { kind: 'award', events: [awardOf('first')] } },
      { type: back, earnedAt: day(4), cause: { kind: 'award', events: [awardOf('first')] } },
    ]);
  });
});

describe('a badge that asks for a level of others', () => {
  it('is given by one of that rank, and not by a lower one', async () => {
    const level = (badge: string, rank: number, tag: string): Rule => rule(SOON, missions(1, { tag }), 'revoke', { badge, design: { level: { of: 'sql', name: { en: badge }, rank } } });
    const worker = work();
    await tests.school.publish(rule(SOON, badges({ 'level-of': 'sql', 'from-rank': 2 })));
    await tests.school.publish(level('bronze', 1, 'easy'));
    await tests.school.publish(level('gold', 3, 'hard'));
    await tests.school.record(mission('m1', day(1), { tags: ['easy'] }));
    await worker.caughtUp();
    expect([await history('bronze'), await history('b')]).toEqual([['BadgeAwarded'], []]);
    await tests.school.record(mission('m2', day(2), { tags: ['hard'] }));
    await worker.caughtUp();
    expect(await tests.school.awardEvents('ada', 'b')).toMatchObject([{ earnedAt: day(2), verdict: { root: { evidence: [awardOf('gold')] } } }]);
  });
});

describe('a badge that belongs to no course', () => {
  const pathway = rule(SOON, badges({ badge: ['sql', 'viz'] }), 'revoke', { badge: 'analyst', course: '' });
  const inCourse = (badge: string): Rule => rule(SOON, missions(1), 'revoke', { badge, course: badge });

  it.each([
    ['before', 0],
    ['between', 1],
    ['after', 2],
  ])('rests on badges of several courses, published %s what it rests on', async (_when, at) => {
    const checkpoint = { position: await tests.store.head() };
    let worker = work({ checkpoint });
    await tests.school.publish(inCourse('sql'));
    await tests.school.publish(inCourse('viz'));
    const lost = mission('m2', day(2), { course: 'viz' });
    for (const [i, event] of [mission('m1', day(1), { course: 'sql' }), lost, mission('m1', day(1), { course: 'sql', learner: 'bob' })].entries()) {
      if (i === at) await tests.school.publish(pathway);
      await tests.school.record(event);
      await worker.caughtUp();
      await worker.stop();
      worker = work({ checkpoint, maxFacts: i });
    }
    await worker.caughtUp();
    expect(await tests.school.awardEvents('ada', 'analyst')).toMatchObject([{ type: 'BadgeAwarded', course: '', earnedAt: day(2), verdict: { root: { value: 2 } } }]);
    expect(await tests.school.awardEvents('bob', 'analyst')).toEqual([]);
    await tests.school.record(retract(lost));
    await worker.caughtUp();
    expect(await history('analyst')).toEqual(['BadgeAwarded', 'AwardRevoked']);
  });

  it('may wait for a person besides', async () => {
    const worker = work();
    await tests.school.publish(inCourse('sql'));
    await tests.school.publish(rule(SOON, { group: 'all', parts: [badges({ badge: ['sql'] }), leaf('approval', { by: 2 })] }, 'revoke', { course: '' }));
    const approved = (occurrence: string, onDay: number): LearnerFactEvent => mission('b', day(onDay), { type: 'ApprovalGiven', occurrence, course: '' });
    await tests.school.record(mission('m1', day(1), { course: 'sql' }), approved('kim', 2), approved('kim', 3));
    await worker.caughtUp();
    expect(await history('b')).toEqual([]);
    await tests.school.record(approved('lee', 4));
    await worker.caughtUp();
    expect(await tests.school.awardEvents('ada', 'b')).toMatchObject([{ earnedAt: day(4), cause: { kind: 'facts' } }]);
  });
});

describe('a badge that rests on nothing in a course', () => {
  it('awards, once its rule is published, what approvals of any course were given for', async () => {
    const worker = work();
    await tests.school.record(mission('b', day(1), { type: 'ApprovalGiven', occurrence: 'kim', course: 'x' }));
    await tests.school.publish(rule(SOON, leaf('approval', { by: 1 }), 'revoke', { course: '' }));
    await worker.caughtUp();
    expect(await history('b')).toEqual(['BadgeAwarded']);
  });
  it('is awarded by approvals in another course than its own', async () => {
    const worker = work();
    await tests.school.record(mission('b', day(1), { type: 'ApprovalGiven', occurrence: 'kim', course: 'x' }));
    await tests.school.publish(rule(SOON, leaf('approval', { by: 1 }), 'revoke'));
    await worker.caughtUp();
    expect(await history('b')).toEqual(['BadgeAwarded']);
  });
  it('is given by one that recurred in an earlier version', async () => {
    const worker = work();
    await tests.school.publish(rule(SOON, missions(1), 'revoke', { badge: 'first', recurs: { each: 'month' } }));
    await tests.school.record(opened(), mission('m', day(3)));
    await worker.caughtUp();
    await tests.school.publish(rule(SOON, missions(100), 'revoke', { badge: 'first' }));
    await tests.school.publish(rule(SOON, leaf('badges', { badge: ['first'] }), 'revoke', { badge: 'role', course: '' }));
    await worker.caughtUp();
    expect(await history('role')).toEqual(['BadgeAwarded']);
  });

  it.each(['retracted', 'moved'])('is given by one that is kept for a month whose facts were %s', async (how) => {
    const worker = work();
    const only = mission('m', day(3));
    await tests.school.publish(rule(SOON, missions(1), 'keep', { badge: 'first', recurs: { each: 'month' } }));
    await tests.school.record(opened(), only);
    await worker.caughtUp();
    await tests.school.record(how === 'retracted' ? retract(only) : { ...only, activity: 'other', time: day(50), version: day(50) });
    await tests.school.publish(rule(SOON, leaf('badges', { badge: ['first'] }), 'revoke', { badge: 'role', course: '' }));
    await worker.caughtUp();
    expect(await tests.school.awardEvents('ada', 'first', '2026-03')).toMatchObject([{ type: 'BadgeAwarded' }, { type: 'AwardKept' }]);
    expect((await tests.school.awardEvents('ada', 'role'))[0]).toMatchObject({ type: 'BadgeAwarded', earnedAt: day(3) });
    expect((await explain(tests.store, { tenant: tests.school.tenant, learner: 'ada', badge: 'role', now: 0 })).replay).toMatchObject({ same: true });
  });

  it('waits for the end of its hold without a course, over a restart', async () => {
    const checkpoint = { position: await tests.store.head() };
    let now = 0;
    let worker = work({ checkpoint, now: () => now });
    await tests.school.publish(rule(SOON, missions(1), 'revoke', { badge: 'first' }));
    await tests.school.publish(rule(SOON, leaf('badges', { badge: ['first'] }), 'revoke', { badge: 'role', course: '', hold: DAY }));
    await tests.school.record(opened(), mission('m', day(3)));
    await worker.caughtUp();
    await worker.stop();
    worker = work({ checkpoint, now: () => now });
    await worker.caughtUp();
    expect(await history('role')).toEqual([]);
    now = day(10);
    await worker.awarding.recordClosings(0);
    await worker.caughtUp();
    expect(await history('role')).toEqual(['BadgeAwarded']);
  });
});

describe('a badge of a course that another course’s badge can earn', () => {
  const elsewhere = rule(SOON, missions(1), 'revoke', { badge: 'first', course: 'd' });
  const either: Criterion = { group: 'any', parts: [badges({ badge: ['first'] }), missions(1)] };

  it.each(['before', 'after'])('is given to who did nothing in its course, published %s the other was earned', async (when) => {
    const worker = work({ batchSize: 1 });
    await tests.school.publish(elsewhere);
    if (when === 'before') await tests.school.publish(rule(SOON, either));
    await tests.school.record(mission('m', day(3), { course: 'd' }));
    await worker.caughtUp();
    if (when === 'after') await tests.school.publish(rule(SOON, either));
    await worker.caughtUp();
    expect(await tests.school.awardEvents('ada', 'b')).toMatchObject([{ type: 'BadgeAwarded', earnedAt: day(3) }]);
  });

  it('is judged by a version for the past, and ends in time over a restart', async () => {
    const checkpoint = { position: await tests.store.head() };
    let now = 0;
    let worker = work({ checkpoint, now: () => now });
    await tests.school.publish(elsewhere);
    await tests.school.publish(rule(SOON, either));
    await tests.school.record(opened(), mission('m', day(3), { course: 'd' }));
    await worker.caughtUp();
    await tests.school.publish(rule(SOON, either, 'revoke', { validity: { for: DAY, renewal: 'none' } }), { backfill: true });
    await worker.caughtUp();
    expect((await tests.school.awardOf('ada', 'b'))).toMatchObject({ status: 'active', rule: { version: 2 }, validUntil: day(4) });
    await worker.stop();
    worker = work({ checkpoint, now: () => now });
    await worker.caughtUp();
    now = day(10);
    await worker.awarding.recordClosings(0);
    await worker.caughtUp();
    expect(await history('b')).toEqual(['BadgeAwarded', 'AwardAmended', 'AwardExpired']);
  });
});

describe('badges that ask for each other', () => {
  const notHeld = (badge: string): Criterion => ({ group: 'not', parts: [badges({ badge: [badge] })] });
  const unless = (badge: string, other: string): Rule => rule(HOLDS, { group: 'all', parts: [missions(1), notHeld(other)] }, 'revoke', { badge });

  it('are decided once, by the rule that was published first', async () => {
    const worker = work({ batchSize: 1 });
    await tests.school.publish(unless('b', 'first'));
    await tests.school.publish(rule(HOLDS, badges({ badge: ['b'] }), 'revoke', { badge: 'first' }));
    await tests.school.record(mission('m', day(3)));
    await worker.caughtUp();
    expect([await history('b'), await history('first')]).toEqual([['BadgeAwarded'], []]);
  });

  it('in a version that is not the present one are left as they are', async () => {
    const worker = work({ batchSize: 1 });
    await tests.school.publish(unless('b', 'first'));
    await tests.school.record(mission('m', day(3)));
    await worker.caughtUp();
    await tests.school.publish(rule(HOLDS, missions(1), 'revoke', { badge: 'b' }));
    await tests.school.publish(rule(HOLDS, badges({ badge: ['b'] }), 'revoke', { badge: 'first' }));
    await worker.caughtUp();
    expect([await history('b'), await history('first')]).toEqual([['BadgeAwarded'], ['BadgeAwarded']]);
  });
});
