import { messageOf, ProofmarkError } from '#domain/errors.js';
import type { EventStore, RecordedEvent } from '#event-store/event-store.js';
import { waitFor } from '#event-store/wait-for.js';
import { ErasedLearners } from './erased-learners.js';
import { decode } from './log-entries.js';
import type { ProjectionState } from './progress.js';
import type { LogEntry, Projection } from './projection.js';
import type { GenerationWriter, ReadModelStore, Write } from './read-model.js';

export interface RunProjectionsOptions {
  readonly store: EventStore;
  readonly readModels: ReadModelStore;
  readonly projections: readonly Projection[];
  /** Ends the run after the batch under way. */
  readonly signal: AbortSignal;
  /** Told after every batch and whenever a projection is parked or promoted. */
  readonly onProgress?: (states: readonly ProjectionState[]) => void;
  /** Events per transaction; larger ones catch up faster and hold the thread longer. */
  readonly batchSize?: number;
  /** Only streams of these categories; all where absent. */
  readonly categories?: readonly string[];
  /** How long to wait before what found no space or no read models is tried again, in milliseconds. */
  readonly retryMs?: number;
}

export interface ProjectionRun {
  /** Settles when the run has ended: resolves after the signal, rejects when log or read models failed for good. */
  readonly done: Promise<void>;
  /** Builds the projection anew beside its live generation, which serves until the new one has caught up. */
  readonly rebuild: (projection: string) => Promise<void>;
  /** Looks which generations there are: another program may have asked for a rebuild. */
  readonly look: () => void;
}

/** One generation of one projection and how far it is. */
interface Unit {
  readonly projection: Projection;
  readonly generation: GenerationWriter;
  checkpoint: number;
  status: ProjectionState['status'];
  message?: string;
}

interface Batch {
  readonly unit: Unit;
  readonly writes: readonly Write[];
}

/** No space, or out of reach: nobody's mistake, and over some time. */
const passes = (thrown: unknown): thrown is ProofmarkError =>
  thrown instanceof ProofmarkError && (thrown.code === 'STORE_FULL' || thrown.code === 'STORE_UNAVAILABLE');

/** Lets timers and I/O have their turn: a log that is read from memory or disk at once would never yield. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const park = (unit: Unit, message: string): void => {
  unit.status = 'parked';
  unit.message = message;
};

const asWriter = (unit: Unit, from: readonly LogEntry[]): Batch | undefined => {
  const entries = (from[0]?.recorded.position ?? 0) > unit.checkpoint ? from : from.filter(({ recorded }) => recorded.position > unit.checkpoint);
  try {
    return { unit, writes: unit.projection.project(entries) };
  } catch (thrown) {
    park(unit, `The projection "${unit.projection.name}" failed after log position ${unit.checkpoint}: ${messageOf(thrown)}`);
    return undefined;
  }
};

/**
 * Folds the log into read models until the signal. Generations at the head share one reading and one transaction per
 * batch; those behind (new, or being rebuilt) read for themselves until they meet them; one that was being built is
 * promoted when nothing in the log is ahead of it. An event that this program cannot read parks every projection that
 * reaches it, one that a projection fails on parks that projection; nothing is ever skipped.
 */
