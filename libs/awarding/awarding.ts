import { award as awardDecider, type Award, type AwardEvent, type Cause } from '#domain/award.js';
import { fold } from '#domain/decider.js';
import { messageOf, ProofmarkError } from '#domain/errors.js';
import { currentFacts } from '#domain/facts.js';
import { awardId, hashUuid } from '#domain/ids.js';
import { factId, isCorrection, type CorrectionEvent, type LearnerFactEvent } from '#domain/learning-event.js';
import { readLogEvent, schemaVersion, writeLogEvent, type ClosingTimeReached } from '#domain/log-event.js';
import { awardStream, categoryOf, clockStream, learnerStream, parseStream } from '#domain/streams.js';
import type { Append, EventStore, NewEvent, RecordedEvent } from '#event-store/event-store.js';
import { evolveCourse, unknownCourse, type CourseContext, type CourseState } from '#rules/course-context.js';
import { closingTime } from '#rules/evaluate.js';
import { judge, outcomeOf, startProgress } from '#rules/progress.js';
import type { LiveRule } from '#rules/rulebook.js';
import { selects } from '#rules/selector.js';
import { leavesOf } from '#rules/evaluate.js';
import { commandFor, PERIOD } from './decide-award.js';
import { emptyLearner, foldLearnerEvent, type KnownAward, type LearnerState, type Touch } from './learner-state.js';
import { noRules, type RuleVersions } from './rule-versions.js';

const CATEGORIES = ['learner', 'course', 'clock', 'rule'];
const MAX_CAUSES = 20;
const SWEEP_CHUNK = 500;

export interface AwardingOptions {
  readonly store: EventStore;
  /** Where the last handled position is kept; losing it only means deciding again, with the same result. */
  readonly checkpoint: { readonly load: () => Promise<number>; readonly save: (position: number) => Promise<void> };
  /** Everybody with a fact in the course, once the roster shows the position. */
  readonly roster: (tenant: string, course: string, position: number) => Promise<readonly string[]>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly batchSize?: number;
  /** Facts kept in memory over all learners; the least recently touched learners go first. */
  readonly maxFacts?: number;
  /** A closing time that has passed is put into the log when its course was quiet for so long, milliseconds. */
  readonly settle?: number;
  /** Called after each batch, and when awarding stops for good. */
  readonly onProgress?: (status: AwardingStatus) => void;
}

export interface AwardingStatus {
  readonly state: 'running' | 'waiting' | 'parked';
  /** The last position up to which everything is decided. */
  readonly position: number;
  /** Why it waits or is parked, and what to do. */
  readonly reason?: string;
}

interface Course {
  readonly tenant: string;
  readonly course: string;
  readonly state: CourseState;
  lastEventSeen: number;
}

/**
 * The rules engine's shell: follows the log, keeps the incremental evaluation of each learner, and appends what
 * becomes of their awards. Every effect is guarded by the award stream's expected revision, so handling an event
 * twice, or by two workers, changes nothing. State is folded on first touch and can be dropped at any time.
 */
export class Awarding {
  readonly #options: Required<AwardingOptions>;
  readonly #learners = new Map<string, LearnerState>();
  readonly #courses = new Map<string, Course>();
  readonly #rules = new Map<string, RuleVersions>();
  readonly #touches = new Map<string, Touch>();
  readonly #sweeps = new Map<string, { readonly tenant: string; readonly course: string; readonly cause: Cause }>();
  #facts = 0;
  #headAtStart = 0;
  #status: AwardingStatus = { state: 'running', position: 0 };

  constructor(options: AwardingOptions) {
    this.#options = { batchSize: 2000, maxFacts: 600_000, settle: 3000, onProgress: () => undefined, ...options };
  }

  get status(): AwardingStatus {
    return this.#status;
  }

