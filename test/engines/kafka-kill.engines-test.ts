import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbedded } from '#event-store/embedded.js';
import { ClusterUnderTest, describeKafka, until } from '#kafka/cluster-under-test.js';
import { checkTopics, traffic } from './kafka-account.js';

const CYCLES = Number(process.env['FAULT_CYCLES'] ?? 5);

interface Told {
  readonly receipts: number;
}

describeKafka('an engine that is killed while it takes in', () => {
  let cluster: ClusterUnderTest;
  let dir: string;
  let child: ChildProcess | undefined;
  beforeEach(() => {
    cluster = new ClusterUnderTest();
    dir = mkdtempSync(join(tmpdir(), 'kafka-kill-'));
  });
  afterEach(async () => {
    child?.kill('SIGKILL');
    await cluster.end();
    rmSync(dir, { recursive: true, force: true });
  });

  it(`has recorded everything once after ${CYCLES} kills`, async () => {
    const topic = await cluster.topic('learning-events', 6);
    const deadLetters = await cluster.topic('dead-letters', 6);
    const producer = await cluster.client.producer();
    let next = 0;
    let received = 0;
    let killed = 0;
    const start = (): ChildProcess => {
      const started = fork(join(import.meta.dirname, 'take-in.js'), [dir, cluster.options.brokers.join(), cluster.group, topic, deadLetters]);
      started.on('message', (message) => {
        received += (message as Told).receipts;
      });
      return started;
    };
    for (let cycle = 0; cycle <= CYCLES; cycle++) {
      await producer.send(topic, traffic(next, 3_000));
      next += 3_000;
      const before = received;
      child = start();
      const wanted = cycle === CYCLES ? 0 : (cycle * 701) % 2_500;
      await until('messages are taken in', () => received > before + wanted);
      if (cycle === CYCLES) break;
      const ended = new Promise((resolve) => child?.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
      killed++;
    }
    await until('the lag has drained', async () => (await cluster.lag(topic)) === 0, 30_000);
    const ended = new Promise((resolve) => child?.once('exit', resolve));
    child?.kill('SIGKILL');
    await ended;
    child = undefined;
    await producer.close();
    expect(killed).toBe(CYCLES);
    const store = await openEmbedded({ dir });
    const { places } = await checkTopics(cluster, topic, deadLetters, store);
    console.log(`${places.length} messages, ${CYCLES} kills, ${received} receipts told`);
    await store.close();
  }, 60_000 + CYCLES * 40_000);
});
