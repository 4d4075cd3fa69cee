import { readLogEvent } from '#domain/log-event.js';
import { clockStream, cohortStream, courseStream } from '#domain/streams.js';
import type { EventStore } from '#event-store/event-store.js';
import { evolveCourse, unknownCourse, type CourseState } from '#rules/course-context.js';
import type { CourseEvent } from './catalogue.js';

/** The streams that say what rules may know of a course. */
export const courseStreams = (tenant: string, course: string): readonly string[] => [
  courseStream(tenant, course),
  clockStream(tenant, course),
  cohortStream(tenant, course),
];

/** A course as its streams have it up to a log position. */
export const readCourse = async (store: EventStore, tenant: string, course: string, upTo = Infinity): Promise<CourseState> => {
  const state = unknownCourse();
  for (const stream of courseStreams(tenant, course)) {
    for (const { type, schema, json, position } of await store.readStream(stream)) {
      if (position > upTo) break;
      evolveCourse(state, readLogEvent(type, schema, json) as CourseEvent);
    }
  }
  return state;
};
