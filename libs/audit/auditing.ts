import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { messageOf, ProofmarkError } from '#domain/errors.js';
import type { EventStore, RecordedEvent } from '#event-store/event-store.js';
import { newestOnly } from '#event-store/newest-only.js';
import { lockDirectory, type DirectoryLock } from '#event-store/sqlite.js';
import { waitFor } from '#event-store/wait-for.js';
import { openAuditKey, type AuditKey, type CheckpointKeys } from './audit-key.js';
import type { Checkpoint } from './checkpoint.js';
import { CheckpointCopy } from './checkpoint-copy.js';
import { CheckpointFiles } from './checkpoint-files.js';
import { disagreement } from './log-check.js';
import { TreeReader } from './tree-files.js';
import { TreeWriter } from './tree-writer.js';

/** Where checkpoints are, in the directory of the audit. */
export const CHECKPOINTS_DIR = 'checkpoints';

export interface AuditingOptions {
  readonly store: Pick<EventStore, 'readAll' | 'head'>;
  /** The audit's own directory; one process at a time writes it. */
  readonly dir: string;
  /** A directory to which each checkpoint is written as well; none where absent. */
  readonly copyTo?: string;
  readonly keys: CheckpointKeys;
  /** The engine's public address: a log is named after it when its first key is made. */
  readonly address: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** So many random bytes. */
  readonly random: (length: number) => Uint8Array;
  /** Checkpoints are at least so far apart; a minute where absent. */
  readonly intervalMs?: number;
  /** So often it is looked what is to be done. */
  readonly lookMs?: number;
  /** Ends it, after one more checkpoint. */
  readonly signal: AbortSignal;
  readonly onProgress?: (status: AuditStatus) => void;
  /** Told of what is wrong and stops nothing, once for each reason. */
  readonly log?: (message: string) => void;
}

export interface AuditStatus {
  /** `parked`: the log or the kept tree is not what it was, or cannot be written; nothing more is recorded. */
  readonly state: 'running' | 'waiting' | 'parked';
  /** The log is recorded up to this position. */
  readonly position: number;
  /** Why it waits or stopped. */
  readonly reason?: string;
  /** The newest checkpoint. */
  readonly checkpoint?: Pick<Checkpoint, 'size' | 'position' | 'time'>;
  /** Why the newest checkpoints are not in the directory of copies. */
  readonly copyProblem?: string;
}

const INTERVAL_MS = 60_000;
const LOOK_MS = 1_000;
const SLICE = 1_000;
/** What waits to be written is at most this long; records beyond are read from the log again. */
const MOST_UNWRITTEN = 16_000_000;
/** A stop takes in at most so many records before its checkpoint. */
const MOST_AT_STOP = 50_000;
/** A stop waits no longer than this for what may be on a machine that is away: the log, the directory of copies. */
const WAIT_AT_STOP_MS = 2_000;
/** Errors that pass: the disk is full, or another process is at the directory or the key ring, or a key is missing and may come back. */
const PASSING: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'STORE_FULL', 'KEYS_LOCKED', 'STORE_LOCKED']);
/** What may have to wait. */
type Step = 'start' | 'lock' | 'write' | 'sign';

const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
/** Resolves by itself after a while, if nothing else keeps the process. */
const whileStopping = (signal?: AbortSignal): Promise<undefined> => sleep(WAIT_AT_STOP_MS, undefined, { ref: false, ...(signal && { signal }) });
const codeOf = (error: unknown): unknown => (Object(error) as { readonly code?: unknown }).code;

/**
 * Records every event of the log in a tree of hashes and signs, now and then, what it comes to. It follows the log by what
 * others read of it (`offer`), and reads by itself what they did not, so that it holds nobody up.
 */
export class Auditing {
  readonly #files: CheckpointFiles;
  readonly #copy: (() => Promise<void>) | undefined;
  #status: AuditStatus = { state: 'running', position: 0 };
  #tree: TreeWriter | undefined;
  /** When the newest checkpoint was made, and over how many records. */
  #newest: { readonly at: number; readonly size: number } = { at: -Infinity, size: 0 };
  #triedAt = -Infinity;
  /** How often somebody has read something since the last look, and how far they have come. */
  #offers = 0;
  #offeredTo = 0;
  /** What could not be done the last time, and why. */
  readonly #waiting = new Map<Step, string>();
  /** Why nothing more can be taken in. */
  #failure: ProofmarkError | undefined;
  #copying: Promise<void> = Promise.resolve();
  #copyBegan: number | undefined;
  #copiedAt = -Infinity;

