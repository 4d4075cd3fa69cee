import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { ProofmarkError } from '#domain/errors.js';
import type { LearningEvent } from '#domain/learning-event.js';
import { learnerStream } from '#domain/streams.js';
import type { EventStore } from '#event-store/event-store.js';
import { referenceOutcome, verdictOf } from '#rules/evaluate.js';
import { correction, factEvent } from '#rules/arbitraries/histories.js';
import { rule as anyRule } from '#rules/arbitraries/rules.js';
import { learnerContext } from '#rules/circumstances.js';
import type { Decides } from '#rules/rule.js';
import type { Checkpoint, WorkerOptions } from './awarding-under-test.js';
import { AT_END, closed, DAY, day, HOLDS, leaf, mission, missions, notWithdrawn, opened, retract, rule, schoolForEachTest, SOON, START } from './terms-under-test.js';

const tests = schoolForEachTest();
const { work } = tests;
const ON_DAY_10: Decides = { mode: 'at-close', of: { courseDay: 10 } };
const END_OF_DAY_10 = day(11) - 1;

const history = async (learner = 'ada'): Promise<string[]> => (await tests.school.awardEvents(learner, 'b')).map(({ type }) => type);

describe('a badge that is earned as soon as its rule is met', () => {
  it('is awarded with its date, trace, evidence and cause', async () => {
    const worker = work({ now: () => 77 });
    await tests.school.publish(rule(SOON));
    const [first, second, third] = [mission('m1', day(1)), mission('m2', day(2)), mission('m3', day(3))];
    const enrolled = mission('e', day(0), { type: 'Enrolled' });
    await tests.school.record(enrolled, first);
    await worker.caughtUp();
    expect(await history()).toEqual([]);
    await tests.school.record(second);
    await worker.caughtUp();
    await tests.school.record(third);
    await worker.caughtUp();
    const evidence = [`lms/${first.id}`, `lms/${second.id}`];
    expect(await tests.school.awardEvents('ada', 'b')).toEqual([
      {
        type: 'BadgeAwarded', award: expect.stringMatching(/^[0-9a-z]{26}$/) as string, tenant: tests.school.tenant, learner: 'ada', badge: 'b', course: 'c', period: '',
        rule: { badge: 'b', version: 1, hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
        earnedAt: day(2), decidedAt: 77, startedAt: day(0),
        verdict: {
          met: true, decided: true, asOf: day(2),
          root: { criterion: 'count', path: 'count', met: true, value: 2, needed: 2, unit: 'count', evidence },
        },
        cause: { kind: 'facts', events: [`lms/${second.id}`], reason: expect.any(String) as string }, basis: expect.any(Number) as number,
      },
    ]);
  });

  it('is dated earlier when earlier facts arrive late, and says why', async () => {
    const worker = work();
    await tests.school.publish(rule(SOON));
    await tests.school.record(mission('m1', day(5)), mission('m2', day(6)));
    await worker.caughtUp();
    const late = mission('m3', day(1));
    await tests.school.record(late);
    await worker.caughtUp();
    expect(await tests.school.awardEvents('ada', 'b')).toMatchObject([
      { type: 'BadgeAwarded', earnedAt: day(6) },
      { type: 'AwardAmended', earnedAt: day(5), verdict: { asOf: day(5) }, cause: { kind: 'facts', events: [`lms/${late.id}`] } },
    ]);
  });

  it('is amended when a late fact of the very moment at which it was earned counts too', async () => {
    const worker = work();
    await tests.school.publish(rule(SOON));
    await tests.school.record(mission('m1', day(1)), mission('m2', day(2)));
    await worker.caughtUp();
    await tests.school.record(mission('m3', day(2)));
    await worker.caughtUp();
    expect(await tests.school.awardEvents('ada', 'b')).toMatchObject([
      { type: 'BadgeAwarded', earnedAt: day(2), verdict: { root: { value: 2 } } },
      { type: 'AwardAmended', earnedAt: day(2), verdict: { root: { value: 3 } } },
    ]);
  });

  it('stays although the criteria stop to hold later', async () => {
    const worker = work();
    await tests.school.publish(rule(SOON, { group: 'all', parts: [missions(2), notWithdrawn] }));
    await tests.school.record(mission('m1', day(1)), mission('m2', day(2)), mission('w', day(3), { type: 'Withdrawn' }));
    await worker.caughtUp();
    expect(await history()).toEqual(['BadgeAwarded']);
  });

  it('goes by the corrected values, also where the correction is there before its target', async () => {
    const worker = work();
    await tests.school.publish(rule(SOON, missions(1, { tag: 'team' })));
    const [first, second] = [mission('m1', day(1), { tags: ['team'] }), mission('m2', day(2), { tags: ['team'] })];
    await tests.school.record(retract(first), { ...retract(second), type: 'FactReplaced', changes: { time: day(4) } }, first);
    await worker.caughtUp();
    expect(await history()).toEqual([]);
    await tests.school.record(second);
    await worker.caughtUp();
    expect(await tests.school.awardEvents('ada', 'b')).toMatchObject([{ type: 'BadgeAwarded', earnedAt: day(4), verdict: { root: { evidence: [`lms/${second.id}`] } } }]);
  });
});

describe('a badge that is held while its rule is met', () => {
  it.each([
    ['keep', 'AwardKept', 'active'],
    ['review', 'AwardSuspended', 'suspended'],
    ['revoke', 'AwardRevoked', 'revoked'],
  ] as const)('is lost as its policy says: %s', async (policy, type, status) => {
    const worker = work();
    await tests.school.publish(rule(HOLDS, { group: 'all', parts: [missions(2), notWithdrawn] }, policy));
    await tests.school.record(mission('m1', day(1)), mission('m2', day(2)));
    await worker.caughtUp();
    const withdrawal = mission('w', day(3), { type: 'Withdrawn' });
    await tests.school.record(withdrawal);
    await worker.caughtUp();
    expect(await tests.school.awardEvents('ada', 'b')).toMatchObject([
      { type: 'BadgeAwarded', earnedAt: day(2) },
      { type, verdict: { met: false, root: { parts: [{ met: true }, { met: false, evidence: [`lms/${withdrawal.id}`] }] } }, cause: { kind: 'facts', events: [`lms/${withdrawal.id}`] } },
    ]);
    expect(await tests.school.awardOf('ada', 'b')).toMatchObject({ status });
  });
});

describe('a badge that is decided at the close', () => {
  it('of the course is decided when the course closes, on all facts', async () => {
    const worker = work();
    await tests.school.publish(rule(AT_END, { group: 'all', parts: [missions(2), notWithdrawn] }));
    await tests.school.record(opened(), mission('m1', day(1)), mission('m2', day(2)));
    await tests.school.record(...['m1', 'm2', 'w'].map((name, i) => mission(name, day(i), { learner: 'bob', ...(name === 'w' && { type: 'Withdrawn' }) })));
    await worker.caughtUp();
    expect([await history(), await history('bob')]).toEqual([[], []]);
    await tests.school.record(closed);
    await worker.caughtUp();
    expect(await tests.school.awardEvents('ada', 'b')).toMatchObject([{ type: 'BadgeAwarded', earnedAt: day(60), cause: { kind: 'course', events: ['lms/close'] } }]);
    expect(await history('bob')).toEqual([]);
    await tests.school.record(mission('w', day(3), { type: 'Withdrawn' }));
    await worker.caughtUp();
    expect(await history()).toEqual(['BadgeAwarded', 'AwardRevoked']);
  });

  it('of a course that turns out not to be closed is withdrawn, and given again when it closes', async () => {
    const worker = work();
    await tests.school.publish(rule(AT_END));
    await tests.school.record(opened(), mission('m1', day(1)), mission('m2', day(2)), closed);
    await worker.caughtUp();
    await tests.school.record({ type: 'FactRetracted', id: 'reopen', source: 'lms', target: 'close', course: 'c' });
    await worker.caughtUp();
    await tests.school.record({ ...closed, id: 'close again', time: day(70) });
    await worker.caughtUp();
    expect(await tests.school.awardEvents('ada', 'b')).toMatchObject([
      { type: 'BadgeAwarded', earnedAt: day(60) },
      { type: 'AwardRevoked', verdict: { decided: false }, cause: { kind: 'course', events: ['lms/reopen'] } },
      { type: 'AwardReinstated', earnedAt: day(70), cause: { kind: 'course', events: ['lms/close again'] } },
    ]);
  });

  it('of a course day is decided once the clock has passed it and the course is quiet', async () => {
    let now = END_OF_DAY_10 - 1;
    const worker = work({ now: () => now });
    await tests.school.publish(rule(ON_DAY_10));
    await tests.school.record(opened(), mission('m1', day(1)), mission('m2', day(12)));
    await worker.caughtUp();
    expect(await worker.awarding.recordClosings(0)).toBe(0);
    now = END_OF_DAY_10;
    expect(await worker.awarding.recordClosings(1000)).toBe(0);
    now += 1000;
    expect(await worker.awarding.recordClosings(1000)).toBe(1);
    await worker.caughtUp();
    expect(await worker.awarding.recordClosings(0)).toBe(0);
    expect(await tests.school.contextOf('c')).toMatchObject({ clock: END_OF_DAY_10 });
    expect(await tests.school.awardEvents('ada', 'b')).toMatchObject([
      { type: 'BadgeAwarded', earnedAt: END_OF_DAY_10, cause: { kind: 'course', events: [] } },
    ]);
    await tests.school.record(mission('m1', day(3), { learner: 'bob' }), mission('m2', day(3), { learner: 'bob' }));
    await worker.caughtUp();
    expect(await history('bob')).toEqual(['BadgeAwarded']);
  });

  it('is not decided while the log is still being read, however late it is', async () => {
    const checkpoint = { position: await tests.store.head() };
    const worker = work({ checkpoint });
    await tests.school.publish(rule(ON_DAY_10, { group: 'all', parts: [missions(2), notWithdrawn] }));
    await tests.school.record(opened(), mission('m1', day(1)));
    await worker.caughtUp();
    await worker.stop();
    await tests.school.record(mission('m2', day(2)), mission('m3', day(2)), mission('w', day(3), { type: 'Withdrawn' }));
    // As after a long stop: asked before it has taken in what came meanwhile.
    const asked: number[] = [];
    const again = work({
      checkpoint,
      now: () => day(99),
      batchSize: 1,
      beforeSave: async () => void (asked.length < 2 && asked.push(await again.awarding.recordClosings(0))),
    });
    await again.caughtUp();
    expect(asked).toEqual([0, 0]);
    expect(await again.awarding.recordClosings(0)).toBe(1);
    await again.caughtUp();
    expect(await history()).toEqual([]);
  });
});

describe('corrected facts', () => {
  it.each([
    ['keep', 'AwardKept', 'AwardAmended'],
    ['review', 'AwardSuspended', 'AwardReinstated'],
    ['revoke', 'AwardRevoked', 'AwardReinstated'],
  ] as const)('take an award as its policy says and give it back: %s', async (policy, lost, found) => {
    const worker = work();
    await tests.school.publish(rule(SOON, missions(2), policy));
    const [first, second, third] = [mission('m1', day(1)), mission('m2', day(2)), mission('m3', day(3))];
    await tests.school.record(first, second);
    await worker.caughtUp();
    const correction = retract(second);
    await tests.school.record(correction);
    await worker.caughtUp();
    await tests.school.record(third);
    await worker.caughtUp();
    expect(await tests.school.awardEvents('ada', 'b')).toMatchObject([
      { type: 'BadgeAwarded', earnedAt: day(2) },
      { type: lost, cause: { kind: 'correction', events: [`lms/${correction.id}`] }, verdict: { met: false, root: { value: 1, evidence: [`lms/${first.id}`] } } },
      { type: found, cause: { kind: 'facts', events: [`lms/${third.id}`] }, earnedAt: day(3), verdict: { met: true } },
    ]);
  });

  it('name the event that changed things also after a restart', async () => {
    const checkpoint = { position: 0 };
    const first = work({ checkpoint });
    await tests.school.publish(rule(SOON));
    const [m1, m2] = [mission('m1', day(1)), mission('m2', day(2))];
    await tests.school.record(m1, m2);
    await first.caughtUp();
    await first.stop();
    const [harmless, correction] = [mission('m9', day(9), { learner: 'ada' }), retract(m2)];
    await tests.school.record(harmless, correction, retract(harmless));
    const second = work({ checkpoint });
    await second.caughtUp();
    const events = await tests.school.awardEvents('ada', 'b');
    expect(events.map(({ type }) => type)).toEqual(['BadgeAwarded', 'AwardRevoked']);
    expect(events[1]?.cause).toMatchObject({ kind: 'correction' });
    expect(events[1]?.cause.events).toContain(`lms/${correction.id}`);
  });

  it('that move a fact to a course without a rule take the award', async () => {
    const worker = work();
    await tests.school.publish(rule(SOON));
    const first = mission('m1', day(1), { version: 1 });
    await tests.school.record(first, mission('m2', day(2)));
    await worker.caughtUp();
    await tests.school.record({ ...first, version: 2, course: 'elsewhere' });
    await worker.caughtUp();
    expect(await history()).toEqual(['BadgeAwarded', 'AwardRevoked']);
  });
});

describe('rules', () => {
  it('award what was earned before they were published', async () => {
    const worker = work();
    await tests.school.record(mission('m1', day(1)), mission('m2', day(2)), mission('m1', day(1), { learner: 'bob' }));
    await tests.school.publish(rule(SOON));
    await worker.caughtUp();
    expect(await tests.school.awardEvents('ada', 'b')).toMatchObject([{ type: 'BadgeAwarded', earnedAt: day(2), cause: { kind: 'rule' } }]);
    expect(await history('bob')).toEqual([]);
  });

  it('of a second version decide from then on; awards stay with the version that granted them', async () => {
    const worker = work();
    await tests.school.publish(rule(SOON, missions(2)));
    const adas = [mission('m1', day(1)), mission('m2', day(2))] as const;
    const bobs = [mission('m1', day(1), { learner: 'bob' }), mission('m2', day(2), { learner: 'bob' })] as const;
    await tests.school.record(...adas, bobs[0]);
    await worker.caughtUp();
    await tests.school.publish(rule(SOON, missions(3)));
    await worker.caughtUp();
    await tests.school.record(bobs[1]);
    await worker.caughtUp();
    expect([await history(), await history('bob')]).toEqual([['BadgeAwarded'], []]);
    await tests.school.record(mission('m3', day(3), { learner: 'bob' }));
    await worker.caughtUp();
    expect(await tests.school.awardEvents('bob', 'b')).toMatchObject([{ rule: { version: 2 }, earnedAt: day(3) }]);
    await tests.school.record(mission('m4', day(4)), retract(adas[0]), retract(bobs[0], { learner: 'bob' }));
    await worker.caughtUp();
    // ada has two missions again, which her version asks for; bob two of the three that his does
    expect(await history()).toEqual(['BadgeAwarded', 'AwardAmended']);
    expect(await history('bob')).toEqual(['BadgeAwarded', 'AwardRevoked']);
  });

  it('of a second version do not grant by publication alone', async () => {
    const worker = work();
    await tests.school.publish(rule(SOON, missions(3)));
    await tests.school.record(mission('m1', day(1)), mission('m2', day(2)));
    await tests.school.publish(rule(SOON, missions(2)));
    await worker.caughtUp();
    expect(await history()).toEqual([]);
    await tests.school.record(mission('m3', day(3)));
    await worker.caughtUp();
    expect(await tests.school.awardEvents('ada', 'b')).toMatchObject([{ rule: { version: 2 }, earnedAt: day(2) }]);
  });

  it('of a second version grant at the next event that the rule looks at, though that one counts for nothing', async () => {
    const worker = work();
    const different = (many: number) => leaf('count', { 'at-least': many, distinct: 'activity' }, { type: 'MissionCompleted' });
    await tests.school.publish(rule(SOON, different(3)));
    await tests.school.record(mission('m1', day(1)), mission('m2', day(2)));
    await tests.school.publish(rule(SOON, different(2)));
    await worker.caughtUp();
    await tests.school.record(mission('m1', day(3)));
    await worker.caughtUp();
    expect(await tests.school.awardEvents('ada', 'b')).toMatchObject([{ rule: { version: 2 }, earnedAt: day(2) }]);
  });

  it.each([
    ['looks at other facts', { type: 'AttendanceMarked' }, 'c'],
    ['is about another course', {}, 'elsewhere'],
  ] as const)('still judge their awards where the version after them %s', async (_what, select, course) => {
    const worker = work();
    await tests.school.publish(rule(SOON, missions(2)));
    const first = mission('m1', day(1));
    await tests.school.record(first, mission('m2', day(2)));
    await tests.school.publish({ ...rule(SOON, missions(1, select)), course });
    await worker.caughtUp();
    await tests.school.record(retract(first, { course: 'c' }));
    await worker.caughtUp();
    expect(await history()).toEqual(['BadgeAwarded', 'AwardRevoked']);
    await tests.school.record(mission('m3', day(3)));
    await worker.caughtUp();
    expect(await history()).toEqual(['BadgeAwarded', 'AwardRevoked', 'AwardReinstated']);
  });
});

describe('a course whose calendar is corrected', () => {
  it('is counted anew', async () => {
    const worker = work();
    await tests.school.publish(rule(HOLDS, missions(2, { fromDay: 0, toDay: 5 })));
    const HOUR = DAY / 24;
    await tests.school.record(mission('m1', day(1) + HOUR), mission('m2', day(6) + 12 * HOUR));
    await worker.caughtUp();
    expect(await history()).toEqual([]); // nobody knows yet which days these are
    await tests.school.record(opened());
    await worker.caughtUp();
    expect(await history()).toEqual([]);
    await tests.school.record(opened({ version: 2, start: day(1) }));
    await worker.caughtUp();
    expect(await tests.school.awardEvents('ada', 'b')).toMatchObject([
      { type: 'BadgeAwarded', earnedAt: day(6) + 12 * HOUR, cause: { kind: 'course', events: ['lms/open'] } },
    ]);
    // In New York it was still the evening of the day before, so the second one is a day too late.
    await tests.school.record({ type: 'FactReplaced', id: 'zone', source: 'lms', target: 'open', course: 'c', changes: { timezone: 'America/New_York' } });
    await worker.caughtUp();
    expect(await tests.school.awardEvents('ada', 'b')).toMatchObject([
      { type: 'BadgeAwarded' },
      { type: 'AwardRevoked', verdict: { root: { value: 1 } }, cause: { kind: 'course', events: ['lms/zone'] } },
    ]);
    await tests.school.record(mission('m3', day(5)));
    await worker.caughtUp();
    expect(await history()).toEqual(['BadgeAwarded', 'AwardRevoked', 'AwardReinstated']);
  });

  it('leaves to the facts before it what they decided', async () => {
    await tests.school.publish(rule(HOLDS, missions(2, { fromDay: 0, toDay: 5 })));
    const second = mission('m2', day(2));
    await tests.school.record(opened(), mission('m1', day(1)), second, opened({ version: 2, start: day(2) }));
    const worker = work(); // all of it in one batch
    await worker.caughtUp();
    expect(await tests.school.awardEvents('ada', 'b')).toMatchObject([
      { type: 'BadgeAwarded', cause: { kind: 'facts', events: [expect.any(String) as string, `lms/${second.id}`] } },
      { type: 'AwardRevoked', cause: { kind: 'course', events: ['lms/open'] } },
    ]);
  });

  it('is closed at the time that is known then', async () => {
    let now = day(11);
    const worker = work({ now: () => now });
    await tests.school.publish(rule(ON_DAY_10));
    await tests.school.record(opened(), mission('m1', day(1)), mission('m2', day(2)));
    await worker.caughtUp();
    expect(await worker.awarding.recordClosings(0)).toBe(1);
    await worker.caughtUp();
    await tests.school.record(opened({ version: 2, start: day(1) }));
    await worker.caughtUp();
    now = day(12);
    expect(await worker.awarding.recordClosings(0)).toBe(1);
    await worker.caughtUp();
    expect(await tests.school.awardEvents('ada', 'b')).toMatchObject([
      { type: 'BadgeAwarded', earnedAt: day(11) - 1 },
      { type: 'AwardRevoked', verdict: { decided: false } },
      { type: 'AwardReinstated', earnedAt: day(12) - 1 },
    ]);
  });
});

/** The store, with something done to an append before it is made. */
const intercepted = (beforeAppend: (stream: string) => Promise<void>): EventStore => ({
  append: async (appends) => {
    for (const { stream } of appends) await beforeAppend(stream);
    return tests.store.append(appends);
  },
  readStream: (stream, options) => tests.store.readStream(stream, options),
  readAll: (options) => tests.store.readAll(options),
  subscribe: (options) => tests.store.subscribe(options),
  head: () => tests.store.head(),
  health: () => tests.store.health(),
  close: () => tests.store.close(),
});

/** A term with every kind of change: rules of three modes, late and corrected facts, a moved course, a second version. */
const liveTerm = async (checkpoint: Checkpoint): Promise<void> => {
  let now = 0;
  const worker = work({ checkpoint, now: () => now });
  const add = async (...events: LearningEvent[]): Promise<void> => {
    await tests.school.record(...events);
    await worker.caughtUp();
  };
  await tests.school.publish(rule(SOON, missions(2, { fromDay: 0, toDay: 20 })));
  await tests.school.publish({ ...rule(HOLDS, { group: 'all', parts: [missions(1), notWithdrawn] }, 'review'), badge: 'holds' });
  await tests.school.publish({ ...rule(AT_END), badge: 'end' });
  await tests.school.publish({ ...rule(ON_DAY_10, missions(1), 'keep'), badge: 'day' });
  const first = mission('m1', day(1));
  await add(opened(), first);
  await add(mission('m2', day(2)), mission('m1', day(2), { learner: 'bob' }));
  await add(mission('m0', day(0)), mission('m2', day(3), { learner: 'bob' }), mission('m1', day(3), { learner: 'eve' }));
  await add(retract(first), mission('w', day(4), { type: 'Withdrawn' }));
  now = day(12);
  await worker.awarding.recordClosings(0);
  await worker.caughtUp();
  await tests.school.publish(rule(SOON, missions(1)));
  await worker.caughtUp();
  await add(opened({ version: 2, start: day(1) }));
  await add(closed);
  await add(mission('m3', day(5)), mission('m3', day(5), { learner: 'bob' }));
  await worker.caughtUp();
  await worker.stop();
};

describe('a restart', () => {
  it.each([1, 3, 1000])('from any older checkpoint changes no award, in batches of %s', async (batchSize) => {
    const start = { position: await tests.store.head() };
    const end = { position: start.position };
    await liveTerm(end);
    const before = await tests.school.awardLog();
    expect(new Set(before.map(({ type }) => type))).toEqual(
      new Set(['BadgeAwarded', 'AwardAmended', 'AwardSuspended', 'AwardKept', 'AwardRevoked', 'AwardReinstated']),
    );
    for (let position = end.position; position >= start.position; position--) {
      const worker = work({ checkpoint: { position }, batchSize, now: () => day(99) });
      await worker.caughtUp();
      await worker.stop();
      expect(await tests.school.awardLog()).toEqual(before);
    }
  });

  it('gives the awards that a crash left out', async () => {
    const checkpoint = { position: await tests.store.head() };
    const dying = work({
      checkpoint,
      store: intercepted(async (stream) => {
        if (stream.startsWith('award-')) throw new ProofmarkError('STORE_CLOSED', 'the process dies here');
      }),
    });
    await tests.school.publish(rule(SOON));
    await tests.school.record(mission('m1', day(1)), mission('m2', day(2)));
    await dying.became('parked');
    expect(await history()).toEqual([]);
    const next = work({ checkpoint });
    await next.caughtUp();
    expect(await history()).toEqual(['BadgeAwarded']);
  });

  it('gives no second award where the crash came before the checkpoint', async () => {
    const checkpoint = { position: await tests.store.head() };
    const dying = work({ checkpoint, batchSize: 1, beforeSave: async () => {
      if ((await history()).length > 0) throw new ProofmarkError('STORE_CLOSED', 'the process dies here');
    } });
    await tests.school.publish(rule(SOON));
    await tests.school.record(mission('m1', day(1)), mission('m2', day(2)), mission('m3', day(3)));
    await dying.became('parked');
    const before = await tests.school.awardLog();
    expect(before).toHaveLength(1);
    const next = work({ checkpoint, now: () => 1 });
    await next.caughtUp();
    expect(await tests.school.awardLog()).toEqual(before);
  });
});

describe('two workers at once', () => {
  it('award once', async () => {
    const both = [work({ batchSize: 1 }), work({ batchSize: 2, now: () => 1 })];
    await tests.school.publish(rule(SOON));
    const learners = Array.from({ length: 30 }, (_, i) => `learner ${i}`);
    for (const learner of learners) await tests.school.record(mission('m1', day(1), { learner }), mission('m2', day(2), { learner }));
    for (const worker of both) await worker.caughtUp();
    for (const learner of learners) expect(await history(learner)).toEqual(['BadgeAwarded']);
  });

  it('do not undo what the one that has read further did', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let saves = 0;
    // Another time of deciding: the same decision at the same time would be the same event, which the store knows.
    const slow = work({ batchSize: 1, now: () => 1, beforeSave: () => (++saves > 2 ? held : Promise.resolve()) });
    await tests.school.publish(rule(SOON, missions(1)));
    await tests.school.record(opened());
    await slow.caughtUp();
    const fast = work({ batchSize: 1 });
    const lost = mission('m1', day(1));
    for (const event of [lost, mission('m2', day(5)), retract(lost), mission('m3', day(3))]) {
      await tests.school.record(event);
      await fast.caughtUp();
    }
    const before = await tests.school.awardLog();
    expect(before.map(({ type }) => type)).toEqual(['BadgeAwarded', 'AwardAmended', 'AwardAmended']);
    release();
    await slow.caughtUp();
    expect(await tests.school.awardLog()).toEqual(before);
    await tests.school.record(mission('m4', day(2)));
    await fast.caughtUp();
    await slow.caughtUp();
    expect(await tests.school.awardEvents('ada', 'b')).toMatchObject([{ earnedAt: day(1) }, { earnedAt: day(5) }, { earnedAt: day(3) }, { earnedAt: day(2) }]);
  });
});

