import { randomUUID } from 'node:crypto';
import { createWriteStream, type ReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CSV_LIMITS } from '#credentials/batch/csv-limits.js';
import type { Mapping } from '#credentials/batch/mapping.js';
import type { Preview } from '#credentials/batch/standing.js';
import { messageOf, ProofmarkError } from '#domain/errors.js';
import { Turns } from '#event-store/turns.js';
import type { NotAwarded } from './archive.js';
import { mapBatch, openBatch, type Batch, type BatchEngine, type OpenedBatch } from './batch.js';
import { columnSamples, type ColumnSample } from './columns.js';
import { confirmationOf } from './confirmation.js';
import { fileSource } from './file-source.js';
import { issueBatch, type IssueSettings, type Stage } from './issue-batch.js';
import { previewBatch, type PreviewedRow } from './preview.js';
import { readPreviewedRows, writePreviewedRows, type RowsAsked } from './previewed-rows.js';

/** What is kept of a batch between requests; no name of anybody. */
interface Kept {
  readonly id: string;
  readonly tenant: string;
  readonly badge: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly columns: readonly string[];
  readonly mapping: Mapping;
  /** Absent while it is not known who gets the badge; `problem` then says what is missing. */
  readonly preview?: Preview;
  /** Names what the preview shows: who issues sends it back. */
  readonly confirm?: string;
  readonly state: 'uploaded' | 'waiting' | 'issuing' | 'done' | 'failed' | 'cancelled';
  readonly by?: string;
  /** What was said besides the rows when it was last issued. */
  readonly settings?: Omit<IssueSettings, 'by'>;
  readonly problem?: string;
  readonly result?: BatchResult;
}

/** What came of a batch. */
export interface BatchResult {
  /** Approvals that were recorded. */
  readonly approved: number;
  /** Rows that intake did not take; the first of them with the reasons. */
  readonly refused: number;
  readonly refusedRows: readonly { readonly line: number; readonly detail: string }[];
  readonly awarded: number;
  readonly notAwarded: number;
  /** The first of those who were approved and do not have the badge. */
  readonly lacking: readonly NotAwarded[];
  /** Pictures that are not on the certificates, with the reasons. */
  readonly unused: readonly string[];
}

/** A batch of which a crash has left nothing that could be read. */
interface Damaged {
  readonly id: string;
  readonly state: 'damaged';
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

/** A damaged batch as its owner sees it. */
export interface DamagedBatchView extends Damaged {
  readonly problem: string;
  readonly removedAt: number;
}

/** A batch as its owner sees it. */
export interface BatchView extends Omit<Kept, 'state' | 'tenant'> {
  /** interrupted: the engine stopped meanwhile; issuing it again goes on, as it does with what was cancelled. */
  readonly state: Kept['state'] | 'interrupted';
  readonly progress?: { readonly stage: Stage; readonly rows: number; readonly of: number };
  /** It was asked to stop, and does so as soon as it can. */
  readonly cancelling?: boolean;
  /** When it and its files are removed, epoch milliseconds. */
  readonly removedAt: number;
}

/** Why a batch cannot be had or changed. */
export class BatchRefusal extends Error {
  constructor(
    readonly kind: 'not-found' | 'conflict' | 'preview-moved' | 'busy' | 'too-large',
    message: string,
  ) {
    super(message);
  }
}

/** Work on a batch that is under way or waits for its turn. */
interface Job {
  stage: Stage | undefined;
  rows: number;
  readonly cancel: AbortController;
}

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Uploaded files and archives hold names: they are removed after so long. */
const LIFE_MS = 24 * 3_600_000;
const SWEEP_MS = 600_000;
/** So many batches are kept at once, and may wait for their turn. */
const MOST_KEPT = 50;
const MOST_WAITING = 10;
const [UPLOAD, ARCHIVE, ABOUT, ROWS] = ['upload.csv', 'archive.zip', 'batch.json', 'rows.ndjson'] as const;
/** What nothing is being done with any more. */
const ENDED: ReadonlySet<string> = new Set(['done', 'failed', 'cancelled'] satisfies Kept['state'][]);
/** So many rows that intake did not take are told. */
const MOST_REFUSED = 50;

const notFound = (): BatchRefusal => new BatchRefusal('not-found', 'There is no batch of this id. Batches are removed after 24 hours; upload the file again: a repeated row issues nothing twice.');

const DAMAGED = 'What is known of this batch is damaged, by a crash or on the disk. Delete it and upload the file again: a repeated row issues nothing twice.';

const isKept = (value: unknown): value is Kept =>
  typeof value === 'object' && value !== null && (['id', 'tenant', 'badge', 'createdAt', 'columns', 'mapping', 'state'] as const).every((name) => name in value);

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/**
 * Batches that are uploaded, looked at, and issued one after another. Their files stand in a directory of their own,
 * readable by the engine's user alone, until they are removed.
 */
export class BatchDesk {
  readonly #dir: string;
  readonly #jobs = new Map<string, Job>();
  /** What changes a batch waits for what is changing it. Reading one waits for nothing: its file is replaced whole. */
  readonly #turns = new Turns();
  readonly #ending = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #turn: Promise<unknown> = Promise.resolve();
  #receiving = 0;

