import type { LearnerErased } from '#domain/erasure-event.js';
import { erasureStream } from '#domain/streams.js';
import { toNewEvent } from '#event-store/execute.js';
import { day, mission, rule, schoolForEachTest, SOON } from './terms-under-test.js';

const tests = schoolForEachTest();

const erase = async (learner: string): Promise<void> => {
  const { tenant } = tests.school;
  const event: LearnerErased = { type: 'LearnerErased', tenant, learner, by: 'office', reason: 'asked', at: 1, credentials: [] };
  await tests.store.append([{ stream: erasureStream(tenant, learner), expected: 'no-stream', events: [toNewEvent(event, crypto.randomUUID())] }]);
};
const states = async (): Promise<readonly string[]> => Promise.all(['ada', 'bob'].map(async (learner) => (await tests.school.awardOf(learner, 'b')).status));
const both = (activity: string, at: number) => ['ada', 'bob'].map((learner) => mission(activity, at, { learner }));

describe('a learner who is erased', () => {
  it('is awarded nothing for what comes later', async () => {
    await tests.school.publish(rule(SOON));
    await tests.school.record(...both('m1', day(1)));
    const worker = tests.work();
    await worker.caughtUp();
    await erase('ada');
    await tests.school.record(...both('m2', day(2)));
    await worker.caughtUp();
    expect(await states()).toEqual(['none', 'active']);
  });

  it('is awarded nothing by a rule that is published later, whoever else is, and across a restart', async () => {
    await tests.school.record(...both('m1', day(1)), ...both('m2', day(2)));
    await erase('ada');
    const worker = tests.work();
    await worker.caughtUp();
    await worker.stop();
    await tests.school.publish(rule(SOON));
    await tests.work().caughtUp();
    expect(await states()).toEqual(['none', 'active']);
  });

  it('is awarded nothing by who has yet to read of it', async () => {
    await tests.school.publish(rule(SOON));
    await tests.school.record(...both('m1', day(1)), ...both('m2', day(2)));
    await erase('ada');
    await tests.work({ batchSize: 1 }).caughtUp();
    expect(await states()).toEqual(['none', 'active']);
  });
});