describe('awards of somebody who had not read as far', () => {
  it('are all withdrawn where the facts do not support them', async () => {
    // Both stop after a batch and go on when they are told to.
    const gate = () => {
      let [arrive, open] = [(): void => undefined, (): void => undefined];
      const arrived = new Promise<void>((resolve) => (arrive = resolve));
      const opened = new Promise<void>((resolve) => (open = resolve));
      return { arrived, open: () => open(), pass: () => (arrive(), opened) };
    };
    const [ahead, behind] = [gate(), gate()];
    let stops = false;
    const first = work({ beforeSave: () => (stops ? ahead.pass() : Promise.resolve()) });
    await tests.school.publish(rule(SOON, missions(1)));
    await tests.school.publish({ ...rule(SOON, missions(1)), badge: 'other' });
    await first.caughtUp();
    stops = true;
    await tests.school.record(opened());
    await ahead.arrived;
    const lost = mission('m1', day(1));
    await tests.school.record(lost, retract(lost));
    ahead.open();
    await first.caughtUp();
    expect(await tests.school.awardLog()).toEqual([]);

    const second = work({ batchSize: 1, now: () => 1, beforeSave: async () => ((await tests.school.awardLog()).length > 0 ? behind.pass() : undefined) });
    await behind.arrived;
    const stopped = second.stop();
    behind.open();
    await stopped;
    await first.caughtUp();
    await first.caughtUp(); // what it has read now is its own
    for (const badge of ['b', 'other']) {
      expect((await tests.school.awardEvents('ada', badge)).map(({ type }) => type)).toEqual(['BadgeAwarded', 'AwardRevoked']);
    }
  });
});