  constructor(
    private readonly engine: BatchEngine,
    /** Epoch milliseconds. */
    private readonly now: () => number,
    /** Takes what went wrong in a batch and is nothing for its owner. */
    private readonly log: (line: string) => void,
  ) {
    this.#dir = join(engine.config.dataDir, 'batches');
    // What cannot be removed now is tried again.
    this.#timer = setInterval(() => void this.sweep().catch((error: unknown) => this.log(`Batches that have had their time cannot be removed: ${messageOf(error)}`)), SWEEP_MS);
    this.#timer.unref();
  }

  /** Removes what has had its time, and what is left of uploads that never ended. */
  async sweep(): Promise<void> {
    for (const id of await this.#ids()) {
      if (this.#jobs.has(id) || this.#turns.isTaken(id)) continue; // the next sweep sees it again
      await this.#turns.take(id, async () => {
        const kept = await this.#read(id);
        const since = kept?.createdAt ?? (await this.#changedAt(id));
        if (this.now() - since > (kept ? LIFE_MS : SWEEP_MS)) await this.#erase(id);
      });
    }
  }

  /** All batches that are kept, the newest first. */
  async list(): Promise<readonly (BatchView | DamagedBatchView)[]> {
    const found: (BatchView | DamagedBatchView)[] = [];
    for (const id of await this.#ids()) {
      const job = this.#jobs.get(id);
      const kept = await this.#read(id);
      if (kept && this.#isOurs(kept) && this.#isInTime(kept)) found.push(this.#view(kept, job));
    }
    return found.sort((one, other) => other.createdAt - one.createdAt || (one.id < other.id ? -1 : 1));
  }

  /** Takes a file and shows what issuing it would do, to who would approve. @throws BatchRefusal; ProofmarkError USAGE, NOT_FOUND */
  async receive(badge: string, body: AsyncIterable<Uint8Array>, by?: string): Promise<BatchView> {
    await this.sweep();
    if ((await this.#ids()).length >= MOST_KEPT || this.#receiving >= MOST_WAITING) throw new BatchRefusal('busy', `${MOST_KEPT} batches are kept already, or ${MOST_WAITING} come in. Delete those that are done.`);
    const id = randomUUID();
    this.#receiving += 1;
    return this.#turns.take(id, () => this.#receive(id, badge, body, by)).finally(() => (this.#receiving -= 1));
  }

  async #receive(id: string, badge: string, body: AsyncIterable<Uint8Array>, by: string | undefined): Promise<BatchView> {
    try {
      await mkdir(join(this.#dir, id), { recursive: true, mode: 0o700 });
      await this.#store(id, body);
      const opened = await openBatch(this.engine, badge, fileSource(this.#path(id, UPLOAD)));
      const { config: { tenant } } = this.engine;
      return await this.#looked({ id, tenant, badge, createdAt: this.now(), columns: opened.file.columns, mapping: opened.suggested, state: 'uploaded' }, opened, {}, by);
    } catch (error) {
      await this.#erase(id);
      throw error;
    }
  }

  /** Shows what issuing a batch would do with other columns. @throws BatchRefusal; ProofmarkError USAGE, NOT_FOUND */
  look(id: string, changes: Mapping, by: string | undefined): Promise<BatchView> {
    return this.#turns.take(id, async () => {
      const kept = await this.#open(id);
      const opened = await openBatch(this.engine, kept.badge, fileSource(this.#path(id, UPLOAD)));
      return this.#looked(kept, opened, changes, by);
    });
  }

  /** A batch and how far it is. @throws BatchRefusal */
  async get(id: string): Promise<BatchView | DamagedBatchView> {
    const job = this.#jobs.get(id); // before its file is read: without a job, that has the last word
    const kept = await this.#known(id);
    if (!job || !ENDED.has(kept.state)) return this.#view(kept, job);
    await this.#turns.take(id, () => Promise.resolve()); // its end or its start is being written: who is told of it can go on from there
    return this.get(id);
  }

  /** The rows of a batch as its preview has them. @throws BatchRefusal where there is none */
  async rows(id: string, asked: RowsAsked): Promise<readonly PreviewedRow[]> {
    const kept = await this.#known(id);
    if (kept.state === 'damaged' || !kept.preview) throw new BatchRefusal('conflict', kept.state === 'damaged' ? DAMAGED : 'There is no preview yet: say which column says who gets the badge.');
    try {
      return await readPreviewedRows(this.#path(id, ROWS), asked);
    } catch (error) {
      if (isMissing(error)) throw new BatchRefusal('conflict', 'Its preview was made by an earlier version of the program. Look at it again.');
      throw error;
    }
  }

  /** The columns of a batch's file with their first cells. @throws BatchRefusal */
  async columns(id: string): Promise<readonly ColumnSample[]> {
    const { state } = await this.#known(id);
    if (state === 'damaged') throw new BatchRefusal('conflict', DAMAGED);
    return columnSamples(fileSource(this.#path(id, UPLOAD)));
  }

  /**
   * Starts issuing a batch, or goes on with one that was interrupted, cancelled or failed: as the preview has shown it that `confirm` names.
   * @throws BatchRefusal where it is under way or done, or something else would be issued; ProofmarkError USAGE where its columns do not say who.
   */
  issue(id: string, confirm: string, { by, ...settings }: IssueSettings): Promise<BatchView> {
    return this.#turns.take(id, async () => {
      const kept = await this.#open(id);
      if (this.#jobs.size >= MOST_WAITING) throw new BatchRefusal('busy', `${MOST_WAITING} batches wait for their turn already.`);
      const job: Job = { stage: undefined, rows: 0, cancel: new AbortController() };
      this.#jobs.set(id, job); // before anything is waited for, so that no more wait than may
      try {
        const source = fileSource(this.#path(id, UPLOAD));
        const batch = mapBatch(await openBatch(this.engine, kept.badge, source), {}, kept.mapping);
        if (confirm !== (await confirmationOf(id, source, batch))) throw new BatchRefusal('preview-moved', 'What was confirmed is not what would be issued: the columns, the file, or the rule of the badge are others now. Look at the preview again. Nothing was issued.');
        const { problem: _, ...rest } = kept;
        const next: Kept = { ...rest, by, settings, state: 'waiting' };
        await this.#keep(next);
        this.#turn = this.#turn.then(() => this.#run(next, batch, { by, ...settings }, job));
        return this.#view(next, job);
      } catch (error) {
        this.#jobs.delete(id);
        throw error;
      }
    });
  }

  /** Ends what is under way, as soon as it can be; who is approved by then keeps that, and it can be gone on with. @throws BatchRefusal where nothing is */
  async cancel(id: string): Promise<BatchView | DamagedBatchView> {
    const job = this.#jobs.get(id);
    const kept = await this.#known(id);
    if (!job) throw new BatchRefusal('conflict', 'This batch is not being issued; nothing is there to be stopped.');
    job.cancel.abort(new Error('The batch was cancelled.'));
    return this.#view(kept, job);
  }

  /** The archive of a batch that is done. @throws BatchRefusal */
  async archive(id: string): Promise<{ readonly stream: ReadStream; readonly length: number }> {
    const { state } = await this.#known(id);
    if (state !== 'done') throw new BatchRefusal('conflict', 'The archive is there when the batch is issued; its state says how far it is.');
    const path = this.#path(id, ARCHIVE);
    let file: FileHandle;
    try {
      file = await open(path);
    } catch (error) {
      if (isMissing(error)) throw notFound();
      throw error;
    }
    try {
      return { length: (await file.stat()).size, stream: file.createReadStream() };
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Removes a batch and its files; what it has issued stays. @throws BatchRefusal where it is under way */
  remove(id: string): Promise<void> {
    return this.#turns.take(id, async () => {
      await this.#idle(id);
      await this.#erase(id);
    });
  }

  /** Ends what is under way; it can be gone on with. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#ending.abort(new Error('The engine is stopping.'));
    await this.#turns.over();
    await this.#turn;
  }

  async #run(kept: Kept, batch: Batch, settings: IssueSettings, job: Job): Promise<void> {
    const ending = this.#ending.signal;
    const signal = AbortSignal.any([ending, job.cancel.signal]);
    const refused: { readonly line: number; readonly detail: string }[] = [];
    let refusedRows = 0;
    try {
      if (ending.aborted) return; // it stays as it is, which is told as interrupted
      signal.throwIfAborted();
      await this.#keep({ ...kept, state: 'issuing' });
      const { approved, outcome } = await issueBatch(this.engine, batch, settings, {
        zip: this.#path(kept.id, ARCHIVE),
        now: this.now(),
        signal,
        onStage: (stage) => Object.assign(job, { stage, rows: 0 }),
        onRows: (rows) => (job.rows = rows),
        onBad: ({ line, problems: [problem], letter }) => {
          if (letter === undefined) return; // the preview has told it
          refusedRows += 1;
          if (refused.length < MOST_REFUSED) refused.push({ line, detail: problem?.en ?? '' });
        },
      });
      await this.#end({ ...kept, state: 'done', result: { approved: approved.recorded, refused: refusedRows, refusedRows: refused, ...outcome } });
    } catch (error) {
      if (ending.aborted) return;
      await this.#end(job.cancel.signal.aborted ? { ...kept, state: 'cancelled' } : { ...kept, state: 'failed', problem: this.#told(kept.id, error) }).catch((unkept: unknown) => {
        this.log(`How it ended cannot be kept, so it is told as interrupted: ${messageOf(unkept)}`);
      });
    } finally {
      if (this.#jobs.get(kept.id) === job) this.#jobs.delete(kept.id); // it may have been started anew by now
    }
  }

  /** In a turn of its own, so that who has seen how it ended and asks for something next finds it free. */
  #end(kept: Kept): Promise<void> {
    return this.#turns.take(kept.id, async () => {
      await this.#keep(kept);
      this.#jobs.delete(kept.id);
    });
  }

  /** Why a batch failed, as its owner may know it: what the disk or a program says has paths in it, and is for the log. */
  #told(id: string, error: unknown): string {
    if (error instanceof ProofmarkError) return error.message;
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return 'The disk is full. Make room there, then issue it again: it goes on where it was.';
    const incident = randomUUID();
    this.log(`${incident} batch ${id}: ${error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}`);
    return `Something went wrong here; the server's log has more about it under the id ${incident}. Issue it again: it goes on where it was.`;
  }

  async #looked(kept: Kept, opened: OpenedBatch, changes: Mapping, by: string | undefined): Promise<BatchView> {
    const { preview: _none, confirm: _former, problem: former, ...others } = kept;
    const rest = kept.state === 'failed' && former !== undefined ? { ...others, problem: former } : others; // looking mends no failure
    let next: Kept;
    try {
      const batch = mapBatch(opened, changes, kept.mapping);
      const confirm = await confirmationOf(kept.id, fileSource(this.#path(kept.id, UPLOAD)), batch);
      const preview = await writePreviewedRows(this.#path(kept.id, ROWS), (onGroup) => previewBatch(this.engine, batch, { now: this.now(), signal: this.#ending.signal, onGroup, ...(by !== undefined && { by }) }));
      next = { ...rest, mapping: batch.mapping, preview, confirm };
    } catch (error) {
      // Right after the upload a guess that fails is no failure: somebody can still say which column is which.
      if (!(error instanceof ProofmarkError) || error.code !== 'USAGE' || Object.keys(changes).length > 0 || hasRecipient(kept.mapping)) throw error;
      next = { ...rest, problem: error.message };
    }
    await this.#keep(next);
    return this.#view(next);
  }

  #view(kept: Kept, job?: Job): BatchView;
  #view(kept: Kept | Damaged, job?: Job): BatchView | DamagedBatchView;
  #view(kept: Kept | Damaged, job?: Job): BatchView | DamagedBatchView {
    const removedAt = kept.createdAt + LIFE_MS;
    if (kept.state === 'damaged') return { ...kept, problem: DAMAGED, removedAt };
    const { state, tenant: _, ...rest } = kept;
    const gone = !job && (state === 'issuing' || state === 'waiting');
    const of = kept.preview?.rows ?? 0;
    return { ...rest, state: gone ? 'interrupted' : state, removedAt, ...(job?.stage && { progress: { stage: job.stage, rows: job.rows, of } }), ...(job?.cancel.signal.aborted && { cancelling: true }) };
  }

  /** A batch that can be looked at and issued. @throws BatchRefusal */
  async #open(id: string): Promise<Kept> {
    const kept = await this.#idle(id);
    if (kept.state === 'damaged') throw new BatchRefusal('conflict', DAMAGED);
    if (kept.state === 'done') throw new BatchRefusal('conflict', 'This batch is issued; its archive is there until it is removed. To issue to more people, upload another file.');
    return kept;
  }

  /** A batch that nothing is being done with; who asks has its turn. @throws BatchRefusal */
  async #idle(id: string): Promise<Kept | Damaged> {
    // Before its file is read: work that ends meanwhile has the last word in it.
    if (this.#jobs.has(id)) throw new BatchRefusal('conflict', 'This batch is being issued, or waits for its turn.');
    return this.#known(id, () => this.#erase(id));
  }

  async #known(id: string, erase = () => this.#turns.take(id, () => this.#erase(id))): Promise<Kept | Damaged> {
    const kept = ID.test(id) ? await this.#read(id) : undefined;
    if (!kept || !this.#isOurs(kept)) throw notFound();
    if (this.#isInTime(kept)) return kept;
    await erase();
    throw notFound();
  }

  #isOurs(kept: Kept | Damaged): boolean {
    return kept.state === 'damaged' || kept.tenant === this.engine.config.tenant;
  }

  #isInTime({ id, createdAt }: Kept | Damaged): boolean {
    return this.now() - createdAt <= LIFE_MS || this.#jobs.has(id);
  }

  /** Undefined where there is none, or it is still coming in. */
  async #read(id: string): Promise<Kept | Damaged | undefined> {
    let text: string;
    try {
      text = await readFile(this.#path(id, ABOUT), 'utf8');
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
    try {
      const kept: unknown = JSON.parse(text);
      if (isKept(kept)) return kept;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
    return { id, state: 'damaged', createdAt: await this.#changedAt(id) };
  }

  /** When something was last put into its directory, epoch milliseconds; long ago where there is none. */
  async #changedAt(id: string): Promise<number> {
    try {
      return Math.round((await stat(join(this.#dir, id))).mtimeMs);
    } catch (error) {
      if (isMissing(error)) return 0;
      throw error;
    }
  }

  /** Whole or not at all, so that a crash leaves the state before. */
  async #keep(kept: Kept): Promise<void> {
    const next = this.#path(kept.id, `${ABOUT}.${randomUUID()}.next`);
    const file = await open(next, 'w', 0o600);
    try {
      await file.writeFile(JSON.stringify(kept));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(next, this.#path(kept.id, ABOUT));
  }

  async #store(id: string, body: AsyncIterable<Uint8Array>): Promise<void> {
    let length = 0;
    const bounded = new Transform({
      transform: (chunk: Uint8Array, _encoding, done) => {
        length += chunk.length;
        if (length > CSV_LIMITS.bytes) done(new BatchRefusal('too-large', `The file is larger than ${(CSV_LIMITS.bytes / 1e6).toFixed(0)} MB. Split it into several files.`));
        else done(null, chunk);
      },
    });
    await pipeline(body, bounded, createWriteStream(this.#path(id, UPLOAD), { mode: 0o600 }));
  }

  #path(id: string, name: string): string {
    return join(this.#dir, id, name);
  }

  async #ids(): Promise<readonly string[]> {
    try {
      return (await readdir(this.#dir)).filter((name) => ID.test(name));
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  async #erase(id: string): Promise<void> {
    await rm(join(this.#dir, id), { recursive: true, force: true });
  }
}

const hasRecipient = ({ learner, email }: Mapping): boolean => learner !== undefined || email !== undefined;
