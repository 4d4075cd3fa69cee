import { randomUUID } from 'node:crypto';
import { award as awardDecider, type Award, type AwardEvent } from '#domain/award.js';
import { fold } from '#domain/decider.js';
import { emptyFactBook, applyEvent, currentFacts, type Fact } from '#domain/facts.js';
import { awardId } from '#domain/ids.js';
import type { LearningEvent } from '#domain/learning-event.js';
import { readLogEvent, type ClosingTimeReached, type CohortRanked } from '#domain/log-event.js';
import { clockStream, cohortStream, courseStream, learnerStream, parseStream, categoryOf, awardStream, ruleStream } from '#domain/streams.js';
import { rule as ruleDecider, type PublishRule } from '#domain/rule-event.js';
import type { Append, EventStore, RecordedEvent } from '#event-store/event-store.js';
import { execute, toNewEvent } from '#event-store/execute.js';
import { evolveCourse, unknownCourse, type CourseContext } from '#rules/course-context.js';
import { ruleHash } from '#rules/parse.js';
import type { Rule } from '#rules/rule.js';
import { Awarding, type AwardingOptions, type AwardingStatus } from './awarding.js';

/* TEST SUPPORT: one tenant of a real event store, with what intake and the roster projection would do for it. */

/** Where a worker keeps its position; tests put an older one back. */
export interface Checkpoint {
  position: number;
}

/** A running Awarding. */
export interface Worker {
  readonly awarding: Awarding;
  /** Resolves when everything in the log is decided; rejects with the reason where awarding is parked. */
  readonly caughtUp: () => Promise<void>;
  /** Resolves with the status once it is this state. */
  readonly became: (state: AwardingStatus['state']) => Promise<AwardingStatus>;
  /** Ends it and waits for that. */
  readonly stop: () => Promise<void>;
}

export interface WorkerOptions extends Partial<Pick<AwardingOptions, 'batchSize' | 'maxFacts' | 'now' | 'owns' | 'leads'>> {
  readonly store?: EventStore;
  readonly checkpoint?: Checkpoint;
  /** Stands in the way of saving a checkpoint. */
  readonly beforeSave?: () => Promise<void>;
}

/** A tenant's streams as tests write and read them. */
export interface School {
  readonly tenant: string;
  /** Appends events one by one, each to its stream, as intake does. */
  readonly record: (...events: LearningEvent[]) => Promise<void>;
  readonly reachClosingTime: (event: ClosingTimeReached) => Promise<void>;
  readonly publish: (rule: Rule, how?: { readonly backfill?: boolean }) => Promise<void>;
  readonly retire: (badge: string) => Promise<void>;
  readonly work: (options?: WorkerOptions) => Worker;
  readonly awardEvents: (learner: string, badge: string, period?: string) => Promise<readonly AwardEvent[]>;
  readonly awardOf: (learner: string, badge: string, period?: string) => Promise<Award>;
  readonly rankings: (course: string) => Promise<readonly CohortRanked[]>;
  /** Every award event of the tenant, in log order, with its stream and revision. */
  readonly awardLog: () => Promise<readonly RecordedEvent[]>;
  readonly factsOf: (learner: string) => Promise<readonly Fact[]>;
  readonly contextOf: (course: string) => Promise<CourseContext>;
}

const PAGE = 10_000;

const readAll = async (store: EventStore, after: number, upTo = Infinity): Promise<RecordedEvent[]> => {
  const events: RecordedEvent[] = [];
  for (let last = after; ; ) {
    const page = await store.readAll({ after: last, limit: PAGE });
    events.push(...page.filter(({ position }) => position <= upTo));
    last = page.at(-1)?.position ?? last;
    if (page.length < PAGE || last >= upTo) return events;
  }
};

