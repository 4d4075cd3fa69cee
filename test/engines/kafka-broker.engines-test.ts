import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClusterUnderTest, grade, sent, until } from '#kafka/cluster-under-test.js';
import type { KafkaOptions } from '#kafka/client.js';
import { describeOnOwn } from './describe-on.js';
import { checkAccount, Takers, traffic } from './kafka-account.js';
import { startKafka, type StartedKafka } from './kafka.js';

const CYCLES = Math.min(10, Number(process.env['FAULT_CYCLES'] ?? 3));

// These tests stop the broker, so they need one of their own.
describeOnOwn('KAFKA_BROKERS', 'a broker of our own', () => {
  let dir: string;
  let broker: StartedKafka;
  const clusters: ClusterUnderTest[] = [];
  const clusterOf = (options: KafkaOptions): ClusterUnderTest => {
    const cluster = new ClusterUnderTest(options);
    clusters.push(cluster);
    return cluster;
  };
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'kafka-broker-'));
    const started = await startKafka(dir, { secured: true });
    if ('skipped' in started) throw new Error(started.skipped);
    broker = started;
  });
  afterEach(async () => {
    for (const cluster of clusters.splice(0)) await cluster.end();
  });
  afterAll(async () => {
    await broker.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  it(`may be killed or stopped and started again ${CYCLES} times under load: nothing is lost, nothing is there twice`, async () => {
    const cluster = clusterOf({ brokers: [broker.address] });
    const topic = await cluster.topic('learning-events', 6);
    const deadLetters = await cluster.topic('dead-letters', 6);
    const store = await cluster.store();
    const takers = new Takers(cluster, store);
    const source = cluster.source(takers.open(), { learning: [topic], deadLetters });
    let producing = true;
    const produce = async (): Promise<void> => {
      for (let next = 0; producing; next += 100) {
        // Until it is acknowledged, as whoever sends to Kafka has to: what was there already comes twice.
        for (let done = false; !done; ) {
          const producer = await cluster.client.producer().catch(() => undefined);
          done = (await producer?.send(topic, traffic(next, 100)).then(() => true, () => false)) ?? false;
          await producer?.close().catch(() => undefined);
        }
      }
    };
    const produced = produce();
    const moves = async (): Promise<void> => {
      const before = takers.receipts.size;
      await until('messages move', () => takers.receipts.size > before + 200);
    };
    try {
      for (let cycle = 0; cycle < CYCLES; cycle++) {
        await moves();
        await (cycle % 2 ? broker.stop() : broker.kill());
        await broker.start();
      }
      await moves();
    } finally {
      producing = false;
      await produced;
    }
    await until('the lag has drained', async () => (await cluster.lag(topic)) === 0, 60_000);
    expect(source.status().learning.state).toBe('reading');
    await source.stop();
    const { messages, again } = await checkAccount(cluster, topic, deadLetters, store, takers);
    console.log(`${messages} messages, the broker went ${CYCLES} times, ${source.status().learning.restarts} new consumers, ${again} deliveries came again`);
  }, 120_000 + CYCLES * 60_000);

  it('is waited for when it is not there at the start', async () => {
    const cluster = clusterOf({ brokers: [broker.address] });
    const topic = await cluster.topic('learning-events', 2);
    const deadLetters = await cluster.topic('dead-letters', 2);
    await cluster.produce(topic, [sent(grade('ada', 'a1'))]);
    await broker.stop();
    const intake = cluster.intake(await cluster.store());
    const source = cluster.source(intake, { learning: [topic], deadLetters });
    await until('it says why it waits', () => source.status().learning.reason !== undefined);
    await broker.start();
    await until('the event is recorded', () => intake.account.recorded === 1);
  }, 180_000);

  const secured = (mechanism: NonNullable<KafkaOptions['sasl']>['mechanism'], password?: string): KafkaOptions => {
    const { address, certificate, username, password: right } = broker.secured ?? { address: '', certificate: '', username: '', password: '' };
    return { brokers: [address], tls: { ca: [certificate] }, sasl: { mechanism, username, password: password ?? right } };
  };

  it.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)('is reached by TLS and SASL %s', async (mechanism) => {
    const cluster = clusterOf(secured(mechanism));
    const topic = await cluster.topic('learning-events', 1);
    const deadLetters = await cluster.topic('dead-letters', 1);
    await cluster.produce(topic, [sent(grade('ada', 'a1')), { key: 't:ada', value: '{' }]);
    const intake = cluster.intake(await cluster.store());
    const source = cluster.source(intake, { learning: [topic], deadLetters });
    await until('both are dealt with', () => intake.account.sent === 2);
    await source.stop();
    expect(await cluster.read(deadLetters)).toHaveLength(1);
  });

  it('that refuses a password, or whose certificate nobody vouches for, is not asked again and again', async () => {
    const topics = { learning: ['a'], deadLetters: 'b' };
    const wrong = clusterOf(secured('scram-sha-256', 'wrong')).source({ submit: async () => [] }, topics);
    await expect(wrong.done).rejects.toThrow(/authentication/i);
    expect(wrong.status().learning.state).not.toBe('reading');
    const unknown = clusterOf({ ...secured('plain'), tls: true }).source({ submit: async () => [] }, topics);
    await until('it says why', () => unknown.status().learning.reason !== undefined);
    expect(unknown.status().learning.reason).toMatch(/certificate/);
  });
});