  /** Decides until the signal ends it. Rejects never: what stops it is in the status. */
  async run(): Promise<void> {
    const { store, checkpoint, signal, batchSize } = this.#options;
    try {
      this.#headAtStart = await store.head();
      const after = Math.max(0, await checkpoint.load());
      await this.#loadCoursesAndRules(after);
      this.#report({ state: 'running', position: after });
      for await (const batch of store.subscribe({ after, batchSize, categories: CATEGORIES, signal })) {
        await this.#handle(batch);
        const position = batch.at(-1)?.position ?? after;
        await checkpoint.save(position);
        this.#report({ state: 'running', position });
        this.#evict();
      }
    } catch (error) {
      if (signal.aborted) return;
      this.#report({ state: 'parked', position: this.#status.position, reason: messageOf(error) });
    }
  }

  /**
   * Puts closing times that have passed into the log, for courses that were quiet for `settle` milliseconds; returns
   * how many. Call it now and then; the decisions follow from the log.
   */
  async recordClosings(settle = this.#options.settle): Promise<number> {
    const now = this.#options.now();
    const appends: Append[] = [];
    for (const { tenant, course, state, lastEventSeen } of this.#courses.values()) {
      if (now - lastEventSeen < settle) continue;
      const rules = this.#rulesOf(tenant).rulebook.ofCourse(course);
      const due = rules
        .map(({ rule }) => (rule.decides.mode === 'at-close' && rule.decides.of !== 'course' ? closingTime(rule, state.context) : undefined))
        .filter((at) => at !== undefined && at <= now && at > state.clock)
        .sort((a, b) => (a ?? 0) - (b ?? 0));
      for (const at of new Set(due)) {
        const event: ClosingTimeReached = { type: 'ClosingTimeReached', course, at: at ?? 0 };
        const id = hashUuid('clock', tenant, course, String(at));
        appends.push({ stream: clockStream(tenant, course), expected: 'any', events: [newEvent(event, id)] });
      }
    }
    if (appends.length > 0) await this.#options.store.append(appends);
    return appends.length;
  }