/** Opens a tenant of the store; what stands in the log before is not its own. */
export const openSchool = async (store: EventStore, tenant: string): Promise<School> => {
  const opened = await store.head();
  const streamOf = (event: LearningEvent): string => {
    if ('learner' in event && event.learner !== undefined) return learnerStream(tenant, event.learner);
    return courseStream(tenant, event.course ?? '');
  };
  /** Everybody with a fact in the course, straight from the log. */
  const roster: AwardingOptions['roster'] = async (ofTenant, course, position) => {
    const learners = new Set<string>();
    for (const { stream, json } of await readAll(store, opened, position)) {
      const parsed = parseStream(stream);
      if (categoryOf(stream) !== 'learner' || parsed?.tenant !== ofTenant) continue;
      if (course === '' || (JSON.parse(json) as { course?: string }).course === course) learners.add(parsed.subject);
    }
    return [...learners];
  };
  const awardEvents: School['awardEvents'] = async (learner, badge, period = '') => {
    const recorded = await store.readStream(awardStream(awardId(tenant, learner, badge, period)));
    return recorded.map(({ type, schema, json }) => readLogEvent(type, schema, json) as AwardEvent);
  };

  return {
    tenant,
    record: async (...events) => {
      for (const event of events) {
        const append: Append = { stream: streamOf(event), expected: 'any', events: [toNewEvent(event, randomUUID())] };
        await store.append([append]);
      }
    },
    reachClosingTime: async (event) => {
      await store.append([{ stream: clockStream(tenant, event.course), expected: 'any', events: [toNewEvent(event, randomUUID())] }]);
    },
    publish: async (rule, { backfill = false } = {}) => {
      const command: PublishRule = { type: 'Publish', tenant, badge: rule.badge, hash: ruleHash(rule), document: rule, source: '', publishedAt: 0, ...(backfill && { backfill: true }) };
      await execute(store, ruleDecider, ruleStream(tenant, rule.badge), command, { newId: randomUUID });
    },
    retire: async (badge) => {
      await execute(store, ruleDecider, ruleStream(tenant, badge), { type: 'Retire', tenant, badge, reason: 'r', retiredAt: 0 }, { newId: randomUUID });
    },
    work: ({ store: own = store, checkpoint = { position: opened }, beforeSave, now = () => 0, ...limits } = {}) => {
      const stop = new AbortController();
      const watchers = new Set<(status: AwardingStatus) => void>();
      const awarding = new Awarding({
        store: own,
        roster,
        now,
        signal: stop.signal,
        ...limits,
        checkpoint: {
          load: async () => checkpoint.position,
          save: async (position) => {
            await beforeSave?.();
            checkpoint.position = position;
          },
        },
        onProgress: (status) => {
          for (const watch of watchers) watch(status);
        },
      });
      const until = (holds: (status: AwardingStatus) => boolean): Promise<AwardingStatus> =>
        new Promise((resolve, reject) => {
          const watch = (status: AwardingStatus): void => {
            if (holds(status)) resolve(status);
            else if (status.state === 'parked') reject(new Error(`awarding is parked: ${status.reason ?? ''}`));
            else return;
            watchers.delete(watch);
          };
          watchers.add(watch);
          watch(awarding.status);
        });
      const run = awarding.run();
      return {
        awarding,
        caughtUp: async () => {
          // What is decided is appended, and comes back as something to pass.
          for (let head = -1; head !== (await store.head()); ) {
            head = await store.head();
            const target = head;
            await until(({ position }) => position >= target);
          }
        },
        became: (state) => until((status) => status.state === state),
        stop: async () => {
          stop.abort();
          await run;
        },
      };
    },
    awardEvents,
    awardOf: async (learner, badge, period) => fold(awardDecider, await awardEvents(learner, badge, period)),
    rankings: async (course) =>
      (await store.readStream(cohortStream(tenant, course))).map(({ type, schema, json }) => readLogEvent(type, schema, json) as CohortRanked),
    awardLog: async () =>
      (await readAll(store, opened)).filter(
        ({ stream, json }) => categoryOf(stream) === 'award' && (JSON.parse(json) as { tenant: string }).tenant === tenant,
      ),
    factsOf: async (learner) => {
      const book = emptyFactBook();
      for (const { type, schema, json } of await store.readStream(learnerStream(tenant, learner))) {
        applyEvent(book, readLogEvent(type, schema, json) as LearningEvent);
      }
      return [...currentFacts(book)];
    },
    contextOf: async (course) => {
      const state = unknownCourse();
      for (const stream of [courseStream(tenant, course), clockStream(tenant, course), cohortStream(tenant, course)]) {
        for (const { type, schema, json } of await store.readStream(stream)) {
          evolveCourse(state, readLogEvent(type, schema, json) as LearningEvent | ClosingTimeReached | CohortRanked);
        }
      }
      return state.context;
    },
  };
};
