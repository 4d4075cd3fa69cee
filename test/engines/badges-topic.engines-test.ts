import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbedded } from '#event-store/embedded.js';
import { awardAppends } from '#kafka/awards-under-test.js';
import { startBadgesTopic } from '#kafka/badges-topic.js';
import { ClusterUnderTest, describeKafka, until } from '#kafka/cluster-under-test.js';
import { headerText } from '#kafka/message.js';

const CYCLES = Math.max(3, Number(process.env['FAULT_CYCLES'] ?? 3));

const died = (args: readonly string[]): Promise<NodeJS.Signals | null> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'publish-and-die.js'), ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('exit', (_code, signal) => resolve(signal));
  });

describeKafka('awards to Kafka', () => {
  let cluster: ClusterUnderTest;
  let dir: string;
  beforeEach(() => {
    cluster = new ClusterUnderTest();
    dir = mkdtempSync(join(tmpdir(), 'badges-topic-'));
  });
  afterEach(async () => {
    await cluster.end();
    rmSync(dir, { recursive: true, force: true });
  });

  it(`come at least once, in order, with the same ids, when publishing is killed before its checkpoint moves (${CYCLES} times)`, async () => {
    const learners = Array.from({ length: 15 * CYCLES }, (_, i) => `l${i}`);
    const log = join(dir, 'log');
    const checkpoint = join(dir, 'checkpoint');
    writeFileSync(checkpoint, '0');
    const writing = await openEmbedded({ dir: log });
    const appends = learners.flatMap((learner) => awardAppends('t', learner));
    await writing.append(appends);
    await writing.append(awardAppends('another', 'stranger'));
    await writing.close();
    const topic = await cluster.topic('badges', 6);
    const { brokers } = cluster.options;
    for (let cycle = 0; cycle < CYCLES; cycle++) {
      expect(await died([log, checkpoint, brokers.join(), topic, String(2 + (cycle % 3))])).toBe('SIGKILL');
    }
    const store = await openEmbedded({ dir: log });
    const head = await store.head();
    let position = Number(readFileSync(checkpoint, 'utf8'));
    expect(position).toBeLessThan(head);
    const rest = startBadgesTopic({
      store, producer: () => cluster.client.producer(), topic, tenant: 't', source: 'https://badges.example.org',
      checkpoint: { load: async () => position, save: async (at) => void (position = at) },
    });
    await until('all is published', () => position === head);
    await rest.stop();
    await store.close();

    const messages = await cluster.read(topic);
    const ids = messages.map(({ headers }) => headerText(headers, 'ce_id') ?? '');
    const wanted = appends.flatMap(({ events }) => events.map(({ id }) => id));
    expect([...new Set(ids)].sort()).toEqual([...wanted].sort());
    expect(ids.length).toBeGreaterThan(wanted.length);
    const contents = new Map<string, string>();
    const lives = new Map<string, string[]>();
    const highest = new Map<string, number>();
    for (const { key, value, headers } of messages) {
      const id = headerText(headers, 'ce_id') ?? '';
      const text = `${String(key)} ${String(value)}`;
      expect(contents.get(id) ?? text).toBe(text);
      contents.set(id, text);
      // What a reader has to do: leave out what is not above what it knows of the key.
      const at = Number(headerText(headers, 'ce_logposition'));
      if (at <= (highest.get(String(key)) ?? 0)) continue;
      highest.set(String(key), at);
      lives.set(String(key), [...(lives.get(String(key)) ?? []), headerText(headers, 'ce_type') ?? '']);
    }
    expect([...lives.keys()].sort()).toEqual(learners.map((learner) => `t:${learner}`).sort());
    for (const life of lives.values()) expect(life).toEqual(['proofmark.badge-awarded', 'proofmark.award-suspended', 'proofmark.award-revoked']);
  });
});
