import { ProofmarkError } from '#domain/errors.js';
import type { LearningEvent } from '#domain/learning-event.js';
import { schemaVersion } from '#domain/log-event.js';
import { decideRecord, evolveRecorded } from '#domain/record-learning.js';
import type { Append, AppendResult, EventStore, NewEvent } from '#event-store/event-store.js';
import type { Held, RecordedStates } from './recorded-states.js';

/** One event on its way into the log. */
export interface Item {
  readonly event: LearningEvent;
  readonly stream: string;
  readonly json: string;
  readonly digest: number;
  /** It is not to be recorded, only looked up. */
  readonly doubted: boolean;
  /** What was decided; it counts once `record` has resolved. `unknown` is what was to be looked up and is not there. */
  outcome: 'recorded' | 'duplicate' | 'conflict' | 'unknown';
  /** What a conflict is about. */
  detail: string;
  /** Log position of its stream's last durable event. */
  position: number;
}

/** The items of one batch for one stream. */
interface Group {
  readonly stream: string;
  readonly items: Item[];
  /** Resolves when the batch before is done with the stream; undefined where there is none. */
  readonly before: Promise<void> | undefined;
}

/** What was decided for a group. */
interface Decided {
  readonly group: Group;
  readonly held: Held;
  readonly append: Append | undefined;
}

const MAX_ATTEMPTS = 5;
const NO_RESULTS: readonly AppendResult[] = [];

/**
 * Decides and writes batches of events, several at once, each stream by one batch at a time and in the order of the
 * calls. So every decision rests on durable events only. (Deciding on events that are still being written would be
 * wrong with a second writer: an append that rests on a refused one is accepted if the other writer happened to write
 * as many events.) What concerns idle streams is written at once; the rest of a batch follows when its streams are free.
 */
export class DecisionLine {
  /** By stream in use: resolves when the last batch that asked for it is done with it. */
  private readonly inUse = new Map<string, Promise<void>>();

  constructor(
    private readonly store: EventStore,
    private readonly states: RecordedStates,
    private readonly newId: () => string,
  ) {}

  /**
   * Records what is new of the items, and writes the appends alongside, once they are made; resolves to the latter's answers once
   * everything that the items' outcomes rest on is durable.
   * @throws what the store throws, or ProofmarkError CONCURRENT_CHANGE; then some items may be recorded all the same.
   */
  async record(items: readonly Item[], alongside: readonly Append[] | Promise<readonly Append[]>): Promise<readonly AppendResult[]> {
    const idle: Group[] = [];
    const busy: Group[] = [];
    for (const group of this.groupsOf(items)) (group.before ? busy : idle).push(group);
    const waves = await Promise.allSettled([this.wave(idle, alongside), this.wave(busy, [])]);
    this.states.trim((stream) => this.inUse.has(stream));
    for (const wave of waves) if (wave.status === 'rejected') throw wave.reason;
    return waves[0].status === 'fulfilled' ? waves[0].value : NO_RESULTS;
  }

  private groupsOf(items: readonly Item[]): Iterable<Group> {
    const groups = new Map<string, Group>();
    for (const item of items) {
      const group = groups.get(item.stream);
      if (group) group.items.push(item);
      else groups.set(item.stream, { stream: item.stream, items: [item], before: this.inUse.get(item.stream) });
    }
    return groups.values();
  }

  /** Decides and writes the groups, with the streams reserved from the call until that is done. */
  private wave(groups: readonly Group[], alongside: readonly Append[] | Promise<readonly Append[]>): Promise<readonly AppendResult[]> {
    if (groups.length === 0 && 'length' in alongside && alongside.length === 0) return Promise.resolve(NO_RESULTS);
    let done = (): void => undefined;
    const mine = new Promise<void>((resolve) => (done = resolve));
    for (const { stream } of groups) this.inUse.set(stream, mine);
    return this.write(groups, alongside).finally(() => {
      for (const { stream } of groups) if (this.inUse.get(stream) === mine) this.inUse.delete(stream);
      done();
    });
  }

  private async write(groups: readonly Group[], making: readonly Append[] | Promise<readonly Append[]>): Promise<readonly AppendResult[]> {
    const before = new Set<Promise<void>>();
    for (const group of groups) if (group.before) before.add(group.before);
    if (before.size > 0) await Promise.all(before);
    const alongside = 'length' in making ? making : await making;
    let results: readonly AppendResult[] = NO_RESULTS;
    let refused = groups;
    for (let attempt = 1; refused.length > 0 || attempt === 1; attempt++) {
      if (attempt > MAX_ATTEMPTS) {
        throw new ProofmarkError('CONCURRENT_CHANGE', 'Other writers came first each time; send the batch again.');
      }
      await this.load(refused);
      const answer = await this.attempt(refused, attempt === 1 ? alongside : []);
      if (attempt === 1) results = answer.alongside;
      refused = answer.refused;
    }
    return results;
  }

  private async load(groups: readonly Group[]): Promise<void> {
    const loads: Promise<unknown>[] = [];
    for (const { stream } of groups) if (!this.states.get(stream)) loads.push(this.states.load(stream));
    if (loads.length > 0) await Promise.all(loads);
  }

  /** Decides on the held states and writes; returns the groups for which another writer came first. */
  private async attempt(
    groups: readonly Group[],
    alongside: readonly Append[],
  ): Promise<{ readonly refused: readonly Group[]; readonly alongside: readonly AppendResult[] }> {
    const decided = groups.map((group) => this.decideGroup(group));
    const appends: Append[] = [];
    for (const { append } of decided) if (append) appends.push(append);
    const written = appends.length;
    appends.push(...alongside);
    let results: readonly AppendResult[] = NO_RESULTS;
    try {
      if (appends.length > 0) results = await this.store.append(appends);
    } catch (error) {
      // The states hold what may never have been written.
      for (const { held, append } of decided) if (append) this.states.drop(held);
      throw error;
    }
    return { refused: this.take(decided, results), alongside: results.slice(written) };
  }

  private decideGroup(group: Group): Decided {
    const { stream, items } = group;
    const held = this.states.get(stream);
    if (!held) throw new Error(`The state of ${stream} must be loaded before anything is decided on it.`);
    const { state } = held;
    const { revision } = state;
    const events: NewEvent[] = [];
    for (const item of items) {
      const decision = decideRecord(state, item.event, item.digest);
      if (item.doubted && decision.outcome !== 'duplicate') {
        item.outcome = 'unknown';
        continue;
      }
      if (decision.outcome !== 'record') {
        item.outcome = decision.outcome;
        if (decision.outcome === 'conflict') item.detail = decision.detail;
        continue;
      }
      item.outcome = 'recorded';
      evolveRecorded(state, item.event, item.digest, state.revision + 1);
      const { type } = item.event;
      events.push({ id: this.newId(), type, schema: schemaVersion(type), json: item.json });
    }
    if (events.length === 0) return { group, held, append: undefined };
    return { group, held, append: { stream, expected: revision < 0 ? 'no-stream' : revision, events } };
  }

  private take(decided: readonly Decided[], results: readonly AppendResult[]): Group[] {
    const refused: Group[] = [];
    let next = 0;
    for (const { group, held, append } of decided) {
      const result = append && results[next++];
      if (result?.outcome === 'wrong-expected-revision') {
        this.states.drop(held);
        refused.push(group);
        continue;
      }
      if (result) held.position = result.position;
      for (const item of group.items) item.position = held.position;
      this.states.used(held);
    }
    return refused;
  }
}
