import { isCourseFactType } from '#domain/learning-event.js';
import { categoryOf, parseStream } from '#domain/streams.js';
import { forgetLearner } from './forget-learner.js';
import type { LogEntry, Projection } from './projection.js';
import type { Collection, Row, Write } from './read-model.js';

/** Which learners have any fact in a course. Whether a fact still holds, the learner's own facts say. */
export const ROSTER: Collection = {
  name: 'roster',
  columns: {
    tenant: 'text',
    course: 'text',
    learner: 'text',
    /** Log position of the first event. */
    firstPosition: 'integer',
    /** Event times of the enrolment and the withdrawal that were recorded last; null without one. */
    enrolledAt: 'integer',
    withdrawnAt: 'integer',
  },
  key: ['tenant', 'course', 'learner'],
  indexes: [['tenant', 'learner']],
};

/** What is known of each course; for each column the last recorded event decides. */
export const COURSE: Collection = {
  name: 'course',
  columns: {
    tenant: 'text',
    course: 'text',
    firstPosition: 'integer',
    title: 'text',
    /** The course's first instant. */
    start: 'integer',
    timezone: 'text',
    /** Event times of its opening and its closing. */
    openedAt: 'integer',
    closedAt: 'integer',
    /** The last closing time that the log's clock has reached. */
    closingReachedAt: 'integer',
  },
  key: ['tenant', 'course'],
};

/** Rows to create where absent and columns to set, gathered over a batch. */
interface Gathered {
  readonly collection: string;
  readonly key: Row;
  readonly firstPosition: number;
  readonly set: Record<string, string | number>;
}

const courseColumns = ({ event }: LogEntry): Record<string, string | number> | undefined => {
  if (event.type === 'ClosingTimeReached') return { closingReachedAt: event.at };
  if (event.type === 'CourseClosed') return { closedAt: event.time };
  if (event.type === 'CourseOpened') {
    return {
      openedAt: event.time,
      start: event.start ?? event.time,
      ...(event.title !== undefined && { title: event.title }),
      ...(event.timezone !== undefined && { timezone: event.timezone }),
    };
  }
  return isCourseFactType(event.type) ? {} : undefined;
};

const rosterColumns = ({ event }: LogEntry): Record<string, number> => {
  if (event.type === 'Enrolled') return { enrolledAt: event.time };
  if (event.type === 'Withdrawn') return { withdrawnAt: event.time };
  return {};
};

/** Courses, and the learners of each. Events that name no course (some corrections) are not in it. */
export const courseRoster: Projection = {
  name: 'roster',
  version: 1,
  collections: [ROSTER, COURSE],
  project: (entries) => {
    const rows = new Map<string, Gathered>();
    const forgotten: Write[] = [];
    const gather = (collection: string, key: Readonly<Record<string, string>>, firstPosition: number, set: Readonly<Record<string, string | number>>): void => {
      // Ids hold no control characters: intake refuses them.
      const id = `${collection}\n${Object.values(key).join('\n')}`;
      const known = rows.get(id);
      if (known) Object.assign(known.set, set);
      else rows.set(id, { collection, key, firstPosition, set: { ...set } });
    };
    for (const entry of entries) {
      const { event, recorded, tenant } = entry;
      if (event.type === 'LearnerErased') forgotten.push(...forgetLearner(event, ROSTER));
      if (entry.erased) continue;
      const category = categoryOf(recorded.stream);
      if ((category !== 'learner' && category !== 'course') || !('course' in event) || event.course === undefined) continue;
      const { course } = event;
      const ofCourse = courseColumns(entry);
      if (ofCourse) {
        gather('course', { tenant, course }, recorded.position, ofCourse);
        continue;
      }
      const learner = 'learner' in event ? event.learner : parseStream(recorded.stream)?.subject;
      if (category !== 'learner' || learner === undefined) continue;
      gather('roster', { tenant, course, learner }, recorded.position, rosterColumns(entry));
    }
    const written = [...rows.values()].flatMap(({ collection, key, firstPosition, set }): Write[] => {
      const keep: Write = { op: 'keep', collection, row: { ...key, firstPosition } };
      return Object.keys(set).length > 0 ? [keep, { op: 'patch', collection, key, set }] : [keep];
    });
    // After all others: what comes later about them is marked as erased.
    return [...written, ...forgotten];
  },
};
