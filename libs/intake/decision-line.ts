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
  /** What was decided; it counts once `record` has resolved. */
  outcome: 'recorded' | 'duplicate' | 'conflict';
  /** What a conflict is about. */
  detail: string;
  /** Log position of its stream's last durable event. */
  position: number;
}

/** What one attempt decided for one stream. */
interface Group {
  readonly held: Held;
  readonly expected: number;
  readonly items: Item[];
  readonly events: NewEvent[];
}

type Answer =
  | { readonly ok: true; readonly results: readonly AppendResult[] }
  | { readonly ok: false; readonly error: unknown };

interface Attempt {
  readonly groups: readonly Group[];
  /** The store's answers for the groups with events, in their order, then for the appends alongside. */
  readonly answer: Promise<Answer>;
  /** Opened when all batches that decided before are settled. */
  readonly previous: Promise<void>;
}

const MAX_ATTEMPTS = 5;

const latch = (): { readonly opened: Promise<void>; readonly open: () => void } => {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
};

/**
 * Decides batches of events one after the other, while the batches before are still being written: a batch is decided
 * on states that may hold what is not durable yet, and settled (told its outcome) in the same order, when everything
 * before it is durable. What rested on a failed append is decided again.
 */
export class DecisionLine {
  /** Opened when the batch before has decided: the order of the calls is the order of the decisions. */
  private turn: Promise<void> = Promise.resolve();
  /** Opened when the last batch that has decided is settled, and with it all before. */
  private settled: Promise<void> = Promise.resolve();
  /** While batches are decided again, later ones wait: else a newer event could overtake an older one. */
  private recovery: Promise<void> | undefined;

  constructor(
    private readonly store: EventStore,
    private readonly states: RecordedStates,
    private readonly newId: () => string,
  ) {}

  /**
   * Records what is new of the items, in one append together with the appends alongside; resolves to the latter's
   * answers once the outcome of every item rests on durable events only.
   * @throws what the store throws, or ProofmarkError CONCURRENT_CHANGE; then some items may be recorded all the same.
   */
  async record(items: readonly Item[], alongside: readonly Append[]): Promise<readonly AppendResult[]> {
    const before = this.turn;
    const decided = latch();
    this.turn = decided.opened;
    const settled = latch();
    let attempt: Attempt;
    try {
      const load = this.load(items);
      load.catch(() => undefined); // awaited two lines below; it may fail before
      await before;
      await load;
      attempt = await this.firstAttempt(items, alongside, settled.opened);
    } finally {
      decided.open();
    }
    try {
      const answer = await attempt.answer;
      await attempt.previous;
      return await this.settle(attempt, answer, alongside.length);
    } finally {
      settled.open();
      this.states.trim();
    }
  }

  /** Reads the streams of the items that are not held. */
  private async load(items: readonly Item[]): Promise<void> {
    const missing = new Set<string>();
    for (const { stream } of items) if (!this.states.get(stream)) missing.add(stream);
    if (missing.size > 0) await Promise.all([...missing].map((stream) => this.states.load(stream)));
  }

  /** Decides as soon as every stream's state is held and no batch before is being decided again. */
  private async firstAttempt(items: readonly Item[], alongside: readonly Append[], settled: Promise<void>): Promise<Attempt> {
    for (;;) {
      const recovery = this.recovery;
      if (recovery) {
        await recovery;
        if (this.recovery === recovery) this.recovery = undefined;
        continue;
      }
      const groups = this.groupsOf(items);
      if (!groups) {
        await this.load(items);
        continue;
      }
      const attempt = this.attempt(groups, alongside);
      this.settled = settled;
      return attempt;
    }
  }

  /** The items by stream; undefined where a stream's state is not held. */
  private groupsOf(items: readonly Item[]): readonly Group[] | undefined {
    const groups = new Map<Held, Group>();
    for (const item of items) {
      const held = this.states.get(item.stream);
      if (!held) return undefined;
      const group = groups.get(held);
      if (group) group.items.push(item);
      else groups.set(held, { held, expected: held.state.revision, items: [item], events: [] });
    }
    return [...groups.values()];
  }

  /** Decides, and hands what is new to the store; synchronous, so that no other batch comes between. */
  private attempt(groups: readonly Group[], alongside: readonly Append[]): Attempt {
    const appends: Append[] = [];
    for (const group of groups) {
      group.held.users++;
      for (const item of group.items) this.decide(item, group);
      if (group.events.length > 0) appends.push(appendOf(group));
    }
    appends.push(...alongside);
    return { groups, answer: this.append(appends), previous: this.settled };
  }

  private decide(item: Item, { held: { state }, events }: Group): void {
    const { event, digest, json } = item;
    const decision = decideRecord(state, event, digest);
    if (decision.outcome === 'record') {
      evolveRecorded(state, event, digest, state.revision + 1);
      events.push({ id: this.newId(), type: event.type, schema: schemaVersion(event.type), json });
      item.outcome = 'recorded';
      return;
    }
    item.outcome = decision.outcome;
    if (decision.outcome === 'conflict') item.detail = decision.detail;
  }

  private async append(appends: readonly Append[]): Promise<Answer> {
    if (appends.length === 0) return { ok: true, results: [] };
    try {
      return { ok: true, results: await this.store.append(appends) };
    } catch (error) {
      return { ok: false, error }; // thrown when it is this batch's turn to settle
    }
  }

  /**
   * Repeats, for what rested on a failed or refused append, until nothing does. All batches before are settled, so none
   * of them can make a state stale any more.
   */
  private async settle(first: Attempt, firstAnswer: Answer, alongside: number): Promise<readonly AppendResult[]> {
    const results = this.resultsOf(first, firstAnswer);
    let again = this.take(first.groups, results);
    for (let attempts = 1; again.length > 0; attempts++) {
      if (attempts === MAX_ATTEMPTS) {
        throw new ProofmarkError('CONCURRENT_CHANGE', 'Other writers came first each time; send the batch again.');
      }
      let groups = this.groupsOf(again);
      for (; !groups; groups = this.groupsOf(again)) await this.load(again);
      const attempt = this.attempt(groups, []);
      again = this.take(attempt.groups, this.resultsOf(attempt, await attempt.answer));
    }
    return results.slice(results.length - alongside);
  }

  private resultsOf({ groups }: Attempt, answer: Answer): readonly AppendResult[] {
    if (answer.ok) return answer.results;
    for (const { held, events } of groups) {
      if (events.length > 0) this.drop(held);
      this.states.release(held);
    }
    throw answer.error;
  }

  /** Takes the store's answers; returns the items that must be decided again. */
  private take(groups: readonly Group[], results: readonly AppendResult[]): Item[] {
    const again: Item[] = [];
    let next = 0;
    for (const { held, items, events } of groups) {
      const result = events.length > 0 ? results[next++] : undefined;
      const refused = result?.outcome === 'wrong-expected-revision';
      if (refused) this.drop(held);
      else if (result) held.position = Math.max(held.position, result.position);
      for (const item of items) {
        item.position = held.position;
        if (item.outcome === 'recorded' ? refused : held.stale) again.push(item);
      }
      this.states.release(held);
    }
    // The stale state was dropped by the batch that failed; later batches wait for this one too.
    if (again.length > 0) this.recovery = this.settled;
    return again;
  }

  private drop(held: Held): void {
    this.states.drop(held);
    this.recovery = this.settled;
  }
}

const appendOf = ({ held, expected, events }: Group): Append => ({
  stream: held.stream,
  expected: expected < 0 ? 'no-stream' : expected,
  events,
});
