import { readCourse } from '#awarding/course-streams.js';
import type { Fact } from '#domain/facts.js';
import type { EventStore } from '#event-store/event-store.js';
import type { ReadModelReader } from '#projections/read-model.js';
import type { Surroundings } from '#rules/lint/subject.js';
import type { Rule } from '#rules/rule.js';

/** What the log knows around rules of some courses: the names in use, what the courses offer, and the live rules. */
export const surroundingsOf = async (
  { store, readModels }: { readonly store: EventStore; readonly readModels: ReadModelReader },
  tenant: string,
  courses: Iterable<string>,
): Promise<Surroundings> => {
  const where = { tenant };
  const rows = await readModels.find('course', { where });
  const known = rows.map(({ course }) => course as string);
  const titles = new Map(rows.flatMap(({ course, title }) => (typeof title === 'string' ? [[course as string, title]] : [])));
  const rules = (await readModels.find('rule', { where }))
    .filter(({ retiredAt }) => typeof retiredAt !== 'number')
    .map(({ document }) => ({ rule: document as Rule }));
  const offers = new Map<string, readonly Fact[]>();
  for (const course of new Set(courses)) {
    if (known.includes(course)) offers.set(course, (await readCourse(store, tenant, course)).context.offers);
  }
  const tags = [...offers.values()].flat().flatMap(({ values }) => values.tags ?? []);
  // A course that offers nothing is one whose class system does not say what it offers.
  const offersOf = (course: string): readonly Fact[] | undefined => {
    const found = offers.get(course);
    return found && found.length > 0 ? found : undefined;
  };
  return {
    known: {
      courses: known,
      activities: (course) => offersOf(course)?.flatMap(({ activity }) => activity ?? []),
      ...(tags.length > 0 && { tags: [...new Set(tags)] }),
      badges: rules.map(({ rule }) => rule.badge),
    },
    others: rules,
    offers: offersOf,
    courseTitle: (course) => titles.get(course),
  };
};
