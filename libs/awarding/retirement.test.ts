import { day, leaf, mission, missions, retract, rule, schoolForEachTest, SOON } from './terms-under-test.js';

const tests = schoolForEachTest();

const states = async (...learners: readonly string[]): Promise<readonly string[]> =>
  Promise.all(learners.map(async (learner) => (await tests.school.awardOf(learner, 'b')).status));
const version = async (learner: string): Promise<number> => {
  const award = await tests.school.awardOf(learner, 'b');
  return award.status === 'none' ? 0 : award.rule.version;
};

describe('a rule that was retired', () => {
  it('grants nothing more, and its awards are still judged by it; across a restart', async () => {
    const [first, second] = [mission('m1', day(1)), mission('m2', day(2))];
    await tests.school.publish(rule(SOON));
    await tests.school.record(first, second);
    const worker = tests.work();
    await worker.caughtUp();
    await tests.school.retire('b');
    const bobs = [mission('m1', day(3), { learner: 'bob' }), mission('m2', day(4), { learner: 'bob' })];
    await tests.school.record(...bobs);
    await worker.caughtUp();
    expect(await states('ada', 'bob')).toEqual(['active', 'none']);
    await worker.stop();

    const again = tests.work();
    await tests.school.record(mission('m3', day(5), { learner: 'bob' }), retract(first));
    await again.caughtUp();
    expect(await states('ada', 'bob')).toEqual(['revoked', 'none']);
  });

  it('had its say about what came before, also where publication, facts and retirement are read at once', async () => {
    await tests.school.record(mission('m1', day(1)), mission('m2', day(2)));
    await tests.school.publish(rule(SOON));
    await tests.school.retire('b');
    await tests.school.record(mission('m1', day(3), { learner: 'bob' }), mission('m2', day(4), { learner: 'bob' }));
    await tests.work().caughtUp();
    expect(await states('ada', 'bob')).toEqual(['active', 'none']);
  });

  it('comes back as a version that decides from then on, or about the past too where it is published so', async () => {
    await tests.school.publish(rule(SOON));
    await tests.school.record(mission('m1', day(1)), mission('m2', day(2)));
    await tests.school.retire('b');
    await tests.school.record(mission('m1', day(3), { learner: 'bob' }), mission('m2', day(4), { learner: 'bob' }));
    const worker = tests.work();
    await tests.school.publish(rule(SOON));
    await worker.caughtUp();
    expect([await states('ada', 'bob'), await version('ada')]).toEqual([['active', 'none'], 1]);
    await tests.school.record(mission('m3', day(5), { learner: 'bob' }));
    await worker.caughtUp();
    expect([await states('bob'), await version('bob')]).toEqual([['active'], 2]);

    await tests.school.retire('b');
    await tests.school.record(mission('m1', day(6), { learner: 'cid' }), mission('m2', day(7), { learner: 'cid' }));
    await tests.school.publish(rule(SOON), { backfill: true });
    await worker.caughtUp();
    expect([await states('cid'), await version('ada'), await version('cid')]).toEqual([['active'], 3, 3]);
  });

  it('still counts for badges that ask for its badge', async () => {
    await tests.school.publish(rule(SOON, missions(1)));
    await tests.school.publish(rule(SOON, leaf('badges', { badge: ['b'] }), 'revoke', { badge: 'top', course: '' }));
    await tests.school.record(mission('m1', day(1)));
    await tests.work().caughtUp();
    await tests.school.retire('b');
    await tests.school.publish(rule(SOON, leaf('badges', { badge: ['b'] }), 'revoke', { badge: 'other', course: '' }));
    await tests.work().caughtUp();
    expect([(await tests.school.awardOf('ada', 'top')).status, (await tests.school.awardOf('ada', 'other')).status]).toEqual(['active', 'active']);
  });
});
