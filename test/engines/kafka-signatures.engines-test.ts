import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freshKey } from '#access/secret.js';
import { signingSecret } from '#access/signing-secret.js';
import { apiKey, type ApiKeyCommand } from '#domain/api-key.js';
import { apiKeyStream } from '#domain/streams.js';
import { openEngine } from '#engine/composition.js';
import type { KafkaSettings } from '#engine/engines-config.js';
import type { Engine } from '#engine/engine.js';
import { execute } from '#event-store/execute.js';
import { ClusterUnderTest, describeKafka, grade, sent, until } from '#kafka/cluster-under-test.js';
import { headerText, type OutMessage } from '#kafka/message.js';

describeKafka('signed events from Kafka', () => {
  let cluster: ClusterUnderTest;
  let dir: string;
  let engine: Engine | undefined;
  beforeEach(() => {
    cluster = new ClusterUnderTest();
    dir = mkdtempSync(join(tmpdir(), 'proofmark-signed-'));
  });
  afterEach(async () => {
    await engine?.close();
    engine = undefined;
    await cluster.end();
    rmSync(dir, { recursive: true, force: true });
  });

  /** A process that takes in and does nothing else. */
  const started = async (signatures: KafkaSettings['signatures']) => {
    const [learning, letters, course] = [await cluster.topic('learning-events', 2), await cluster.topic('dead-letters', 2), await cluster.topic('course-events', 1, { 'cleanup.policy': 'compact' })];
    const config = {
      host: '127.0.0.1', port: 0, dataDir: dir, rulesDirs: [], tenant: 't', verifyOnline: false, roles: ['intake'] as const,
      kafka: { brokers: cluster.options.brokers, group: cluster.group, topics: [learning], courseTopic: course, deadLetterTopic: letters, sharesTopic: `shares-${randomUUID()}`, signatures },
    };
    return { learning, letters, course, config, opened: (engine = await openEngine(config)) };
  };

  const change = async ({ store }: Engine, command: ApiKeyCommand): Promise<void> => {
    await execute(store, apiKey, apiKeyStream(command.tenant, command.key), command, { newId: randomUUID });
  };
  const by = (key: string) => ({ tenant: 't', key, by: 'p', at: 1 });

  const signedBy = async ({ keys }: Engine, { id, hash }: { readonly id: string; readonly hash: string }, event: Record<string, unknown>): Promise<OutMessage> => {
    const message = sent(event);
    const secret = await signingSecret((text) => keys.mac('source', text), { tenant: 't', key: id }, hash);
    const lines = ['proofmark-event-1', 't', String(event['course']), String(event['id'])].map((line) => `${line}\n`).join('');
    const signature = createHmac('sha256', secret).update(lines).update(String(message.value)).digest('base64');
    return { ...message, headers: { 'proofmark-key': id, 'proofmark-signature': `v1,${signature}` } };
  };

  it('are taken by a process that only takes in, from a key that was made just before, and by no other', async () => {
    const { learning, letters, opened } = await started('required');
    const key = freshKey(randomBytes);
    await change(opened, { type: 'Issue', ...by(key.id), hash: key.hash, label: 'lms', actions: ['event:send'], courses: ['c'], sources: ['lms'] });
    const good = await signedBy(opened, key, grade('ada', 'good'));
    const partition = 0;
    await cluster.produce(learning, [
      { ...good, partition },
      { ...(await signedBy(opened, key, grade('ada', 'elsewhere', { course: 'd' }))), partition },
      { ...(await signedBy(opened, key, grade('ada', 'other', { source: 'lab' }))), partition },
      { ...sent(grade('ada', 'unsigned')), partition },
      { ...good, ...sent(grade('ada', 'good', { score: 0.5 })), partition },
    ]);
    await until('all is dealt with', () => opened.intake.account.sent === 5);
    expect(opened.intake.account).toMatchObject({ recorded: 1, byReason: { 'forbidden-course': 1, 'forbidden-source': 1, unsigned: 1, 'bad-signature': 1 } });
    await until('its letters are there', async () => (await cluster.lag(learning)) === 0);
    expect((await cluster.read(letters)).map(({ headers }) => headerText(headers, 'proofmark-reason'))).toEqual(['forbidden-course', 'forbidden-source', 'unsigned', 'bad-signature']);
  });

  it('are refused as soon as it is known that their key is revoked, and what is recorded stays a duplicate', async () => {
    const { learning, course, opened, config } = await started('optional');
    const key = freshKey(randomBytes);
    await change(opened, { type: 'Issue', ...by(key.id), hash: key.hash, label: 'lms', actions: ['event:send'] });
    const opening = { id: 'o1', source: 'lms', type: 'CourseOpened', course: 'c', time: '2026-01-01' };
    const offered = { ...(await signedBy(opened, key, opening)), key: 't:c:lms/o1' };
    await cluster.produce(course, [offered]);
    const before = await signedBy(opened, key, grade('ada', 'before'));
    await cluster.produce(learning, [before]);
    await until('both are recorded', () => opened.intake.account.recorded === 2);
    const after = await signedBy(opened, key, grade('ada', 'after'));
    await change(opened, { type: 'Revoke', ...by(key.id), reason: 'lost' });
    await until('it is known', () => opened.access.key(key.id)?.status === 'revoked');
    await cluster.produce(learning, [after, before, sent(grade('ada', 'unsigned'))]);
    await until('all is dealt with', () => opened.intake.account.sent === 5);
    expect(opened.intake.account).toMatchObject({ recorded: 3, duplicates: 1, byReason: { 'bad-signature': 1 } });
    await opened.close();
    // The course topic is read whole at each start, whatever has become of its senders.
    engine = await openEngine(config);
    await until('the course is read again', () => engine?.intake.account.sent === 1);
    expect(engine.intake.account).toMatchObject({ duplicates: 1, deadLettered: 0 });
  });
});
