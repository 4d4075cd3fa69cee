import { ProofmarkError } from '#domain/errors.js';
import { writeEventId } from './event-id.js';
import type { Append, AppendResult, NewEvent } from './event-store.js';
import { type AppendChannel, type Server, type ServerAnswer, ServerLost } from './eventstoredb-client.js';
import { Places } from './eventstoredb-places.js';
import type { Reach } from './eventstoredb-reach.js';
import type { Reads } from './eventstoredb-reads.js';

/** Appends, one stream at a time, all over one connection. */
export interface Appends {
  /** Checks a call and takes its appends, in order. @throws ProofmarkError USAGE; else as the port says. */
  append(appends: readonly Append[]): Promise<readonly AppendResult[]>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
  /** Releases the connection; what is still under way fails, written or not. */
  close(): void;
}

export interface AppendsOptions {
  readonly server: Server;
  readonly reads: Reads;
  readonly reach: Reach;
  readonly patience: number;
  /** Milliseconds without an answer after which the connection is given up and what is unanswered is sent again. */
  readonly silence: number;
  /** The highest position that is known to exist. */
  readonly highest: () => number;
  readonly seen: (position: number) => void;
}

interface Job {
  readonly stream: string;
  readonly expected: Append['expected'];
  readonly events: readonly NewEvent[];
  readonly bytes: number;
  readonly since: number;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: Error) => void;
  /** The exact revision to append behind; of an append to any revision only once its place was looked up. */
  behind: number | undefined;
  /** A revision that the stream is known to have, from an answer that the place was wrong. */
  least: number | undefined;
  /** The highest position that was known before it was first sent: it was appended by this call where its own is higher. */
  floor: number | undefined;
  sentAt: number;
  /** Whether an attempt of it may have been written unanswered. */
  unknown: boolean;
}

// Enough to keep the server busy while answers travel; what is under way is held in memory here and there.
const MOST_UNDER_WAY = 512;
const MOST_BYTES_UNDER_WAY = 8 * 1024 * 1024;
const ID = new Uint8Array(16);

const checked = ({ stream, expected, events }: Append): void => {
  if (stream === '' || stream.startsWith('$')) throw new ProofmarkError('USAGE', `An append must name its stream, and not one of the server's own, but this one is "${stream}".`);
  if (events.length === 0) throw new ProofmarkError('USAGE', `The append to ${stream} has no events.`);
  if (typeof expected === 'number' && !(Number.isSafeInteger(expected) && expected >= 0)) {
    throw new ProofmarkError('USAGE', `An expected revision must be a whole number from 0, but this one is ${expected}.`);
  }
  for (const { id } of events) writeEventId(id, ID, 0);
};

/**
 * Sends appends in the order in which they come, many under way at once but one of a stream. Where the connection is
 * lost, those without an answer are sent again, in the same order with the same ids and the same expected revision:
 * the server answers a repeat of what it wrote as it answered, or would have answered, the original.
 */
