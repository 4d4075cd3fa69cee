import { Auditing, type AuditingOptions } from '#audit/auditing.js';
import type { EventStore } from '#event-store/event-store.js';
import type { Running } from './running.js';

/** The audit's place in the data directory. */
export const AUDIT_DIR = 'audit';

/** The audit of the log, being kept. */
export interface KeepingAudit extends Running {
  offer: Auditing['offer'];
}

/** Starts to record the log in the audit's directory, and to sign it now and then; once more when it is stopped. */
export const startAuditing = (options: Omit<AuditingOptions, 'signal'>): KeepingAudit => {
  const stop = new AbortController();
  const auditing = new Auditing({ ...options, signal: stop.signal });
  const run = auditing.run();
  return {
    offer: (after, events) => auditing.offer(after, events),
    stop: async () => {
      stop.abort();
      await run;
    },
  };
};

/** The same store, which shows what its subscribers read of the whole log to somebody else as well, before they have it. */
export const shown = (store: EventStore, offer: Auditing['offer']): EventStore => ({
  ...store,
  subscribe: async function* (options) {
    let after = Math.max(0, options.after);
    for await (const batch of store.subscribe(options)) {
      if (!options.categories) offer(after, batch);
      after = batch.at(-1)?.position ?? after;
      yield batch;
    }
  },
});