  constructor(private readonly options: AuditingOptions) {
    this.#files = new CheckpointFiles(join(options.dir, CHECKPOINTS_DIR));
    const { copyTo } = options;
    if (copyTo === undefined) return;
    const copy = new CheckpointCopy(this.#files.dir, copyTo);
    const update = newestOnly(() => copy.update());
    this.#copy = () => update(undefined);
  }

  get status(): AuditStatus {
    return this.#status;
  }

  /** Records the log until the signal is aborted, or something cannot go on: it is then parked, and never throws. */
  async run(): Promise<void> {
    const { signal, intervalMs = INTERVAL_MS, log } = this.options;
    try {
      while (!(await this.#passes('start', () => this.#start())) && !signal.aborted) await waitFor(intervalMs, signal);
    } catch (error) {
      log?.(messageOf(error));
      this.#report({ state: 'parked', reason: messageOf(error) });
    }
  }

  /** Takes in what somebody has read of the log: all of it after a position, in order. What does not follow on what is recorded is left. */
  offer(after: number, events: readonly RecordedEvent[]): void {
    this.#offers += 1;
    this.#offeredTo = Math.max(this.#offeredTo, events.at(-1)?.position ?? 0);
    try {
      this.#take(after, events);
    } catch (error) {
      this.#tree = undefined; // nothing follows any more
      this.#failure = new ProofmarkError('STORE_FAILED', messageOf(error), { cause: error }); // not that of whoever has read it
    }
  }

  #take(after: number, events: readonly RecordedEvent[]): void {
    const tree = this.#tree;
    if (!tree || after > tree.position || tree.unwritten > MOST_UNWRITTEN) return;
    const first = events.findIndex(({ position }) => position > tree.position);
    if (first >= 0) tree.append(first === 0 ? events : events.slice(first));
  }

  async #start(): Promise<void> {
    const lock = await this.#lock();
    try {
      if (lock) await this.#record();
    } finally {
      lock?.release();
    }
  }

  /** One process writes the directory: another one may be about to end. Undefined where it is over before. */
  async #lock(): Promise<DirectoryLock | undefined> {
    const { dir, lookMs = LOOK_MS, signal } = this.options;
    let lock: DirectoryLock | undefined;
    const take = async (): Promise<void> => void (lock = lockDirectory(dir, 'audit'));
    while (!signal.aborted && !(await this.#passes('lock', take))) await waitFor(lookMs, signal);
    return lock;
  }

  async #record(): Promise<void> {
    const { dir, keys, address, store, random, signal, lookMs = LOOK_MS } = this.options;
    const key = await openAuditKey(dir, keys, address);
    await this.#files.publish(key.verifier);
    const newest = await this.#files.newest(await this.#files.keys());
    const tree = await TreeWriter.open(dir, newest);
    try {
      const reader = await TreeReader.open(dir);
      const wrong = await this.#unlessStopped(disagreement(reader, store, random)).finally(() => reader.close());
      if (wrong === undefined) return; // the log cannot be asked, and it is to stop
      if (wrong !== 'none') {
        throw new ProofmarkError('STORE_CORRUPT', `The log is not what the audit has recorded: ${wrong}. The audit has stopped and changes nothing in ${dir}. See what "proofmark audit verify" says; where the log was restored from an older copy, restore ${dir} as it was then, or move it away, and keep it.`);
      }
      if (newest) this.#newest = { at: newest.time, size: newest.size };
      this.#tree = tree;
      this.#report(newest ? { checkpoint: newest } : {});
      this.#startCopy();
      while (!signal.aborted) {
        const others = this.#offers > 0;
        this.#offers = 0;
        await this.#catchUp(tree, { others });
        await this.#look(tree, key);
        await waitFor(lookMs, signal);
        if (this.#failure) throw this.#failure;
      }
      await this.#catchUp(tree, { most: MOST_AT_STOP });
      await this.#checkpoint(tree, key);
      await this.#unlessStopped(this.#copying);
    } finally {
      this.#tree = undefined;
      await tree.close();
    }
  }

  /** Reads what nobody has offered: where `others` read on, up to where they are; else to the end. Until a stop, or what a stop has time for (`most`). */
  async #catchUp(tree: TreeWriter, { others = false, most }: { readonly others?: boolean; readonly most?: number }): Promise<void> {
    const { store, signal } = this.options;
    for (let read = 0; most === undefined ? !signal.aborted : read < most; ) {
      const after = tree.position;
      if (others && after >= this.#offeredTo) return;
      const events = await this.#unlessStopped(store.readAll({ after, limit: SLICE }));
      this.#take(after, events ?? []);
      read += SLICE;
      if (!events || events.length < SLICE) return;
      if (tree.unwritten > MOST_UNWRITTEN / 2 && !(await this.#passes('write', () => tree.write()))) return;
      await nextTurn();
    }
  }

  /** What comes of something that may wait for a server without end; undefined where a stop has waited for it long enough. */
  async #unlessStopped<T>(work: Promise<T>): Promise<T | undefined> {
    const { signal } = this.options;
    const done = new AbortController();
    const given = new Promise<undefined>((resolve) => {
      const wait = (): void => void whileStopping(done.signal).then(resolve, () => undefined);
      if (signal.aborted) wait();
      else signal.addEventListener('abort', wait, { signal: done.signal });
    });
    return Promise.race([work, given]).finally(() => done.abort());
  }

  async #look(tree: TreeWriter, key: AuditKey): Promise<void> {
    const now = this.options.now();
    const interval = this.options.intervalMs ?? INTERVAL_MS;
    const since = (at: number): number => Math.abs(now - at); // clocks are put back
    if (since(this.#newest.at) >= interval && since(this.#triedAt) >= interval) await this.#checkpoint(tree, key);
    else await this.#passes('write', () => tree.write());
    if (this.#copyBegan !== undefined && since(this.#copyBegan) > interval) this.#tellOfCopy(`${this.options.copyTo ?? ''} has not answered since ${new Date(this.#copyBegan).toISOString()}.`);
    else if (this.#copyBegan === undefined && since(this.#copiedAt) >= interval) this.#startCopy();
    this.#report({});
  }

  /** Signs what the tree comes to, unless nothing has come since. */
  async #checkpoint(tree: TreeWriter, key: AuditKey): Promise<void> {
    const head = tree.head();
    if (head.size === this.#newest.size) return;
    this.#triedAt = this.options.now();
    if (!(await this.#passes('write', () => tree.write()))) return;
    await tree.sync();
    await this.#passes('sign', async () => {
      const checkpoint = await key.sign({ ...head, time: this.options.now() });
      await this.#files.add(checkpoint);
      this.#newest = { at: checkpoint.time, size: checkpoint.size };
      this.#report({ checkpoint });
      this.#startCopy();
    });
  }

  /** False where something could not be done and may be later: that is said until it was done. */
  async #passes(what: Step, work: () => Promise<void>): Promise<boolean> {
    const before = this.#waiting.get(what);
    try {
      await work();
      this.#waiting.delete(what);
    } catch (error) {
      if (!PASSING.has(codeOf(error))) throw error;
      const reason = messageOf(error);
      if (before !== reason) this.options.log?.(`The audit waits: ${reason}`);
      this.#waiting.set(what, reason);
    }
    if (this.#waiting.get(what) !== before) this.#report({});
    return !this.#waiting.has(what);
  }

  #startCopy(): void {
    if (!this.#copy) return;
    this.#copyBegan ??= this.options.now();
    this.#copying = this.#copy().then(
      () => this.#tellOfCopy(undefined),
      (error: unknown) => this.#tellOfCopy(messageOf(error)),
    ).finally(() => {
      this.#copyBegan = undefined;
      this.#copiedAt = this.options.now();
    });
  }

  #tellOfCopy(problem: string | undefined): void {
    if (problem !== undefined && problem !== this.#status.copyProblem) this.options.log?.(`Checkpoints of the audit are not copied: ${problem}`);
    const { copyProblem: _, ...status } = this.#status;
    this.#status = status;
    this.#report(problem === undefined ? {} : { copyProblem: problem });
  }

  #report({ checkpoint, ...change }: Partial<AuditStatus>): void {
    const { reason: _, ...status } = this.#status;
    const reason = [...this.#waiting.values()].join(' ');
    this.#status = {
      ...status,
      state: reason === '' ? 'running' : 'waiting',
      position: this.#tree?.position ?? status.position,
      ...(reason !== '' && { reason }),
      ...change,
      ...(checkpoint && { checkpoint: { size: checkpoint.size, position: checkpoint.position, time: checkpoint.time } }),
    };
    this.options.onProgress?.(this.#status);
  }
}
