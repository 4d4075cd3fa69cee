import { setTimeout as sleep } from 'node:timers/promises';
import type { AwardEvent, Cause } from '#domain/award.js';
import { courseChanged, REASONS, rulePublished } from '#domain/cause-reasons.js';
import { messageOf, ProofmarkError } from '#domain/errors.js';
import { hashUuid } from '#domain/ids.js';
import { factId, isCorrection, type CorrectionEvent, type LearnerFactEvent } from '#domain/learning-event.js';
import { categoryOf, clockStream, learnerStream, parseStream } from '#domain/streams.js';
import { isRuleChanged, type RuleChanged, type RuleEvent } from '#domain/rule-event.js';
import type { Append, AppendResult, EventStore, RecordedEvent } from '#event-store/event-store.js';
import { toNewEvent } from '#event-store/execute.js';
import { ErasedLearners } from '#projections/erased-learners.js';
import { decode } from '#projections/log-entries.js';
import type { LogEntry } from '#projections/projection.js';
import { cohortsOf } from '#rules/cohort.js';
import { closingTime, isDecided } from '#rules/evaluate.js';
import { evolveCourse } from '#rules/course-context.js';
import type { Depends } from '#rules/criterion.js';
import { heldBadgeId } from '#rules/held-badge.js';
import { reachesOutsiders } from '#rules/outsiders.js';
import type { CourseProgram, LiveRule } from '#rules/rulebook.js';
import { AwardWriter } from './award-writer.js';
import { Catalogue, type CourseEvent } from './catalogue.js';
import { CohortRanking } from './cohort-ranking.js';
import { LearnerCache } from './learner-cache.js';
import { doubtAbsence, forgetAward, learnerCourse, type LearnerState } from './learner-state.js';
import { learnersTogether } from './learners-together.js';
import { Touches, triggerOf, type Trigger } from './touches.js';
import { Wakes } from './wakes.js';

const SWEEP_CHUNK = 500;
const FULL_STORE_PAUSE_MS = 1000;
/** Course events that say what is offered, not when it begins or ends. */
const OFFERS: ReadonlySet<string> = new Set(['SessionHeld', 'AssignmentPublished', 'MissionPublished']);

export interface AwardingOptions {
  readonly store: EventStore;
  /** Where the last handled position is kept; losing it only means deciding again, with the same result. */
  readonly checkpoint: { readonly load: () => Promise<number>; readonly save: (position: number) => Promise<void> };
  /** Everybody with a fact in the course, or in any course where it is '', once the roster shows the position. */
  readonly roster: (tenant: string, course: string, position: number) => Promise<readonly string[]>;
  /** Whose awards are decided here; everybody's where absent. Others are left to whoever owns them. */
  readonly owns?: (tenant: string, learner: string) => boolean;
  /** True, too, where absent: of several workers one closes courses and ranks cohorts; more than one do no harm. */
  readonly leads?: boolean;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** Events a batch, 2,000 where absent. */
  readonly batchSize?: number;
  /** Facts kept in memory over all learners, 600,000 where absent. */
  readonly maxFacts?: number;
  /** Called after each batch, and when awarding waits or stops for good. */
  readonly onProgress?: (status: AwardingStatus) => void;
}

/** The learner's stream that an entry of the log belongs to, if it is one. */
const learnerStreamOf = ({ recorded: { stream } }: LogEntry): string | undefined => (categoryOf(stream) === 'learner' ? stream : undefined);

const learnerOf = ({ stream }: RecordedEvent): string => parseStream(stream)?.subject ?? '';

/** A course whose rules, or some of them, have to be decided for everybody in it. */
interface Sweep {
  readonly tenant: string;
  readonly course: string;
  readonly cause: Cause;
  /** Only the rules that depend on this; 'published': only this rule; all where absent. */
  readonly rules: ReadonlySet<LiveRule> | undefined;
}

export interface AwardingStatus {
  readonly state: 'running' | 'waiting' | 'parked';
  /** The last position up to which everything is decided. */
  readonly position: number;
  /** Why it waits or is parked, and what to do. */
  readonly reason?: string;
}

/**
 * The rules engine's shell: follows the log, keeps the incremental evaluation of each learner, and appends what
 * becomes of their awards. Every effect is guarded by the award stream's expected revision, so handling an event
 * twice, or by two workers, changes nothing. What it holds in memory can be dropped at any time.
 */
