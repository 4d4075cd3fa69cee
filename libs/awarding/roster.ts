import { readLogEvent } from '#domain/log-event.js';
import { parseStream } from '#domain/streams.js';
import type { EventStore } from '#event-store/event-store.js';
import type { ReadModelReader, Row } from '#projections/read-model.js';

const PAGE = 1000;

/** Who is in a course: everybody of whom anything was ever recorded there. The course '' stands for all. */
export interface Roster {
  /** The log position up to which it is complete. */
  readonly position: () => Promise<number>;
  readonly count: (course: string) => Promise<number>;
  /** Each learner once. */
  readonly learners: (course: string) => AsyncIterable<string>;
}

const counted = async (learners: AsyncIterable<string>): Promise<number> => {
  let count = 0;
  for await (const _learner of learners) count += 1;
  return count;
};

/** The roster that a projection keeps. */
export const projectedRoster = (readModels: ReadModelReader, tenant: string): Roster => {
  async function* learners(course: string): AsyncGenerator<string> {
    const where = course === '' ? { tenant } : { tenant, course };
    let last: unknown;
    for (let after: Row | undefined; ; ) {
      const rows = await readModels.find('roster', { where, orderBy: ['learner'], limit: PAGE, ...(after && { after }) });
      for (const { learner } of rows) {
        if (learner === last) continue; // in several courses
        last = learner;
        yield learner as string;
      }
      const end = rows.at(-1);
      if (!end || rows.length < PAGE) return;
      after = { learner: end['learner'], tenant: end['tenant'], course: end['course'] };
    }
  }
  return {
    position: async () => Math.max(0, await readModels.checkpoint('roster')),
    count: (course) => (course === '' ? counted(learners(course)) : readModels.count('roster', { tenant, course })),
    learners,
  };
};

/** The roster straight from the log, for where there are no read models: reads all of it. */
export const loggedRoster = (store: EventStore, tenant: string): Roster => {
  async function* learners(course: string): AsyncGenerator<string> {
    const known = new Set<string>();
    for (let after = 0; ; ) {
      const page = await store.readAll({ after, limit: PAGE, categories: ['learner'] });
      for (const { stream, type, schema, json, revision } of page) {
        const parsed = parseStream(stream);
        if (parsed?.tenant !== tenant) continue;
        const { subject } = parsed;
        if (course === '') {
          if (revision === 0) yield subject;
          continue;
        }
        const event = readLogEvent(type, schema, json);
        if (!('course' in event) || event.course !== course || known.has(subject)) continue;
        known.add(subject);
        yield subject;
      }
      const last = page.at(-1);
      if (!last) return;
      after = last.position;
    }
  }
  return { position: () => store.head(), count: (course) => counted(learners(course)), learners };
};
