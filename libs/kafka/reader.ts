import { messageOf } from '#domain/errors.js';
import { waitFor } from '#event-store/wait-for.js';
import { backOffMs, leaveOnceJoined, unlessAborted } from './back-off.js';
import { clusterMayRecover, isRetriable, type Consuming, type Crash, type KafkaAdmin, type KafkaClient } from './client.js';
import type { PartitionBatch, PartitionId } from './message.js';
import { storeMayRecover, takeIn, type TakeIn } from './take-in.js';
import { watchdog, type Progress } from './watchdog.js';

/** What a reader reads, and where it goes. */
export interface ReaderOptions extends TakeIn {
  readonly client: KafkaClient;
  readonly topics: readonly string[];
  readonly groupId: string;
  /** False for one that reads everything anew at each start. */
  readonly commits: boolean;
  readonly concurrency: number;
  readonly maxBytes: number;
  readonly sessionTimeoutMs: number;
  /** After how long a partition that has messages and does not move has the consumer made anew. */
  readonly stallMs: number;
  readonly watchMs: number;
  /** Told of everything that people should know and that is no failure of the whole. */
  readonly log: (level: 'warning' | 'error', message: string) => void;
}

/** How a reader is. */
export interface ReaderState {
  readonly state: 'connecting' | 'reading' | 'waiting' | 'stopped' | 'failed';
  /** Why it waits, or what failed. */
  readonly reason?: string;
  /** By topic, the numbers of its partitions that this reader has. */
  readonly assigned: Readonly<Record<string, readonly number[]>>;
  /** Messages that it has still to deal with, as of the last look. */
  readonly lag: number;
  /** How often the group has agreed on who reads what. */
  readonly rebalances: number;
  /** How often the consumer was made anew. */
  readonly restarts: number;
  /** Bytes of the messages that are being dealt with, and the most there ever were. */
  readonly bytesUnderWay: number;
  readonly mostBytesUnderWay: number;
}

const keyOf = (topic: string, partition: number): string => `${topic}/${partition}`;

/** How long a consumer may take to leave in peace. */
const STOP_MS = 10_000;

/**
 * Reads topics until it is stopped: makes the consumer anew when it ends or stands still, holds partitions back while
 * the store cannot write, and commits what is durable.
 */
export class Reader {
  /** Settles when reading is over: resolves after `stop`, rejects with what does not pass by itself. */
  readonly done: Promise<void>;
  private readonly stopping = new AbortController();
  private readonly holdings = { held: [] as readonly number[] };
  private readonly positions = new Map<string, number>();
  private readonly busy = new Map<string, number>();
  private readonly paused = new Map<string, () => void>();
  private readonly waiters = new Set<() => void>();
  private assigned: ReadonlyMap<string, readonly number[]> = new Map();
  private state: ReaderState['state'] = 'connecting';
  private reason: string | undefined;
  private lag = 0;
  private rebalances = 0;
  private restarts = -1;
  private underWay = 0;
  private most = 0;
  private readonly failures = new Map<string, number>();
  private crash: (crash: Crash) => void = () => undefined;

  constructor(private readonly options: ReaderOptions) {
    this.done = this.run();
    this.done.catch(() => undefined); // whoever wants to know awaits it
  }

  status(): ReaderState {
    const { state, reason, lag, rebalances, restarts, underWay, most } = this;
    return {
      state, lag, rebalances, restarts: Math.max(0, restarts), bytesUnderWay: underWay, mostBytesUnderWay: most,
      assigned: Object.fromEntries(this.assigned), ...(reason !== undefined && { reason }),
    };
  }

  /** Finishes what is under way, commits it and leaves. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.done.catch(() => undefined); // it is told where it is awaited
  }

  /** Resolves once every message before the given ends has been dealt with, or when reading is over. */
  async reached(ends: readonly (PartitionId & { readonly end: number })[]): Promise<void> {
    const missing = (): boolean => ends.some(({ topic, partition, end }) => (this.positions.get(keyOf(topic, partition)) ?? 0) < end);
    while (missing() && this.state !== 'stopped' && this.state !== 'failed') {
      await new Promise<void>((resolve) => this.waiters.add(resolve));
    }
  }

  private tell(): void {
    for (const wake of this.waiters) wake();
    this.waiters.clear();
  }

  private enter(state: ReaderState['state'], reason?: string): void {
    this.state = state;
    this.reason = reason;
    this.tell();
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    try {
      for (let attempt = 0; !signal.aborted; attempt++) {
        this.restarts++;
        const started = performance.now();
        const crash = await this.consume();
        if (!crash || signal.aborted) break;
        if (!crash.restartable) throw crash.error;
        if (performance.now() - started > 60_000) attempt = 0;
        this.enter('connecting', messageOf(crash.error));
        this.options.log('warning', `Reading ${this.options.topics.join(', ')} begins anew: ${messageOf(crash.error)}`);
        await waitFor(backOffMs(attempt), signal);
      }
      this.enter('stopped');
    } catch (error) {
      this.enter('failed', messageOf(error));
      throw error;
    }
  }

