import type { Fact } from '#domain/facts.js';
import type { Circumstances } from './circumstances.js';
import type { CourseContext } from './course-context.js';

/** Offers are another array where one changes, so what is found in one stays right. */
const found = new WeakMap<readonly Fact[], ReadonlyMap<string, Fact>>();

/** The assignments that a course has published, by activity; where one was published several times, the latest. */
export const publishedAssignments = ({ offers }: CourseContext): ReadonlyMap<string, Fact> => {
  const known = found.get(offers);
  if (known) return known;
  const published = new Map<string, Fact>();
  for (const offer of offers) {
    if (offer.type === 'AssignmentPublished' && offer.activity !== undefined) published.set(offer.activity, offer);
  }
  found.set(offers, published);
  return published;
};

/** When an assignment is due for a learner: the learner's own extension, else what the course published; undefined where nobody said. */
export const dueOf = (activity: string, { course, learner }: Circumstances): number | undefined =>
  learner.extensions.get(activity) ?? publishedAssignments(course).get(activity)?.values.due;