export class Awarding {
  readonly #options: AwardingOptions;
  readonly #leads: boolean;
  readonly #catalogue = new Catalogue();
  readonly #learners: LearnerCache;
  readonly #touches = new Touches();
  readonly #writer: AwardWriter;
  readonly #sweeps = new Map<string, Sweep>();
  readonly #wakes = new Wakes();
  /** Of whom nothing more is decided. */
  #erased = new ErasedLearners();
  #headAtStart = 0;
  #startedAt = 0;
  #status: AwardingStatus = { state: 'running', position: 0 };

  constructor(options: AwardingOptions) {
    const { store, now, maxFacts = 600_000 } = options;
    this.#options = options;
    this.#leads = options.leads ?? true;
    this.#learners = new LearnerCache(store, this.#catalogue, maxFacts);
    this.#writer = new AwardWriter(store, this.#catalogue, now, (appends) => this.#append(appends), (learner, { rule }, at) =>
      this.#wakes.add(learner.tenant, rule.course, learner.learner, rule.badge, at),
    );
  }

  get status(): AwardingStatus {
    return this.#status;
  }

  /** Decides until the signal ends it. It does not reject: what stops it is in the status. */
  async run(): Promise<void> {
    const { store, checkpoint, signal, now, batchSize = 2000 } = this.#options;
    try {
      this.#startedAt = now();
      this.#headAtStart = await store.head();
      this.#erased = await ErasedLearners.load(store);
      let position = Math.max(0, await checkpoint.load());
      await this.#catalogue.load(store, position);
      if (position > 0) await this.#lookAtTimers(position);
      this.#report({ state: 'running', position });
      for await (const batch of store.subscribe({ after: position, batchSize, signal })) {
        position = batch.at(-1)?.position ?? position;
        await this.#handle(batch, position);
        await this.#whenThereIsRoom(() => checkpoint.save(position));
        this.#learners.evict();
        this.#report({ state: 'running', position });
      }
    } catch (error) {
      if (signal.aborted) return;
      this.#report({ state: 'parked', position: this.#status.position, reason: messageOf(error) });
    }
  }

  /**
   * Puts closing times that have passed into the log, for courses that nothing was heard of for `settle` milliseconds,
   * and returns how many. So a term that streams in late is decided once it is there, not again with each event; for
   * the same reason nothing closes before what was in the log at the start is read.
   * Call it now and then; the decisions follow from the log.
   */
  async recordClosings(settle: number): Promise<number> {
    const { state: running, position } = this.#status;
    if (running === 'parked' || position < this.#headAtStart) return 0;
    const now = this.#options.now();
    const appends: Append[] = [];
    for (const { tenant, course, state, lastSeen } of this.#catalogue.courses()) {
      if (now - Math.max(lastSeen, this.#startedAt) < settle) continue;
      const due = new Set<number>();
      for (const { rule } of (this.#leads && this.#catalogue.rulebook(tenant).program(course)?.rules) || []) {
        // The end of a course is in its own stream; but whoever is ranked is ranked once, so that waits for the quiet, too.
        if (rule.decides.mode !== 'at-close' || (rule.decides.of === 'course' && cohortsOf(rule).length === 0)) continue;
        const at = closingTime(rule, state.context);
        if (at !== undefined && at <= now && at > state.context.clock) due.add(at);
      }
      const woken = this.#wakes.due(tenant, course, now);
      if (woken !== undefined && woken > state.context.clock) due.add(woken);
      for (const at of [...due].sort((a, b) => a - b)) {
        const id = hashUuid('clock', tenant, course, String(at));
        const event = toNewEvent({ type: 'ClosingTimeReached', course, at }, id);
        appends.push({ stream: clockStream(tenant, course), expected: 'any', events: [event] });
      }
    }
    if (appends.length > 0) await this.#append(appends);
    return appends.length;
  }

  #report(status: AwardingStatus): void {
    this.#status = status;
    this.#options.onProgress?.(status);
  }

  async #handle(batch: readonly RecordedEvent[], position: number): Promise<void> {
    const { entries, unreadable } = decode(batch);
    for (const { event, recorded, tenant } of learnersTogether(entries, learnerStreamOf)) {
      const category = categoryOf(recorded.stream);
      if (event.type === 'LearnerErased') {
        await this.#writer.settle(this.#touches.take(), recorded.position - 1);
        this.#erased.note(event, recorded.position);
        this.#learners.drop(learnerStream(tenant, event.learner));
      } else if (category === 'learner') {
        const pending = this.#onLearnerEvent(recorded, event as LearnerFactEvent | CorrectionEvent, tenant);
        if (pending) await pending;
      } else if (category === 'rule') {
        const changed = event as RuleEvent;
        if (isRuleChanged(changed)) await this.#onRule(changed, tenant, recorded.position);
      } else if (category === 'course' || category === 'clock' || category === 'cohort') {
        await this.#onCourseEvent(event as CourseEvent, tenant, recorded);
      } else if (category === 'award') {
        await this.#onAwardEvent(event as AwardEvent, tenant, recorded);
      }
    }
    if (unreadable) throw new ProofmarkError('UNKNOWN_EVENT_VERSION', unreadable.message);
    await this.#decide(position);
  }

  /** Decides everything that was touched on the log up to a position, then for every course that has changed. */
  async #decide(position: number): Promise<void> {
    await this.#writer.settle(this.#touches.take(), position);
    for (const [key, sweep] of this.#sweeps) {
      await this.#decideCourse(sweep, position);
      this.#sweeps.delete(key);
    }
  }

  async #onRule(event: RuleChanged, tenant: string, position: number): Promise<void> {
    // What came before is decided by the versions of then.
    if (event.version > 1 || event.type === 'RuleRetired') await this.#decide(position - 1);
    else await this.#writer.settle(this.#touches.take(), position - 1);
    this.#catalogue.changeRule(tenant, event);
    const published = this.#catalogue.versions(tenant).live(event.badge);
    this.#learners.clear();
    if (!published || event.type === 'RuleRetired') return;
    await this.#rankCohorts(tenant, published.rule.course, position);
    // The first version also awards what was earned before, and so does one that is published for that; any other
    // decides about each learner from their next event on. Where time matters, there may be no next event.
    const timed = this.#catalogue.rulebook(tenant).program(published.rule.course)?.timed.includes(published);
    if (event.version > 1 && !event.backfill && !timed) return;
    const cause: Cause = { kind: 'rule', events: [], reason: rulePublished(event.badge) };
    this.#sweep(tenant, published.rule.course, cause, event.version === 1 ? undefined : [published]);
  }

  /** What time will change is not kept over a restart: looks at everybody in the courses where it can change anything. */
  async #lookAtTimers(position: number): Promise<void> {
    const cause: Cause = { kind: 'time', events: [], reason: REASONS.time };
    for (const [tenant, { programs }] of this.#catalogue.rulebooks()) {
      for (const { course, timed } of programs.values()) if (timed.length > 0) this.#sweep(tenant, course, cause, timed);
    }
    await this.#decide(position);
  }

  /** Returns a promise only where the learner has to be read first: most events take no turn of the event loop. */
  #onLearnerEvent(recorded: RecordedEvent, event: LearnerFactEvent | CorrectionEvent, tenant: string): Promise<void> | undefined {
    const rulebook = this.#catalogue.rulebook(tenant);
    if (rulebook.rules.length === 0) return undefined;
    if (event.course !== undefined) {
      if (rulebook.program(event.course)) this.#catalogue.course(tenant, event.course).lastSeen = this.#options.now();
      // Only an approval, or a newer version or a correction of a fact of another course, can matter then.
      else if (event.type !== 'ApprovalGiven' && (recorded.revision === 0 || (event.version === undefined && !isCorrection(event) && !this.#learners.get(recorded.stream)))) return undefined;
    }
    if (this.#options.owns?.(tenant, learnerOf(recorded)) === false || this.#erased.has(tenant, learnerOf(recorded))) return undefined;
    let state = this.#learners.get(recorded.stream);
    if (!state && recorded.revision === 0) {
      const learner = learnerOf(recorded);
      state = this.#learners.begin(tenant, learner, recorded.position > this.#headAtStart);
    }
    if (!state) return this.#loadAndFold(recorded, event, tenant);
    this.#fold(state, recorded, event);
    return undefined;
  }

  async #loadAndFold(recorded: RecordedEvent, event: LearnerFactEvent | CorrectionEvent, tenant: string): Promise<void> {
    this.#fold(await this.#learners.load(tenant, learnerOf(recorded), recorded.position - 1), recorded, event);
  }

  #fold(state: LearnerState, { revision }: RecordedEvent, event: LearnerFactEvent | CorrectionEvent): void {
    if (revision <= state.revision) return;
    let trigger: Trigger | undefined; // most events touch nothing
    this.#learners.fold(state, event, revision, (rule, time) => this.#touches.add(state, rule, time, (trigger ??= triggerOf(event))));
  }

  async #held(tenant: string, learner: string, position: number): Promise<LearnerState> {
    return this.#learners.get(learnerStream(tenant, learner)) ?? this.#learners.load(tenant, learner, position);
  }

  /** Takes up what waited for this event, and what asks for its badge. */
  async #onAwardEvent(event: AwardEvent, tenant: string, recorded: RecordedEvent): Promise<void> {
    if (this.#options.owns?.(tenant, event.learner) === false) return;
    const reached = this.#writer.reached(recorded);
    if (this.#erased.has(tenant, event.learner)) return;
    if (reached) {
      const state = await this.#held(tenant, reached.learner, recorded.position);
      for (const one of reached.waiting) this.#touches.again(state, one);
    }
    this.#forgetStale(event, tenant, recorded);
    if (!this.#catalogue.rulebook(tenant).prerequisites.has(event.badge)) return;
    const state = await this.#held(tenant, event.learner, recorded.position - 1);
    const trigger: Trigger = { kind: 'award', id: heldBadgeId(event.award) };
    this.#learners.foldAward(state, event, (rule, time) => this.#touches.add(state, rule, time, trigger));
  }

  /** Another worker, or a person, wrote to an award that is held here as it was before: looks it up and decides again. */
  #forgetStale(event: AwardEvent, tenant: string, { revision }: RecordedEvent): void {
    const state = this.#learners.get(learnerStream(tenant, event.learner));
    const rule = this.#catalogue.newest(tenant, event.badge);
    const rulebook = this.#catalogue.rulebook(tenant);
    if (!state || !rule || !forgetAward(state, event, rulebook, revision)) return;
    const ofBadge = rulebook.program(rule.rule.course)?.ofBadge.get(event.badge) ?? [];
    for (const one of [...ofBadge, ...doubtAbsence(state, rulebook)]) this.#touches.anew(state, one);
  }

  async #onCourseEvent(event: CourseEvent, tenant: string, { stream, position }: RecordedEvent): Promise<void> {
    const course = parseStream(stream)?.subject ?? '';
    const known = this.#catalogue.course(tenant, course);
    const { calendar } = known.state.context;
    const program = this.#catalogue.rulebook(tenant).program(course);
    // What came before is decided by the course of then: progress and context belong together.
    if (!OFFERS.has(event.type) || (program && program.dependents.offers.length > 0)) await this.#writer.settle(this.#touches.take(), position - 1);
    if (event.type !== 'ClosingTimeReached') known.lastSeen = this.#options.now();
    const change = evolveCourse(known.state, event);
    if (change === 'none' || !program) return;
    if (event.type === 'ClosingTimeReached') return this.#onTime(tenant, program, event.at, position);
    if (known.state.context.calendar !== calendar) this.#learners.recount(tenant, course);
    const events = 'source' in event ? [factId(event.source, event.id)] : [];
    const reason = event.type === 'CohortRanked' ? REASONS.ranked : courseChanged(event.type);
    const cause: Cause = { kind: 'course', events, reason };
    if (change === 'bounds') await this.#rankCohorts(tenant, course, position);
    if (change === 'bounds') this.#sweep(tenant, course, cause);
    else this.#sweepDependents(tenant, program, change, cause);
  }

  /** The clock of a course has come to a moment: closings decide about everybody, other moments about who waits for them. */
  async #onTime(tenant: string, program: CourseProgram, at: number, position: number): Promise<void> {
    const { course } = program;
    const context = this.#catalogue.contexts(tenant)(course);
    await this.#rankCohorts(tenant, course, position);
    const closing = program.rules.filter(({ rule }) => closingTime(rule, context) === at);
    if (closing.length > 0) {
      const cause: Cause = { kind: 'course', events: [], reason: REASONS.closing };
      this.#sweep(tenant, course, cause, closing);
    }
    for (const { learner, badge } of this.#wakes.take(tenant, course, at)) {
      if (this.#erased.has(tenant, learner)) continue;
      const state = await this.#held(tenant, learner, position);
      for (const rule of program.rules) {
        if (rule.rule.badge === badge) this.#touches.add(state, rule, Infinity, { kind: 'time', id: '' });
      }
    }
  }

  #sweepDependents(tenant: string, program: CourseProgram, on: Depends, cause: Cause): void {
    // What decides at a close is decided then.
    const { context } = this.#catalogue.course(tenant, program.course).state;
    const rules = program.dependents[on].filter(({ rule }) => rule.recurs !== undefined || isDecided(rule, context));
    if (rules.length > 0) this.#sweep(tenant, program.course, cause, rules);
  }

  /** Notes that rules of a course, all where none are named, have to be decided for everybody in it. */
  #sweep(tenant: string, course: string, cause: Cause, rules?: Iterable<LiveRule>): void {
    const key = JSON.stringify([tenant, course]);
    const noted = this.#sweeps.get(key);
    const both = rules && (!noted || noted.rules) ? new Set([...(noted?.rules ?? []), ...rules]) : undefined;
    this.#sweeps.set(key, { tenant, course, cause, rules: both });
  }

  /** Decides rules of a course for everybody in it. */
  async #decideCourse({ tenant, course, cause, rules }: Sweep, position: number): Promise<void> {
    const program = this.#catalogue.rulebook(tenant).program(course);
    if (!program) return;
    const learners = await this.#learnersOf(tenant, course, rules ?? program.rules, position);
    for (let i = 0; i < learners.length; i += SWEEP_CHUNK) {
      this.#options.signal.throwIfAborted();
      for (const learner of learners.slice(i, i + SWEEP_CHUNK)) {
        const state = await this.#held(tenant, learner, position);
        for (const rule of rules ?? program.rules) this.#touches.add(state, rule, -Infinity);
      }
      await this.#writer.settle(this.#touches.take(), position, cause);
      this.#learners.evict();
    }
  }

  /**
   * Settles what the cohorts of a course have to reach, where the time has come, on the log up to a position: all that
   * was touched before is decided. The decisions follow from the log.
   */
  async #rankCohorts(tenant: string, course: string, position: number): Promise<void> {
    if (!this.#leads) return;
    const program = this.#catalogue.rulebook(tenant).program(course);
    const live = program?.dependents.cohort.filter((rule) => this.#catalogue.isLive(tenant, rule)) ?? [];
    if (!program || live.length === 0) return;
    const contextOf = this.#catalogue.contexts(tenant);
    const ranking = await CohortRanking.open(this.#options.store, tenant, course, live, contextOf(course));
    if (!ranking) return;
    const learners = await this.#options.roster(tenant, course, position);
    for (const [i, learner] of learners.entries()) {
      const state = await this.#held(tenant, learner, position);
      ranking.take(state, learnerCourse(state, program, contextOf));
      if (i % SWEEP_CHUNK !== 0) continue;
      this.#options.signal.throwIfAborted();
      this.#learners.evict();
    }
    await this.#append([ranking.append()]);
  }

  /** Everybody in a course who is decided about here; for badges that need no fact of it, in all of them. */
  async #learnersOf(tenant: string, course: string, rules: Iterable<LiveRule>, position: number): Promise<readonly string[]> {
    const everybody = [...rules].some(({ rule }) => reachesOutsiders(rule));
    const learners = await this.#options.roster(tenant, everybody ? '' : course, position);
    const { owns } = this.#options;
    return learners.filter((learner) => owns?.(tenant, learner) !== false && !this.#erased.has(tenant, learner));
  }

  #append(appends: readonly Append[]): Promise<readonly AppendResult[]> {
    return this.#whenThereIsRoom(() => this.#options.store.append(appends));
  }

  /** Writes; while the disk is full it waits and tries again, since awards must follow the facts. */
  async #whenThereIsRoom<T>(write: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await write();
      } catch (error) {
        if (!(error instanceof ProofmarkError) || error.code !== 'STORE_FULL') throw error;
        this.#report({ state: 'waiting', position: this.#status.position, reason: error.message });
        await sleep(FULL_STORE_PAUSE_MS, undefined, { signal: this.#options.signal });
      }
    }
  }
}
