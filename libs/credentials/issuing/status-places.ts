import type { StatusEntriesAssigned, StatusEntry } from '#domain/credential-event.js';
import { hashUuid } from '#domain/ids.js';
import { readLogEvent } from '#domain/log-event.js';
import { statusListStream } from '#domain/streams.js';
import type { EventStore } from '#event-store/event-store.js';
import { toNewEvent } from '#event-store/execute.js';
import { MIN_ENTRIES } from '../status-list.js';

/** A list takes no more than this, so that a free place is found at random, soon, and what is left never tells the order. */
const LIST_FULL = MIN_ENTRIES / 2;
const MAX_ATTEMPTS = 10;

/** A credential that needs a place. */
export interface Placing {
  readonly award: string;
  readonly serial: number;
}

const keyOf = ({ award, serial }: Placing): string => `${award} ${serial}`;

/**
 * Places in an issuer's status lists, at random, so that neighbours say nothing about each other. They are assigned in
 * the log before a credential names them, guarded by the stream's revision: two processes never give one place twice,
 * and a crash in between leaves a place that the same credential finds again.
 */
export class StatusPlaces {
  readonly #places = new Map<string, StatusEntry>();
  readonly #lists: Set<number>[] = [];
  #revision = -1;

  constructor(
    private readonly store: Pick<EventStore, 'append' | 'readStream'>,
    private readonly tenant: string,
    private readonly issuer: string,
    /** A whole number from 0 up to and without a limit. */
    private readonly randomBelow: (limit: number) => number,
  ) {}

  /** The places of credentials, in their order; those that have none yet are given one. */
  async assign(wanted: readonly Placing[]): Promise<readonly StatusEntry[]> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      await this.#catchUp();
      const open = wanted.filter((one) => !this.#places.has(keyOf(one)));
      if (open.length === 0 || (await this.#append(open))) break;
    }
    await this.#catchUp();
    return wanted.map((one) => {
      const place = this.#places.get(keyOf(one));
      if (!place) throw new Error(`no place was assigned to the credential of award ${one.award}`);
      return place;
    });
  }

  async #catchUp(): Promise<void> {
    for (const { type, schema, json, revision } of await this.store.readStream(this.#stream, { from: this.#revision + 1 })) {
      const { list, entries } = readLogEvent(type, schema, json) as StatusEntriesAssigned;
      const taken = (this.#lists[list - 1] ??= new Set());
      for (const { index, ...one } of entries) {
        taken.add(index);
        this.#places.set(keyOf(one), { list, index });
      }
      this.#revision = revision;
    }
  }

  /** False where somebody else assigned in between. */
  async #append(open: readonly Placing[]): Promise<boolean> {
    const byList = new Map<number, StatusEntriesAssigned['entries'][number][]>();
    let list = Math.max(1, this.#lists.length);
    const taken = new Set(this.#lists[list - 1]);
    for (const one of open) {
      if (taken.size >= LIST_FULL) {
        list++;
        taken.clear();
      }
      let index: number;
      do index = this.randomBelow(MIN_ENTRIES); while (taken.has(index));
      taken.add(index);
      const { award, serial } = one;
      const entries = byList.get(list) ?? [];
      entries.push({ award, serial, index });
      byList.set(list, entries);
    }
    const events = [...byList].map(([number, entries]): StatusEntriesAssigned => ({ type: 'StatusEntriesAssigned', tenant: this.tenant, issuer: this.issuer, list: number, entries }));
    const [result] = await this.store.append([{
      stream: this.#stream,
      expected: this.#revision < 0 ? 'no-stream' : this.#revision,
      events: events.map((event) => toNewEvent(event, hashUuid('status-places', JSON.stringify(event), String(this.#revision)))),
    }]);
    return result?.outcome !== 'wrong-expected-revision';
  }

  get #stream(): string {
    return statusListStream(this.tenant, this.issuer);
  }
}
