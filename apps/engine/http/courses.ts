import { Injectable } from '@nestjs/common';
import { currentFacts } from '#domain/facts.js';
import type { CourseEvent } from '#awarding/catalogue.js';
import { courseStreams } from '#awarding/course-streams.js';
import { readLogEvent } from '#domain/log-event.js';
import type { CourseOutline } from '#projections/growth-path-view.js';
import { evolveCourse, unknownCourse, type CourseState } from '#rules/course-context.js';
import { compareFacts } from '#rules/sorted-facts.js';
import type { Engine } from '../engine.js';
import { InjectEngine } from './engine-token.js';

const MAX_COURSES = 1_000;

interface Known {
  readonly state: CourseState;
  /** Next revision to read of each of the course's streams. */
  readonly next: number[];
  outline: CourseOutline;
}

/**
 * What rules know of courses, folded from the courses' own streams with the very code that decides awards (the
 * `course` read model holds what was recorded last, which is not the same where a course was corrected). Each read
 * takes in only what is new.
 */
@Injectable()
export class Courses {
  readonly #known = new Map<string, Promise<Known>>();
  /** A course of which nothing is known. */
  readonly unknown: CourseOutline = outlineOf(unknownCourse());

  constructor(@InjectEngine() private readonly engine: Engine) {}

  /** The course as its streams have it now. */
  async outline(course: string): Promise<CourseOutline> {
    const before = this.#known.get(course) ?? Promise.resolve({ state: unknownCourse(), next: [0, 0, 0], outline: this.unknown } satisfies Known);
    // One after the other: the state is folded in place.
    const after = before.then((known) => this.#catchUp(course, known));
    this.#known.delete(course);
    this.#known.set(course, after);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_COURSES && oldest !== undefined) this.#known.delete(oldest);
    try {
      return (await after).outline;
    } catch (error) {
      this.#known.delete(course); // what was folded halfway is folded anew
      throw error;
    }
  }

  async #catchUp(course: string, known: Known): Promise<Known> {
    const { tenant } = this.engine.config;
    const streams = courseStreams(tenant, course);
    const recorded = await Promise.all(streams.map((stream, i) => this.engine.store.readStream(stream, { from: known.next[i] ?? 0 })));
    if (recorded.every((events) => events.length === 0)) return known;
    recorded.forEach((events, i) => {
      for (const { type, schema, json } of events) evolveCourse(known.state, readLogEvent(type, schema, json) as CourseEvent);
      known.next[i] = (known.next[i] ?? 0) + events.length;
    });
    known.outline = outlineOf(known.state);
    return known;
  }
}

const outlineOf = (state: CourseState): CourseOutline => {
  const titles = new Map<string, string>();
  let title: string | undefined;
  for (const { type, activity, values } of [...currentFacts(state.book)].sort(compareFacts)) {
    if (values.title === undefined) continue;
    if (activity !== undefined) titles.set(activity, values.title);
    else if (type === 'CourseOpened') title = values.title;
  }
  return { context: state.context, titles, ...(title !== undefined && { title }) };
};
