import type { Receipt } from '#intake/delivery.js';
import type { ConsumeOptions, Crash, KafkaClient } from './client.js';
import type { PartitionBatch } from './message.js';
import { Reader, type ReaderOptions } from './reader.js';

/** A consumer as the stand-in cluster was told to make it. */
type Life = (options: ConsumeOptions, crash: (crash: Crash) => void) => void | Promise<void>;

const MESSAGES = 3;
const message = (offset: number) => ({ key: null, value: Buffer.from('x'), offset: `${offset}`, timestamp: '0' });

/** Gives the one partition of the topic, and all its messages. */
const works: Life = async ({ onAssigned, onPosition, handle }) => {
  onAssigned(new Map([['a', [0]]]));
  const batch: PartitionBatch = {
    topic: 'a', partition: 0, messages: Array.from({ length: MESSAGES }, (_, i) => message(i)),
    current: () => true, heartbeat: async () => undefined, done: async (next) => onPosition('a', 0, next), pause: () => () => undefined,
  };
  await handle(batch);
};
/** Joins, is given the partition, and never fetches: nothing says that anything is wrong. */
const standsStill: Life = ({ onAssigned }) => onAssigned(new Map([['a', [0]]]));
const crashes = (restartable: boolean): Life => (_options, crash) => crash({ error: new Error('the broker is gone'), restartable });
const doesNotJoin: Life = () => {
  throw Object.assign(new Error('no broker answers'), { retriable: true });
};

/** A stand-in for a cluster, whose consumers live one after the other. */
const cluster = (lives: readonly Life[]): KafkaClient & { readonly stopped: number[] } => {
  let next = 0;
  const stopped: number[] = [];
  return {
    stopped,
    consume: async (options) => {
      const life = next++;
      let crash: (crash: Crash) => void = () => undefined;
      const crashed = new Promise<Crash>((resolve) => (crash = resolve));
      await (lives[life] ?? works)(options, crash);
      return { crashed, flush: async () => undefined, stop: async () => void stopped.push(life) };
    },
    producer: () => Promise.reject(new Error('nothing is produced here')),
    admin: async () => ({
      partitions: async () => new Map([['a', 1]]),
      ends: async () => [{ partition: 0, low: 0, high: MESSAGES }],
      committed: async () => new Map(),
      create: async () => undefined,
      close: async () => undefined,
    }),
  };
};

const reader = (client: KafkaClient, more: Partial<ReaderOptions> = {}): Reader =>
  new Reader({
    client, topics: ['a'], groupId: 'g', commits: true, concurrency: 1, maxBytes: 1, sessionTimeoutMs: 6_000, stallMs: 30, watchMs: 5,
    deliver: ({ offset }) => ({ raw: offset, format: 'proofmark', origin: offset, mapped: { ok: false, reason: 'malformed', detail: '' } }),
    submit: async (deliveries) => deliveries.map((): Receipt => ({ outcome: 'recorded', position: 1 })),
    keepLetters: async () => undefined,
    log: () => undefined,
    ...more,
  });
const ALL = [{ topic: 'a', partition: 0, end: MESSAGES }];

describe('reading that goes on', () => {
  it('makes a consumer anew that stands still though there are messages', async () => {
    const client = cluster([standsStill, standsStill]);
    const said: string[] = [];
    const reading = reader(client, { log: (_level, text) => void said.push(text) });
    await reading.reached(ALL);
    expect(reading.status()).toMatchObject({ state: 'reading', restarts: 2, assigned: { a: [0] } });
    expect(client.stopped).toEqual([0, 1]);
    expect(said).toContainEqual(expect.stringContaining('a/0 did not move for 30 ms'));
    await reading.stop();
    expect(client.stopped).toEqual([0, 1, 2]);
    await expect(reading.done).resolves.toBeUndefined();
  });

  it.each([['does not join', doesNotJoin], ['ends by itself', crashes(true)]])('makes a consumer anew that %s', async (_what, life) => {
    const reading = reader(cluster([life]));
    await reading.reached(ALL);
    expect(reading.status()).toMatchObject({ state: 'reading', restarts: 1 });
    await reading.stop();
    expect(reading.status()).toMatchObject({ state: 'stopped', assigned: {} });
  });

  it('ends with what does not pass', async () => {
    const reading = reader(cluster([crashes(false)]));
    await expect(reading.done).rejects.toThrow('the broker is gone');
    expect(reading.status()).toMatchObject({ state: 'failed', reason: 'the broker is gone' });
    await reading.reached(ALL); // nobody waits for ever
    const slip = reader(cluster([]), { submit: () => Promise.reject(new TypeError('a slip')) });
    await expect(slip.done).rejects.toThrow('a slip');
  });

  it('says which partitions it has, and that it has none at the end', async () => {
    const reading = reader(cluster([]));
    await reading.reached(ALL);
    expect(reading.status()).toMatchObject({ assigned: { a: [0] }, rebalances: 1 });
    await reading.stop();
    expect(reading.status().assigned).toEqual({});
  });
});