export const runProjections = (options: RunProjectionsOptions): ProjectionRun => {
  const { store, readModels, projections, signal, onProgress, batchSize = 2000, retryMs = 1000 } = options;
  const filter = options.categories && { categories: options.categories };
  let units: readonly Unit[] = [];
  /** Where the shared reading of the log is. */
  let head = -1;
  let stale = true;
  let erased = new ErasedLearners();
  let wake = (): void => undefined;

  const report = (): void =>
    onProgress?.(
      units.map(({ projection, generation: { generation, state }, checkpoint, status, message }) => ({
        projection: projection.name, generation, state, checkpoint, status, ...(message !== undefined && { message }),
      })),
    );

  /** Takes up the generations that there are now; known ones go on as they are. */
  const refresh = async (): Promise<void> => {
    stale = false; // first: what changes meanwhile needs another look
    const nameOf = ({ projection, generation }: GenerationWriter): string => `${projection} ${generation}`;
    const known = new Map(units.map((unit) => [nameOf(unit.generation), unit]));
    const found: Unit[] = [];
    for (const generation of await readModels.generations()) {
      const projection = projections.find(({ name }) => name === generation.projection);
      if (!projection) continue;
      const old = known.get(nameOf(generation));
      // read anew for known ones too: another program may have moved them
      const parked = old?.status === 'parked' ? old : undefined;
      found.push({ projection, status: 'following', ...parked, generation, checkpoint: await generation.checkpoint() });
    }
    units = found;
    report();
  };
  const running = (): readonly Unit[] => units.filter(({ status }) => status !== 'parked');

  /** Does what the read models may be too full or too far away for, until they are not; false after the signal. */
  const patiently = async (work: () => Promise<void>, waiting: readonly Unit[]): Promise<boolean> => {
    while (!signal.aborted) {
      try {
        await work();
        return true;
      } catch (thrown) {
        if (!passes(thrown)) throw thrown;
        for (const unit of waiting) Object.assign(unit, { status: 'waiting', message: thrown.message });
        report();
        await waitFor(retryMs, signal);
      }
    }
    return false;
  };

  const write = async (batches: readonly Batch[], checkpoint: number): Promise<void> => {
    if (batches.length === 0) return;
    const units = batches.map(({ unit }) => unit);
    try {
      const written = await patiently(
        () => readModels.apply(batches.map(({ unit, writes }) => ({ generation: unit.generation, writes, checkpoint }))),
        units,
      );
      if (written) for (const unit of units) Object.assign(unit, { checkpoint, status: 'following', message: undefined });
    } catch (thrown) {
      if (!(thrown instanceof ProofmarkError)) throw thrown;
      if (thrown.code === 'CONCURRENT_CHANGE') {
        stale = true; // another program was there: on from where it has brought them
      } else if (thrown.code === 'USAGE') {
        // one of them wrote what its collections do not take: each by itself, so that only that one stops
        const [only, ...others] = batches;
        if (only && others.length === 0) park(only.unit, thrown.message);
        else for (const batch of batches) await write([batch], checkpoint);
      } else {
        throw thrown;
      }
    }
  };

  /** Feeds a stretch of the log to the units that have not had it. */
  const feed = async (to: readonly Unit[], recorded: readonly RecordedEvent[]): Promise<void> => {
    const last = recorded.at(-1);
    if (!last) return;
    const { entries: all, unreadable } = decode(recorded);
    const entries = erased.mark(all);
    const reach = unreadable ? entries.at(-1)?.recorded.position : last.position;
    if (reach !== undefined) {
      const behind = to.filter((unit) => unit.checkpoint < reach);
      await write(behind.flatMap((unit) => asWriter(unit, entries) ?? []), reach);
    }
    if (unreadable && !signal.aborted) {
      for (const unit of to) if (unit.status !== 'parked' && unit.checkpoint < unreadable.position) park(unit, unreadable.message);
    }
    report();
  };

  /** One batch for the generations that are furthest behind the shared reading; false when none is behind. */
  const catchUp = async (): Promise<boolean> => {
    const behind = running().filter(({ checkpoint }) => checkpoint < head);
    if (behind.length === 0) return false;
    const after = Math.min(...behind.map(({ checkpoint }) => checkpoint));
    const recorded = await store.readAll({ after, limit: batchSize, ...filter });
    if (recorded.length > 0) await feed(behind, recorded);
    else await write(behind.map((unit) => ({ unit, writes: [] })), head); // nothing for them up to there
    return true;
  };

  /** Promotes what was being built and has nothing ahead of it any more. */
  const promote = async (): Promise<void> => {
    for (const unit of running()) {
      if (unit.generation.state !== 'building') continue;
      if ((await store.readAll({ after: unit.checkpoint, limit: 1, ...filter })).length > 0) continue;
      if (stale) return; // a rebuild was asked for meanwhile: what is being built now may be empty
      try {
        await patiently(async () => {
          if (!stale) await readModels.promote(unit.projection.name); // as above, however long it took to get here
        }, [unit]);
      } catch (thrown) {
        if (!(thrown instanceof ProofmarkError && thrown.code === 'CONCURRENT_CHANGE')) throw thrown;
      }
      stale = true;
    }
  };

  const run = async (): Promise<void> => {
    await patiently(() => readModels.register(projections), []);
    erased = await ErasedLearners.load(store);
    await patiently(refresh, []);
    head = Math.max(-1, ...units.map(({ checkpoint }) => checkpoint));
    const ended = new AbortController();
    const stop = (): void => {
      ended.abort();
      wake();
    };
    signal.addEventListener('abort', stop);
    const log = store.subscribe({ after: head, batchSize, signal: ended.signal, ...filter })[Symbol.asyncIterator]();
    let next: Promise<void> | undefined;
    let arrived: IteratorResult<readonly RecordedEvent[], unknown> | undefined;
    try {
      while (!signal.aborted) {
        if (stale) await patiently(refresh, running());
        await promote();
        if (stale) continue;
        const woken = new Promise<void>((resolve) => (wake = resolve));
        next ??= log.next().then((result) => {
          arrived = result;
        });
        if (await catchUp()) await Promise.race([next, breathe()]);
        else if (!stale && !signal.aborted) await Promise.race([next, woken]);
        if (!arrived) continue;
        const { value, done } = arrived;
        [next, arrived] = [undefined, undefined];
        if (done) {
          if (signal.aborted) break;
          throw new ProofmarkError('STORE_FAILED', 'The log ended its subscription; start the program again.');
        }
        const level = running().filter(({ checkpoint }) => checkpoint >= head);
        await feed(level, value);
        head = value.at(-1)?.position ?? head;
        await breathe();
      }
    } finally {
      signal.removeEventListener('abort', stop);
      ended.abort();
      // The run is over, and why is known: this only waits until the reading has let go of the log.
      if (next) await Promise.allSettled([next]);
      await log.return?.();
    }
  };

  const look = (): void => {
    stale = true;
    wake();
  };
  return {
    done: run(),
    rebuild: async (projection) => {
      stale = true;
      await readModels.rebuild(projection);
      look();
    },
    look,
  };
};
