import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLogEvent } from '#domain/log-event.js';
import type { BadgeAwarded } from '#domain/award.js';
import { awardId } from '#domain/ids.js';
import { awardStream } from '#domain/streams.js';
import { toNewEvent } from '#event-store/execute.js';
import { openEmbeddedReadModels } from '#projections/embedded.js';
import { grade, serverUnderTest, type ServerUnderTest } from './server-under-test.js';

const dataDir = mkdtempSync(join(tmpdir(), 'proofmark-unsigned-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

/** The same award for somebody else, under a version of the rule that nobody has published: it cannot be stated. */
const awardWithoutRule = async ({ engine }: ServerUnderTest, learner: string): Promise<string> => {
  const [recorded] = await engine.store.readStream(awardStream(awardId('default', 'ann', 'essays', '')));
  if (!recorded) throw new Error('there is no award');
  const awarded = readLogEvent(recorded.type, recorded.schema, recorded.json) as BadgeAwarded;
  const award = awardId('default', learner, 'essays', '');
  await engine.store.append([{ stream: awardStream(award), expected: 'no-stream', events: [toNewEvent({ ...awarded, learner, rule: { ...awarded.rule, version: 99 } }, randomUUID())] }]);
  return award;
};

const expectTold = async (server: ServerUnderTest, award: string): Promise<void> => {
  await server.engine.followers.settle();
  expect((await server.get('/v1/projections')).body).toMatchObject({ issuing: { state: 'running', unsignedCount: 1, unsigned: [{ award, reason: expect.stringContaining('99') as string }] } });
  expect(await server.get('/health/ready')).toMatchObject({ status: 200, body: { checks: expect.arrayContaining([{ name: 'credentials', ok: true, detail: expect.stringMatching(/^1 awards have no credential/) as string }]) as unknown } });
  expect((await server.get('/metrics')).text).toMatch(/^proofmark_awards_unsigned 1$/m);
};

describe('an award that cannot be signed', () => {
  it('is told by health and metrics, holds nobody up, and is not forgotten at the next start', async () => {
    // The data of an engine that did not keep such awards: its checkpoint had another shape.
    const before = openEmbeddedReadModels({ dir: dataDir });
    await before.register([{ name: 'issuing', version: 1, collections: [] }]);
    await before.close();
    const first = await serverUnderTest({ dataDir });
    await first.post('/v1/events', [grade('a1', 'ann', 'E1', 80), grade('a2', 'ann', 'E2', 80)]);
    await first.engine.followers.settle();
    expect((await first.get('/metrics')).text).toMatch(/^proofmark_awards_unsigned 0$/m);
    expect((await first.get('/health/ready')).body).toMatchObject({ checks: expect.arrayContaining([{ name: 'credentials', ok: true }]) as unknown });
    const award = await awardWithoutRule(first, 'bob');
    await expectTold(first, award);
    await first.close();

    const second = await serverUnderTest({ dataDir });
    await second.post('/v1/events', [grade('c1', 'cho', 'E1', 80), grade('c2', 'cho', 'E2', 80)]);
    await expectTold(second, award);
    expect(await second.engine.readModels.find('credential', { where: { learner: 'cho' } })).toHaveLength(1);
    await second.close();
  }, 120_000);
});