export const openAppends = ({ server, reads, reach, patience, silence, highest, seen }: AppendsOptions): Appends => {
  /** Not sent yet, in order. */
  let waiting = new Set<Job>();
  const unsettled = new Set<Job>();
  const underWay = new Map<number, Job>();
  const busy = new Set<string>();
  let bytes = 0;
  let tickets = 0;
  let channel: AppendChannel | undefined;
  let full = false;
  /** Failures in a row, and before how many of them a pause was made. */
  let attempt = 0;
  let paused = 0;
  let pumping = false;
  let closed = false;
  let watch: NodeJS.Timeout | undefined;
  let wake = (): void => undefined;
  let idle = (): void => undefined;
  const changed = (): void => {
    wake();
    void pump();
  };
  const places = new Places((stream, from) => reads.readStream(stream, { from }));

  const settled = (job: Job, settle: () => void): void => {
    if (!unsettled.delete(job)) return;
    waiting.delete(job);
    settle();
    if (unsettled.size === 0) {
      clearTimeout(watch);
      watch = undefined;
      idle();
    }
    changed();
  };
  const reject = (job: Job, error: Error): void => settled(job, () => job.reject(error));
  const resolve = (job: Job, result: AppendResult): void => settled(job, () => job.resolve(result));

  /** Takes a job out of those under way; it may be sent again. */
  const landed = (ticket: number, job: Job): void => {
    underWay.delete(ticket);
    busy.delete(job.stream);
    bytes -= job.bytes;
  };

  const lose = (error: Error): void => {
    channel?.cancel();
    channel = undefined;
    full = false;
    const again = [...underWay.values()];
    for (const [ticket, job] of [...underWay]) landed(ticket, job);
    for (const job of again) job.unknown = true;
    waiting = new Set([...again, ...waiting]);
    if (error instanceof ServerLost) {
      attempt += 1;
      reach.lost(error);
      expire();
    } else {
      for (const job of [...waiting]) reject(job, error);
    }
    changed();
  };

  const expire = (): void => {
    const now = performance.now();
    for (const job of [...waiting]) if (now - job.since >= patience) reject(job, reach.failure());
  };

  /** The server says nothing about appends that it lost: so each is given up after a while. */
  const guard = (): void => {
    watch = undefined;
    const [oldest] = underWay.values();
    if (oldest && performance.now() - oldest.sentAt >= silence) {
      lose(new ServerLost(`EventStoreDB has not answered an append for ${silence / 1000} s. This goes on by itself once it answers.`));
    }
    watchOver();
  };
  const watchOver = (): void => {
    if (unsettled.size > 0 && !closed) watch ??= setTimeout(guard, Math.min(silence, 1_000));
  };

  /** The events stand in the log up to a revision; says whether this call wrote them. */
  const written = (job: Job, revision: number, position: number, standing: boolean): void => {
    const outcome = standing || position <= (job.floor ?? 0) ? 'already-appended' : 'appended';
    seen(position);
    places.appended(job.stream, revision - job.events.length, job.events.map(({ id }) => id));
    resolve(job, { outcome, revision, position });
  };

  /** Whether the job's events stand in the stream from a revision on; if so, it is answered. */
  const standing = async (job: Job, first: number): Promise<boolean> => {
    const found = await reads.readStream(job.stream, { from: first, limit: job.events.length });
    const last = found.at(-1);
    if (!last || found.length !== job.events.length || found[0]?.revision !== first) return false;
    if (!job.events.every(({ id }, i) => found[i]?.id === id)) return false;
    written(job, last.revision, last.position, job.expected === 'any' && job.floor === undefined);
    return true;
  };
  const orReject = (job: Job, work: Promise<unknown>): void => {
    work.catch((thrown: unknown) => reject(job, thrown instanceof Error ? thrown : new Error(String(thrown))));
  };

  const wrong = async (job: Job, actual: number): Promise<void> => {
    // Ours may be what is in the way, where the server no longer finds that out.
    if (job.unknown && (await standing(job, (job.behind ?? -1) + 1))) return;
    resolve(job, { outcome: 'wrong-expected-revision', actual });
  };

  /** The server does not name the position of a repeat that it did not look up, or of one that was truncated since. */
  const located = async (job: Job, revision: number): Promise<void> => {
    if (!(await standing(job, revision - job.events.length + 1))) written(job, revision, 0, true);
  };

  const answered = (ticket: number, answer: ServerAnswer): void => {
    const job = underWay.get(ticket);
    if (!job) return;
    landed(ticket, job);
    if (answer.kind !== 'unsure') {
      attempt = 0;
      paused = 0;
      reach.found();
    }
    switch (answer.kind) {
      case 'written':
        if (answer.position !== undefined) written(job, answer.revision, answer.position, false);
        else orReject(job, located(job, answer.revision));
        break;
      case 'wrong-revision':
        if (job.expected === 'any') {
          job.behind = undefined;
          job.least = answer.actual;
          waiting = new Set([job, ...waiting]);
        } else orReject(job, wrong(job, answer.actual));
        break;
      case 'unsure':
        job.unknown = true;
        waiting = new Set([job, ...waiting]);
        attempt += 1;
        reach.lost(answer.error);
        expire();
        break;
      case 'refused':
        reject(job, answer.error);
        break;
    }
    changed();
  };

  /** Finds the place of an append to any revision. */
  const place = async (job: Job): Promise<void> => {
    const found = await places.find(job.stream, job.events.map(({ id }) => id), job.least);
    job.least = undefined;
    if (found.kind === 'free') job.behind = found.last;
    else if (found.kind === 'taken') resolve(job, { outcome: 'wrong-expected-revision', actual: found.last });
    else if (!(await standing(job, found.revision - job.events.length + 1))) resolve(job, { outcome: 'wrong-expected-revision', actual: found.last });
  };

  const next = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
    });

  const step = async (job: Job): Promise<void> => {
    if (full || busy.has(job.stream) || underWay.size >= MOST_UNDER_WAY || (bytes > 0 && bytes + job.bytes > MOST_BYTES_UNDER_WAY)) return next();
    if (job.behind === undefined) {
      try {
        return await place(job);
      } catch (thrown) {
        return reject(job, thrown instanceof Error ? thrown : new Error(String(thrown)));
      }
    }
    if (attempt > paused) {
      paused = attempt;
      return reach.pause(attempt - 1);
    }
    channel ??= server.appends({
      answered,
      ended: lose,
      drained: () => {
        full = false;
        changed();
      },
    });
    waiting.delete(job);
    const ticket = ++tickets;
    underWay.set(ticket, job);
    busy.add(job.stream);
    bytes += job.bytes;
    job.floor ??= highest();
    job.sentAt = performance.now();
    full = !channel.send(ticket, { stream: job.stream, expected: job.behind, events: job.events });
  };

  const pump = async (): Promise<void> => {
    if (pumping) return;
    pumping = true;
    try {
      while (!closed) {
        const [job] = waiting;
        if (!job) break;
        await step(job);
      }
    } catch (thrown) {
      lose(thrown instanceof Error ? thrown : new Error(String(thrown)));
    }
    pumping = false;
  };

  const submit = ({ stream, expected, events }: Append): Promise<AppendResult> =>
    new Promise((resolve, reject) => {
      const job: Job = {
        stream,
        expected,
        // The server gives ids back in lower case.
        events: events.map(({ id, type, schema, json }) => ({ id: id.toLowerCase(), type, schema, json })),
        bytes: events.reduce((sum, { json }) => sum + json.length, 0),
        since: performance.now(),
        resolve,
        reject,
        behind: expected === 'any' ? undefined : expected === 'no-stream' ? -1 : expected,
        least: undefined,
        floor: undefined,
        sentAt: 0,
        unknown: false,
      };
      unsettled.add(job);
      waiting.add(job);
    });

  return {
    append: async (appends) => {
      appends.forEach(checked);
      const settling = Promise.allSettled(appends.map(submit));
      watchOver();
      changed();
      const results = await settling;
      return results.map((result) => {
        if (result.status === 'rejected') throw result.reason;
        return result.value;
      });
    },
    idle: async () => {
      while (unsettled.size > 0) await new Promise<void>((resolve) => (idle = resolve));
    },
    close: () => {
      closed = true;
      channel?.cancel();
      for (const job of [...unsettled]) reject(job, reach.failure());
      clearTimeout(watch);
      changed();
    },
  };
};