  /** One consumer's life; resolves to why it ended, or to nothing where it was to stop. */
  private async consume(): Promise<Crash | undefined> {
    const { client, topics, groupId, commits, concurrency, maxBytes, sessionTimeoutMs } = this.options;
    const { signal } = this.stopping;
    const ended = new Promise<Crash>((resolve) => (this.crash = resolve));
    this.positions.clear();
    const joining = client.consume({
      groupId, topics, commits, concurrency, maxBytes, sessionTimeoutMs,
      holdings: this.holdings,
      onAssigned: (partitions) => this.take(partitions),
      onPosition: (topic, partition, next) => {
        this.positions.set(keyOf(topic, partition), next);
        this.tell();
      },
      handle: (batch) => this.handle(batch),
    });
    let consuming: Consuming | undefined;
    try {
      consuming = await unlessAborted(joining, signal);
    } catch (error) {
      return { error: error instanceof Error ? error : new Error(messageOf(error)), restartable: isRetriable(error) };
    }
    if (!consuming) {
      await leaveOnceJoined(joining);
      this.release();
      return undefined;
    }
    const over = new AbortController();
    const watching = this.watch(consuming, over.signal);
    const crash = await unlessAborted(Promise.race([consuming.crashed, ended]), signal);
    over.abort();
    await this.leave(consuming, watching);
    return crash;
  }

  private take(partitions: ReadonlyMap<string, readonly number[]>): void {
    this.assigned = partitions;
    this.rebalances += 1;
    this.positions.clear();
    this.failures.clear();
    this.enter('reading');
  }

  private async leave(consuming: Consuming, watching: Promise<void>): Promise<void> {
    for (const resume of this.paused.values()) resume();
    this.paused.clear();
    const stopped = Promise.allSettled([consuming.stop(), watching]); // a connection that is gone cannot say goodbye
    const patience = new AbortController();
    // One that has lost its way may never leave: the group takes its partitions back by itself.
    await Promise.race([stopped.then(() => patience.abort()), waitFor(STOP_MS, patience.signal)]);
    this.release();
  }

  private release(): void {
    this.assigned = new Map();
  }

  private async handle(batch: PartitionBatch): Promise<void> {
    const key = keyOf(batch.topic, batch.partition);
    const bytes = batch.messages.reduce((sum, { key: name, value }) => sum + (name?.length ?? 0) + (value?.length ?? 0), 0);
    this.underWay += bytes;
    this.most = Math.max(this.most, this.underWay);
    this.busy.set(key, (this.busy.get(key) ?? 0) + 1);
    try {
      const taken = await takeIn(batch, this.options, (error) => storeMayRecover(error) || clusterMayRecover(error));
      if (taken.outcome === 'failed') this.holdBack(batch, taken.error);
      else this.recovered(key);
    } catch (error) {
      this.crash({ error: error instanceof Error ? error : new Error(messageOf(error)), restartable: false });
    } finally {
      this.underWay -= bytes;
      this.busy.set(key, (this.busy.get(key) ?? 1) - 1);
    }
  }

  private recovered(key: string): void {
    this.failures.delete(key);
    if (this.state === 'waiting' && this.failures.size === 0) this.enter('reading');
  }

  /** Leaves the partition alone for a while; then the same messages come again. */
  private holdBack(batch: PartitionBatch, error: Error): void {
    const key = keyOf(batch.topic, batch.partition);
    const resume = batch.pause();
    const failures = this.failures.get(key) ?? 0;
    this.paused.set(key, resume);
    this.failures.set(key, failures + 1);
    if (this.state === 'reading') {
      this.options.log('warning', `Messages wait in Kafka, since they cannot be recorded now: ${messageOf(error)}`);
      this.enter('waiting', messageOf(error));
    }
    void waitFor(backOffMs(failures), this.stopping.signal).then(() => {
      if (this.paused.get(key) !== resume) return;
      this.paused.delete(key);
      resume();
    });
  }

  /** Looks at regular intervals how far everything is. */
  private async watch(consuming: Consuming, over: AbortSignal): Promise<void> {
    const { client, watchMs, stallMs, log } = this.options;
    const dog = watchdog(stallMs);
    let admin: KafkaAdmin | undefined;
    while (!over.aborted) {
      await waitFor(watchMs, over);
      if (over.aborted) break;
      try {
        await consuming.flush();
        admin ??= await client.admin();
        const progress = await this.look(admin);
        const stuck = dog.observe(performance.now(), progress);
        if (stuck.length === 0) continue;
        const names = stuck.map(({ topic, partition }) => keyOf(topic, partition)).join(', ');
        this.crash({ error: new Error(`${names} did not move for ${stallMs} ms though there are messages`), restartable: true });
      } catch (error) {
        log('warning', `How far reading is could not be seen: ${messageOf(error)}`);
        await admin?.close().catch(() => undefined); // the next look connects anew
        admin = undefined;
      }
    }
    await admin?.close().catch(() => undefined); // nothing rests on its farewell
  }

  private async look(admin: KafkaAdmin): Promise<readonly Progress[]> {
    const { groupId, commits } = this.options;
    const progress: Progress[] = [];
    for (const [topic, numbers] of this.assigned) {
      const committed = commits ? await admin.committed(groupId, topic) : new Map<number, number>();
      for (const { partition, low, high } of await admin.ends(topic)) {
        if (!numbers.includes(partition)) continue;
        const key = keyOf(topic, partition);
        const before = committed.get(partition);
        if (before !== undefined && before < low) {
          this.options.log('error', `${key}: ${low - before} messages were deleted before they were read; keep messages longer (retention.ms)`);
        }
        const position = Math.max(low, this.positions.get(key) ?? before ?? low);
        progress.push({ topic, partition, position, end: high, excused: (this.busy.get(key) ?? 0) > 0 || this.paused.has(key) });
      }
    }
    this.lag = progress.reduce((sum, { position, end }) => sum + Math.max(0, end - position), 0);
    return progress;
  }
}
