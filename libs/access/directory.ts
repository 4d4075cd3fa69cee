import { account, type Account, type AccountEvent } from '#domain/account.js';
import { apiKey, type ApiKey, type ApiKeyEvent } from '#domain/api-key.js';
import { messageOf, ProofmarkError } from '#domain/errors.js';
import { readLogEvent } from '#domain/log-event.js';
import type { EventStore, RecordedEvent } from '#event-store/event-store.js';

/** A key that was made, revoked ones included. */
export type KnownKey = Exclude<ApiKey, { readonly status: 'none' }>;
/** An account that was opened, closed ones included. */
export type KnownAccount = Exclude<Account, { readonly status: 'none' }>;

/** Who there is, of all tenants, as the log says it at this moment: a change is known here within the time that the log takes to tell. */
export interface AccessDirectory {
  /** @throws ProofmarkError STORE_UNAVAILABLE where the log has stopped telling: what was known then may not hold any more. */
  key(id: string): KnownKey | undefined;
  /** @throws as `key` */
  account(id: string): KnownAccount | undefined;
  /** All of a tenant, the latest first. */
  keys(tenant: string): readonly KnownKey[];
  accounts(tenant: string): readonly KnownAccount[];
  /** Waits until what stands in the log up to a position is known here. */
  reached(position: number): Promise<void>;
  /** Waits until everything that stands in the log at the call is known here. @throws as the store does */
  caughtUp(): Promise<void>;
  close(): Promise<void>;
}

const CATEGORIES = ['apikey', 'account'];
const PAGE = 1_000;

/** Opens the directory: reads what the log says of keys and accounts, and follows it until it is closed. */
export const openDirectory = async (store: Pick<EventStore, 'readAll' | 'subscribe' | 'head'>): Promise<AccessDirectory> => {
  const keys = new Map<string, KnownKey>();
  const accounts = new Map<string, KnownAccount>();
  let waiting: { readonly position: number; readonly done: () => void }[] = [];
  let position = 0;
  let failure: unknown;
  /** Up to here the log is known whole, whatever the last event was that concerned this. */
  let complete = await store.head();
  const note = (events: readonly RecordedEvent[]): void => {
    for (const { type, schema, json, position: at } of events) {
      const event = readLogEvent(type, schema, json) as ApiKeyEvent | AccountEvent;
      if ('key' in event) {
        const now = apiKey.evolve(keys.get(event.key) ?? apiKey.initialState, event);
        if (now.status !== 'none') keys.set(event.key, now);
      } else {
        const now = account.evolve(accounts.get(event.account) ?? account.initialState, event);
        if (now.status !== 'none') accounts.set(event.account, now);
      }
      position = at;
    }
    for (const one of waiting) if (one.position <= position) one.done();
    waiting = waiting.filter((one) => one.position > position);
  };
  for (;;) {
    const page = await store.readAll({ after: position, limit: PAGE, categories: CATEGORIES });
    if (page.length === 0) break;
    note(page);
  }
  const ending = new AbortController();
  const follow = async (): Promise<void> => {
    try {
      for await (const events of store.subscribe({ after: position, categories: CATEGORIES, signal: ending.signal })) note(events);
    } catch (error) {
      if (!ending.signal.aborted) failure = error;
    }
    for (const { done } of waiting) done();
  };
  const following = follow();
  const known = <T>(found: T): T => {
    if (failure === undefined) return found;
    throw new ProofmarkError('STORE_UNAVAILABLE', `It is not known any more who may do what, since the log cannot be read: ${messageOf(failure)}`, { cause: failure });
  };
  const reached = async (wanted: number): Promise<void> => {
    if (position < wanted && failure === undefined && !ending.signal.aborted) await new Promise<void>((done) => waiting.push({ position: wanted, done }));
    known(undefined);
  };
  return {
    key: (id) => known(keys.get(id)),
    account: (id) => known(accounts.get(id)),
    keys: (tenant) => known([...keys.values()].filter((one) => one.tenant === tenant).sort((one, other) => other.issuedAt - one.issuedAt)),
    accounts: (tenant) => known([...accounts.values()].filter((one) => one.tenant === tenant).sort((one, other) => other.openedAt - one.openedAt)),
    reached,
    caughtUp: async () => {
      const head = await store.head();
      for (let after = Math.max(position, complete); ; ) {
        const last = (await store.readAll({ after, limit: PAGE, categories: CATEGORIES })).at(-1);
        if (!last) break;
        await reached(last.position);
        after = last.position;
      }
      complete = Math.max(complete, head);
    },
    close: async () => {
      ending.abort();
      await following;
    },
  };
};
