import { ClusterUnderTest, describeKafka, until } from '#kafka/cluster-under-test.js';
import type { KafkaSource } from '#kafka/source.js';
import { checkAccount, Takers, traffic } from './kafka-account.js';

const CYCLES = Number(process.env['FAULT_CYCLES'] ?? 20);
const MEMBERS = 3;
const PARTITIONS = 12;

describeKafka('a group whose members come and go', () => {
  let cluster: ClusterUnderTest;
  beforeEach(() => {
    cluster = new ClusterUnderTest();
  });
  afterEach(() => cluster.end());

  it(`loses and repeats nothing in ${CYCLES} leavings and joinings under load, with 1 % poison`, async () => {
    const topic = await cluster.topic('learning-events', PARTITIONS);
    const deadLetters = await cluster.topic('dead-letters', PARTITIONS);
    const store = await cluster.store();
    const takers = new Takers(cluster, store);
    const join = (): KafkaSource => cluster.source(takers.open(), { learning: [topic], deadLetters });
    const owned = (member: KafkaSource): readonly number[] => member.status().learning.assigned[topic] ?? [];
    const members = Array.from({ length: MEMBERS }, join);
    const shared = (): boolean => {
      const numbers = members.flatMap((member) => owned(member)).sort((a, b) => a - b);
      return numbers.length === PARTITIONS && new Set(numbers).size === PARTITIONS && members.every((member) => owned(member).length === PARTITIONS / MEMBERS);
    };
    await until('three members share the partitions', shared);

    const producer = await cluster.client.producer();
    let producing = true;
    let next = 0;
    const produce = async (): Promise<void> => {
      for (; producing; next += 100) {
        await producer.send(topic, traffic(next, 100));
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    const produced = produce();
    const leavings: Promise<void>[] = [];
    let kept = 0;
    try {
      for (let cycle = 0; cycle < CYCLES; cycle++) {
        const leaving = members.splice(cycle % MEMBERS, 1)[0];
        const before = members.map((member) => owned(member));
        leavings.push(leaving?.stop() ?? Promise.resolve());
        if (cycle % 2) await leavings.at(-1); // else the next one joins while it leaves
        members.push(join());
        await until('the group shares the partitions again', shared, 45_000);
        if (cycle % 2 && members.slice(0, -1).every((member, i) => String([...owned(member)].sort()) === String([...(before[i] ?? [])].sort()))) kept++;
        const share = takers.receipts.size;
        await until('messages move again', () => takers.receipts.size > share);
      }
    } finally {
      producing = false;
      await produced;
      await producer.close();
      await Promise.all(leavings);
    }
    // Where the group was in peace in between; a member that the machine keeps waiting for long is expelled for a while.
    expect(kept).toBeGreaterThanOrEqual(Math.floor(CYCLES / 4));
    const from = performance.now();
    await until('the lag has drained', async () => (await cluster.lag(topic)) === 0, 30_000);
    const drained = performance.now() - from;
    await Promise.all(members.map((member) => member.stop()));
    const { messages, again } = await checkAccount(cluster, topic, deadLetters, store, takers);
    console.log(`${messages} messages, ${CYCLES} members replaced, in ${kept} of ${Math.floor(CYCLES / 2)} peaceful cases the others kept what they had, ${again} deliveries came again, lag drained in ${Math.round(drained)} ms`);
  }, 120_000 + CYCLES * 20_000);
});
