import { messageOf, ProofmarkError } from '#domain/errors.js';
import { newestOnly } from '#event-store/newest-only.js';
import { waitFor } from '#event-store/wait-for.js';
import { backOffMs, leaveOnceJoined, unlessAborted } from './back-off.js';
import { clusterMayRecover, isRetriable, kafkaClient, type Crash, type Holdings, type KafkaClient, type KafkaOptions } from './client.js';

/** What dividing work takes. */
export interface WorkGroupOptions {
  readonly kafka: KafkaOptions;
  /** A topic without messages, whose partitions are the shares; made with as many partitions as `like` where it is missing. */
  readonly topic: string;
  readonly like: string;
  /** Each stage of the work has a group of this name and its own. */
  readonly groupId: string;
  readonly log: (level: 'warning' | 'error', message: string) => void;
  /** After how long without a sign of life a member's shares go to others; 10,000 where absent. */
  readonly sessionTimeoutMs?: number;
}

/** One who takes part in a stage. */
export interface WorkMember {
  /** Rejects with what does not pass by itself; resolves after `stop`. */
  readonly done: Promise<void>;
  stop(): Promise<void>;
}

/** Processes that divide their work by a consumer group. */
export interface WorkGroup {
  /** How many shares there are. */
  readonly shares: number;
  /**
   * Takes part in a stage. `onShares` is told the shares that are ours, first when the group has agreed and then whenever
   * that changes, never while it is still at the change before. A member that loses the cluster goes on with its
   * shares until it is told otherwise: others may have taken them, which the expected revisions of what both write decide.
   */
  join(stage: string, onShares: (own: readonly number[]) => Promise<void>): WorkMember;
}

const sharesOf = async (client: KafkaClient, topic: string, like: string): Promise<number> => {
  const admin = await client.admin();
  try {
    const found = await admin.partitions([topic, like]);
    const there = found.get(topic);
    if (there !== undefined) return there;
    const wanted = found.get(like);
    if (wanted === undefined) throw new ProofmarkError('USAGE', `There is no topic ${like} in Kafka; create it (docs/engines.md, "Topics").`);
    await admin.create(topic, wanted);
    // Another process may have made it at the same moment.
    return (await admin.partitions([topic])).get(topic) ?? wanted;
  } finally {
    await admin.close();
  }
};

/** Looks into how many shares the work is divided; waits for the cluster until the signal. @throws ProofmarkError USAGE where topics are missing. */
export const openWorkGroup = async (options: WorkGroupOptions, signal: AbortSignal): Promise<WorkGroup> => {
  const client = kafkaClient({ ...options.kafka, log: options.log });
  for (let attempt = 0; ; attempt++) {
    try {
      const shares = await sharesOf(client, options.topic, options.like);
      return { shares, join: (stage, onShares) => join(client, options, stage, onShares) };
    } catch (error) {
      if (!clusterMayRecover(error) || signal.aborted) throw error;
      options.log('warning', `Kafka does not say how the work is divided: ${messageOf(error)}`);
      await waitFor(backOffMs(attempt), signal);
    }
  }
};

const join = (client: KafkaClient, { topic, groupId, log, sessionTimeoutMs = 10_000 }: WorkGroupOptions, stage: string, onShares: (own: readonly number[]) => Promise<void>): WorkMember => {
  const stopping = new AbortController();
  const { signal } = stopping;
  const holdings: Holdings = { held: [] };
  let known: string | undefined;
  let fail: (crash: Crash) => void = () => undefined;
  const changed = newestOnly(onShares);
  const failed = (error: unknown): void => fail({ error: error instanceof Error ? error : new Error(messageOf(error)), restartable: false });

  const once = async (): Promise<Crash | undefined> => {
    const refused = new Promise<Crash>((resolve) => (fail = resolve));
    const joining = client.consume({
      groupId: `${groupId}.${stage}`, topics: [topic], holdings, concurrency: 1, maxBytes: 1024 * 1024, sessionTimeoutMs, commits: false,
      onAssigned: (partitions) => {
        const own = [...(partitions.get(topic) ?? [])].sort((a, b) => a - b);
        if (known === String(own)) return; // the group has met again, and nothing is new for us
        known = String(own);
        changed(own).catch(failed);
      },
      onPosition: () => undefined,
      handle: async (batch) => batch.done(Number(batch.messages.at(-1)?.offset ?? -1) + 1),
    });
    try {
      const member = await unlessAborted(joining, signal);
      if (!member) {
        await leaveOnceJoined(joining);
        return undefined;
      }
      const crash = await unlessAborted(Promise.race([member.crashed, refused]), signal);
      await member.stop().catch(() => undefined); // a connection that is gone cannot say goodbye
      return crash;
    } catch (error) {
      return { error: error instanceof Error ? error : new Error(messageOf(error)), restartable: isRetriable(error) };
    }
  };
  const run = async (): Promise<void> => {
    for (let attempt = 0; !signal.aborted; attempt++) {
      const started = performance.now();
      const crash = await once();
      if (!crash) return;
      if (!crash.restartable) throw crash.error;
      if (performance.now() - started > 60_000) attempt = 0;
      log('warning', `The group ${groupId}.${stage} is joined anew: ${crash.error.message}`);
      await waitFor(backOffMs(attempt), signal);
    }
  };
  const done = run();
  done.catch(() => undefined); // whoever wants to know awaits it
  return {
    done,
    stop: async () => {
      stopping.abort();
      await done.catch(() => undefined); // it is told where it is awaited
    },
  };
};