describe('what awarding holds in memory', () => {
  it('makes no difference', async () => {
    const learners = Array.from({ length: 12 }, (_, i) => `learner ${i}`);
    const run = async (options: WorkerOptions): Promise<unknown> => {
      await tests.open();
      const worker = work(options);
      await tests.school.publish(rule(SOON, missions(3)));
      for (let i = 0; i < 4; i++) {
        const events = learners.map((learner, place) => mission(`m${i}`, day(place + i), { learner, id: `${learner} ${i}` }));
        await tests.school.record(...events, retract({ id: 'learner 3 0' }, { learner: 'learner 3', id: `x${i}` }));
      }
      await worker.caughtUp();
      return Promise.all(learners.map((learner) => tests.school.awardOf(learner, 'b').then(({ status, ...rest }) => [status, 'earnedAt' in rest && [rest.earnedAt, rest.verdict]])));
    };
    const unlimited = await run({});
    expect(await run({ maxFacts: 2, batchSize: 5 })).toEqual(unlimited);
    expect(await run({ maxFacts: 0, batchSize: 1 })).toEqual(unlimited);
    expect(unlimited).toHaveLength(12);
  });
});

describe('what awarding cannot go on with', () => {
  it('parks it at an event of a newer version, and everything before that is decided', async () => {
    const worker = work({ batchSize: 1 });
    await tests.school.publish(rule(SOON));
    await tests.school.record(mission('m1', day(1)), mission('m2', day(2)));
    await worker.caughtUp();
    const [unreadable] = await tests.store.append([
      { stream: learnerStream(tests.school.tenant, 'ada'), expected: 'any', events: [{ id: randomUUID(), type: 'MissionCompleted', schema: 9, json: '{}' }] },
    ]);
    if (unreadable?.outcome !== 'appended') throw new Error('not appended');
    await tests.school.record(mission('m3', day(0)));
    const { reason, position } = await worker.became('parked');
    expect(reason).toContain(`Stopped before log position ${unreadable.position}`);
    expect(reason).toContain('"MissionCompleted" of schema version 9');
    expect(position).toBeLessThan(unreadable.position);
    expect(await history()).toEqual(['BadgeAwarded']);
    expect(await worker.awarding.recordClosings(0)).toBe(0);
  });

  it('is a full store only until there is space again', async () => {
    let full = true;
    const worker = work({
      store: intercepted(async () => {
        if (full) throw new ProofmarkError('STORE_FULL', 'no space left');
      }),
    });
    await tests.school.publish(rule(SOON));
    await tests.school.record(mission('m1', day(1)), mission('m2', day(2)));
    expect(await worker.became('waiting')).toMatchObject({ reason: 'no space left' });
    expect(await history()).toEqual([]);
    full = false;
    await worker.caughtUp();
    expect(await history()).toEqual(['BadgeAwarded']);
  });
});