  #report(status: AwardingStatus): void {
    this.#status = status;
    this.#options.onProgress(status);
  }

  #rulesOf(tenant: string): RuleVersions {
    return this.#rules.get(tenant) ?? noRules;
  }

  #course(tenant: string, course: string): Course {
    const key = `${tenant} ${course}`;
    let known = this.#courses.get(key);
    if (!known) this.#courses.set(key, (known = { tenant, course, state: unknownCourse(), lastEventSeen: 0 }));
    return known;
  }

  #contexts(tenant: string): (course: string) => CourseContext {
    return (course) => this.#course(tenant, course).state.context;
  }

  async #loadCoursesAndRules(upTo: number): Promise<void> {
    const categories = ['course', 'clock', 'rule'];
    for (let after = 0; ; ) {
      const events = await this.#options.store.readAll({ after, limit: 1000, categories });
      for (const recorded of events) {
        if (recorded.position > upTo) return;
        const parsed = parseStream(recorded.stream);
        const event = readLogEvent(recorded.type, recorded.schema, recorded.json);
        if (!parsed) continue;
        if (event.type === 'RulePublished') this.#rules.set(parsed.tenant, this.#rulesOf(parsed.tenant).with(event));
        else evolveCourse(this.#course(parsed.tenant, parsed.subject).state, event as Parameters<typeof evolveCourse>[1]);
      }
      const last = events.at(-1);
      if (!last) return;
      after = last.position;
    }
  }

  async #handle(batch: readonly RecordedEvent[]): Promise<void> {
    for (const recorded of batch) {
      const parsed = parseStream(recorded.stream);
      if (!parsed) continue;
      if (categoryOf(recorded.stream) === 'learner') {
        await this.#onLearnerEvent(recorded, parsed.tenant, parsed.subject);
        continue;
      }
      const event = readLogEvent(recorded.type, recorded.schema, recorded.json);
      if (event.type === 'RulePublished') {
        await this.#settleTouches();
        this.#rules.set(parsed.tenant, this.#rulesOf(parsed.tenant).with(event));
        this.#forgetLearners(); // their progress is that of the rules before
        const published = this.#rulesOf(parsed.tenant).version(event.badge, event.version);
        if (event.version === 1 && published) {
          const reason = `rule ${event.badge} was published`;
          this.#sweep(parsed.tenant, published.rule.course, { kind: 'rule', events: [], reason });
        }
      } else {
        await this.#onCourseEvent(event as Parameters<typeof evolveCourse>[1], parsed.tenant, parsed.subject);
      }
    }
    await this.#settleTouches();
    for (const [key, { tenant, course, cause }] of this.#sweeps) {
      await this.#decideCourse(tenant, course, cause, batch.at(-1)?.position ?? 0);
      this.#sweeps.delete(key);
    }
  }

  async #onLearnerEvent(recorded: RecordedEvent, tenant: string, learner: string): Promise<void> {
    const event = readLogEvent(recorded.type, recorded.schema, recorded.json) as LearnerFactEvent | CorrectionEvent;
    const { rulebook } = this.#rulesOf(tenant);
    if (event.course !== undefined) {
      if (rulebook.ofCourse(event.course).length === 0) return;
      this.#course(tenant, event.course).lastEventSeen = this.#options.now();
    } else if (rulebook.rules.length === 0) {
      return;
    }
    const known = this.#learners.get(recorded.stream);
    const begins = recorded.revision === 0 && recorded.position > this.#headAtStart;
    const state = known ?? (begins ? this.#remember(recorded.stream, emptyLearner(tenant, learner, true)) : undefined);
    const touch = this.#toucher(event);
    if (!state) {
      const loaded = await this.#load(tenant, learner);
      // It is folded to the end of the stream, so its later events will find nothing to do: decide everything now.
      for (const rule of loaded.progress.keys()) touch(loaded, rule, -Infinity);
      return;
    }
    if (recorded.revision <= state.revision) return;
    this.#learners.delete(recorded.stream);
    this.#learners.set(recorded.stream, state); // most recently used
    const size = state.book.histories.size;
    foldLearnerEvent(state, event, rulebook, this.#contexts(tenant), (rule, time) => touch(state, rule, time));
    state.revision = recorded.revision;
    this.#facts += state.book.histories.size - size;
  }

  #toucher(event: LearnerFactEvent | CorrectionEvent): (state: LearnerState, rule: LiveRule, time: number) => void {
    return (state, rule, time) => {
      const key = `${state.tenant} ${rule.rule.badge} ${state.learner}`;
      let touch = this.#touches.get(key);
      if (!touch) {
        touch = { learner: state, rule, earliest: Infinity, correction: false, causes: [] };
        this.#touches.set(key, touch);
      }
      touch.earliest = Math.min(touch.earliest, time);
      touch.correction ||= isCorrection(event);
      const id = factId(event.source, event.id);
      if (touch.causes.length < MAX_CAUSES && touch.causes.at(-1) !== id) touch.causes.push(id);
    };
  }

  async #onCourseEvent(event: Parameters<typeof evolveCourse>[1], tenant: string, course: string): Promise<void> {
    const known = this.#course(tenant, course);
    const calendar = known.state.context.calendar;
    if (!evolveCourse(known.state, event)) return;
    const rules = this.#rulesOf(tenant).rulebook.ofCourse(course);
    if (rules.length === 0) return;
    await this.#settleTouches();
    if (known.state.context.calendar !== calendar) this.#recount(tenant, course, rules);
    const id = event.type === 'ClosingTimeReached' ? [] : [factId(event.source, event.id)];
    const reason = event.type === 'ClosingTimeReached' ? 'the time at which the rule decides has come' : `course: ${event.type}`;
    this.#sweep(tenant, course, { kind: 'course', events: id, reason });
  }

  /** Days and weeks of the course have moved: counts everything that is held in memory anew. */
  #recount(tenant: string, course: string, rules: readonly LiveRule[]): void {
    const { context } = this.#course(tenant, course).state;
    for (const state of this.#learners.values()) {
      if (state.tenant !== tenant) continue;
      for (const rule of rules) {
        const progress = startProgress(rule.rule, context);
        const leaves = leavesOf(rule.rule.criteria);
        for (const fact of currentFacts(state.book)) {
          if (fact.course !== course) continue;
          leaves.forEach((leaf, i) => {
            if (selects(leaf.select, fact, context)) progress.trackers[i]?.insert(fact);
          });
        }
        state.progress.set(rule, progress);
      }
    }
  }

  #sweep(tenant: string, course: string, cause: Cause): void {
    this.#sweeps.set(`${tenant} ${course}`, { tenant, course, cause });
  }

  /** Decides every rule of a course for everybody in it. */
  async #decideCourse(tenant: string, course: string, cause: Cause, position: number): Promise<void> {
    const learners = await this.#options.roster(tenant, course, position);
    const rules = this.#rulesOf(tenant).rulebook.ofCourse(course);
    for (let i = 0; i < learners.length; i += SWEEP_CHUNK) {
      this.#options.signal.throwIfAborted();
      for (const learner of learners.slice(i, i + SWEEP_CHUNK)) {
        const state = this.#learners.get(learnerStream(tenant, learner)) ?? (await this.#load(tenant, learner));
        for (const rule of rules) {
          const key = `${tenant} ${rule.rule.badge} ${learner}`;
          this.#touches.set(key, { learner: state, rule, earliest: -Infinity, correction: false, causes: [] });
        }
      }
      await this.#settleTouches(cause);
      this.#evict();
    }
  }

  /** Folds a learner's stream to its end. */
  async #load(tenant: string, learner: string): Promise<LearnerState> {
    const stream = learnerStream(tenant, learner);
    const state = emptyLearner(tenant, learner, false);
    const { rulebook } = this.#rulesOf(tenant);
    const contextOf = this.#contexts(tenant);
    for (const recorded of await this.#options.store.readStream(stream)) {
      const event = readLogEvent(recorded.type, recorded.schema, recorded.json) as LearnerFactEvent | CorrectionEvent;
      foldLearnerEvent(state, event, rulebook, contextOf, () => undefined);
      state.revision = recorded.revision;
    }
    this.#facts += state.book.histories.size;
    return this.#remember(stream, state);
  }

  #remember(stream: string, state: LearnerState): LearnerState {
    this.#learners.set(stream, state);
    return state;
  }

  #forgetLearners(): void {
    this.#learners.clear();
    this.#facts = 0;
  }

  #evict(): void {
    for (const [stream, state] of this.#learners) {
      if (this.#facts <= this.#options.maxFacts) return;
      this.#learners.delete(stream);
      this.#facts -= state.book.histories.size;
    }
  }

  /** Decides everything that was touched and appends what changed. */
  async #settleTouches(cause?: Cause): Promise<void> {
    const touches = [...this.#touches.values()];
    this.#touches.clear();
    let open = await this.#decideAll(touches, cause);
    // A wrong expected revision means that somebody else wrote to the award: look again, decide again.
    for (let attempt = 0; open.length > 0; attempt++) {
      if (attempt === 10) throw new ProofmarkError('CONCURRENT_CHANGE', 'Awards change faster than they can be decided.');
      open = await this.#decideAll(open, cause);
    }
  }

  async #decideAll(touches: readonly Touch[], cause: Cause | undefined): Promise<readonly Touch[]> {
    const appends: Append[] = [];
    const decided: { readonly touch: Touch; readonly award: KnownAward; readonly events: readonly AwardEvent[] }[] = [];
    for (const touch of touches) {
      const known = await this.#knownAward(touch);
      const events = this.#decide(touch, known.state, cause ?? causeOf(touch));
      const first = events[0];
      if (!first) continue;
      const stream = awardStream(first.award);
      appends.push({
        stream,
        expected: known.revision < 0 ? 'no-stream' : known.revision,
        events: events.map((event, i) => newEvent(event, hashUuid(stream, String(known.revision + 1 + i), writeLogEvent(event)))),
      });
      decided.push({ touch, award: known, events });
    }
    if (appends.length === 0) return [];
    const results = await this.#append(appends);
    const conflicts: Touch[] = [];
    results.forEach((result, i) => {
      const made = decided[i];
      if (!made) return;
      const { touch, award, events } = made;
      const { badge } = touch.rule.rule;
      if (result.outcome === 'wrong-expected-revision') {
        touch.learner.awards.delete(badge);
        touch.learner.complete = false; // somebody else wrote: look awards up rather than take them for absent
        conflicts.push(touch);
      } else {
        const state = events.reduce(awardDecider.evolve, award.state);
        touch.learner.awards.set(badge, { state, revision: result.revision });
      }
    });
    return conflicts;
  }

  async #knownAward({ learner, rule }: Touch): Promise<KnownAward> {
    const { badge } = rule.rule;
    const known = learner.awards.get(badge);
    if (known) return known;
    let award: KnownAward = { state: awardDecider.initialState, revision: -1 };
    if (!learner.complete) {
      const stream = awardStream(awardId(learner.tenant, learner.learner, badge, PERIOD));
      const recorded = await this.#options.store.readStream(stream);
      const events = recorded.map(({ type, schema, json }) => readLogEvent(type, schema, json) as AwardEvent);
      award = { state: fold(awardDecider, events), revision: recorded.at(-1)?.revision ?? -1 };
    }
    learner.awards.set(badge, award);
    return award;
  }

  #decide(touch: Touch, award: Award, cause: Cause): readonly AwardEvent[] {
    const { learner } = touch;
    const course = this.#course(learner.tenant, touch.rule.rule.course).state.context;
    // An award stays with the rule version that it was granted under.
    const granted = award.status === 'none' ? undefined : award.rule.version;
    const older = granted === undefined || granted === touch.rule.reference.version ? undefined : this.#rulesOf(learner.tenant).version(touch.rule.rule.badge, granted);
    const rule = older ?? touch.rule;
    const progress = learner.progress.get(rule);
    const outcome = older
      ? judge(older.rule, currentFacts(learner.book), course)
      : progress
        ? outcomeOf(rule.rule, progress, course)
        : { supported: false };
    const command = commandFor({
      tenant: learner.tenant,
      learner: learner.learner,
      rule,
      outcome,
      award,
      facts: learner.book,
      course,
      changedFrom: touch.earliest,
      cause,
      now: this.#options.now(),
    });
    return command ? awardDecider.decide(command, award) : [];
  }

  /** Appends; while the store is full it waits and tries again, since awards must follow the facts. */
  async #append(appends: readonly Append[]) {
    for (;;) {
      try {
        return await this.#options.store.append(appends);
      } catch (error) {
        if (!(error instanceof ProofmarkError) || error.code !== 'STORE_FULL') throw error;
        this.#report({ state: 'waiting', position: this.#status.position, reason: error.message });
        await pause(1000, this.#options.signal);
      }
    }
  }
}

const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason instanceof Error ? signal.reason : new Error('stopped'));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal.addEventListener('abort', stop, { once: true });
  });

const causeOf = ({ correction, causes }: Touch): Cause => ({
  kind: correction ? 'correction' : 'facts',
  events: causes,
  reason: correction ? 'corrected facts changed what the rule sees' : 'new facts changed what the rule sees',
});

const newEvent = (event: AwardEvent | ClosingTimeReached, id: string): NewEvent => ({
  id,
  type: event.type,
  schema: schemaVersion(event.type),
  json: writeLogEvent(event),
});
