import type { LogEvent } from '#domain/log-event.js';
import { categoryOf, parseStream } from '#domain/streams.js';
import type { EventStore } from '#event-store/event-store.js';
import { decode } from './log-entries.js';
import type { LogEntry } from './projection.js';

const PAGE = 1000;
const keyOf = (tenant: string, learner: string): string => `${tenant}\n${learner}`;

/** Whom an event is about; undefined for what is about nobody, or says so by its stream alone. */
const learnerIn = ({ event, recorded }: LogEntry): string | undefined => {
  if ('learner' in event && event.learner !== undefined) return event.learner;
  return categoryOf(recorded.stream) === 'learner' ? parseStream(recorded.stream)?.subject : undefined;
};

/**
 * Who is erased, and since which log position. It is read from the log as a whole before anything else is: whoever is
 * behind knows of erasures that are still ahead.
 */
export class ErasedLearners {
  readonly #since = new Map<string, number>();
  readonly #completed = new Set<string>();
  readonly #codes = new Map<string, number>();

  /** All erasures that the log holds. */
  static async load(store: Pick<EventStore, 'readAll'>): Promise<ErasedLearners> {
    const erased = new ErasedLearners();
    for (let after = 0; ; ) {
      const page = await store.readAll({ after, limit: PAGE, categories: ['erasure'] });
      for (const { event, recorded } of decode(page).entries) erased.note(event, recorded.position);
      const last = page.at(-1);
      if (!last) return erased;
      after = last.position;
    }
  }

  /** Takes note of an event, if it is about that. */
  note(event: LogEvent, position: number): void {
    if (event.type !== 'LearnerErased' && event.type !== 'LearnerErasureCompleted') return;
    const key = keyOf(event.tenant, event.learner);
    if (!this.#since.has(key)) this.#since.set(key, position);
    if (event.type === 'LearnerErasureCompleted') this.#completed.add(key);
    for (const { code } of event.credentials) if (!this.#codes.has(code)) this.#codes.set(code, position);
  }

  /** Whether a learner is erased, be it that it is not completed. */
  has(tenant: string, learner: string): boolean {
    return this.#since.has(keyOf(tenant, learner));
  }

  /** Learners of a tenant whose erasure was asked for and is not completed. */
  unfinished(tenant: string): readonly string[] {
    return [...this.#since.keys()].filter((key) => !this.#completed.has(key) && key.startsWith(keyOf(tenant, ''))).map((key) => key.slice(tenant.length + 1));
  }

  /** Notes what a stretch of the log says, and marks what is about somebody who was erased before it. */
  mark(entries: readonly LogEntry[]): readonly LogEntry[] {
    for (const { event, recorded } of entries) this.note(event, recorded.position);
    if (this.#since.size === 0) return entries;
    return entries.map((entry) => (this.#concerns(entry) ? { ...entry, erased: true } : entry));
  }

  #concerns(entry: LogEntry): boolean {
    const { event, recorded, tenant } = entry;
    const learner = learnerIn(entry);
    const code = 'code' in event ? event.code : undefined;
    const since = (learner === undefined ? undefined : this.#since.get(keyOf(tenant, learner))) ?? (code === undefined ? undefined : this.#codes.get(code));
    return since !== undefined && since < recorded.position && categoryOf(recorded.stream) !== 'erasure';
  }
}