describe('any history', () => {
  const step = fc.oneof(
    { weight: 12, arbitrary: fc.tuple(fc.constantFrom('ada', 'bob'), fc.oneof({ weight: 3, arbitrary: factEvent }, { weight: 1, arbitrary: correction })).map(([learner, event]) => ({ do: 'record' as const, event: { ...event, learner } })) },
    { weight: 1, arbitrary: fc.record({ version: fc.nat(3), start: fc.constantFrom(START, START + DAY), timezone: fc.constantFrom('UTC', 'Asia/Seoul') }).map((values) => ({ do: 'record' as const, event: opened({ course: 'c1', ...values }) })) },
    { weight: 1, arbitrary: fc.constantFrom<LearningEvent>({ ...closed, course: 'c1', time: day(7) }, { type: 'FactRetracted', id: 'reopen', source: 'lms', target: 'close', course: 'c1', version: 1 }).map((event) => ({ do: 'record' as const, event })) },
    { weight: 1, arbitrary: fc.constant({ do: 'closings' as const }) },
    { weight: 2, arbitrary: fc.constant({ do: 'wait' as const }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const), back: fc.nat(40), batchSize: fc.constantFrom(1, 3, 100), maxFacts: fc.constantFrom(0, 5, 1000) }) },
  );

  it('ends with the awards that the reference evaluator finds on the final facts, whatever the batches, restarts and other workers', async () => {
    await fc.assert(
      fc.asyncProperty(anyRule, fc.array(step, { maxLength: 30 }), fc.nat(10), fc.constantFrom('one', 'two', 'split' as const), async (made, steps, publishAfter, workers) => {
        await tests.open();
        const start = await tests.store.head();
        const checkpoint = { position: start };
        const [one, rest]: readonly [WorkerOptions, WorkerOptions] =
          workers === 'split' ? [{ owns: (_tenant, learner) => learner === 'ada', leads: false }, { owns: (_tenant, learner) => learner !== 'ada' }] : [{}, {}];
        let worker = tests.school.work({ ...one, checkpoint, now: () => day(30), batchSize: 3 });
        const other = workers === 'one' ? undefined : tests.school.work({ ...rest, now: () => day(31), batchSize: 2 });
        const consistent = new Map<string, string>();
        for (const [i, next] of [...steps.slice(0, publishAfter), { do: 'publish' as const }, ...steps.slice(publishAfter)].entries()) {
          switch (next.do) {
            case 'publish':
              await tests.school.publish(made);
              break;
            case 'record': {
              // Two different events with one identity and version are a conflict, which intake refuses.
              const { event } = next;
              const version = JSON.stringify(['learner' in event && event.learner, event.id, event.version, event.time]);
              const text = JSON.stringify(event);
              if ((consistent.get(version) ?? text) !== text) break;
              consistent.set(version, text);
              await tests.school.record(event);
              break;
            }
            case 'closings':
              await worker.awarding.recordClosings(0);
              await other?.awarding.recordClosings(0);
              break;
            case 'wait':
              await worker.caughtUp();
              break;
            case 'restart':
              await worker.stop();
              checkpoint.position = Math.max(start, checkpoint.position - next.back);
              worker = tests.school.work({ ...one, checkpoint, now: () => day(30 + i), batchSize: next.batchSize, maxFacts: next.maxFacts });
              break;
          }
        }
        await worker.caughtUp();
        await other?.caughtUp();
        await worker.caughtUp();
        await worker.stop();
        await other?.stop();
        const course = await tests.school.contextOf('c1');
        for (const learner of ['ada', 'bob']) {
          const facts = await tests.school.factsOf(learner);
          const at = { course, learner: learnerContext(facts, 'c1') };
          const outcome = referenceOutcome(made, facts, at);
          const award = await tests.school.awardOf(learner, 'b');
          expect(award.status === 'active').toBe(outcome.supported);
          if (award.status !== 'active') continue;
          expect(award.earnedAt).toBe(outcome.earnedAt);
          expect(JSON.stringify(award.verdict)).toBe(JSON.stringify(verdictOf(made, outcome, facts, at)));
        }
        const before = await tests.school.awardLog();
        const again = tests.school.work({ checkpoint: { position: start }, batchSize: 7, now: () => day(99) });
        await again.caughtUp();
        await again.stop();
        expect(await tests.school.awardLog()).toEqual(before);
      }),
      { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 60) },
    );
  }, 600_000);
});
