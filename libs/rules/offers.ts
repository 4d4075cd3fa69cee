import type { Fact } from '#domain/facts.js';
import type { CourseFactType } from '#domain/learning-event.js';
import { isNamed, isWithinDays, testOf, type Selector } from './selector.js';
import type { Circumstances } from './circumstances.js';

type OfferType = Extract<CourseFactType, 'SessionHeld' | 'AssignmentPublished' | 'MissionPublished'>;
type ByActivity = ReadonlyMap<string, readonly Fact[]>;

// A course's offers are the same array for all its learners, and another one where any of them changes.
const known = new WeakMap<readonly Fact[], Map<OfferType, ByActivity>>();

/** What a course offers of a type, by activity; several offers of one activity by time, then id. */
export const offersByActivity = (offers: readonly Fact[], type: OfferType): ByActivity => {
  let types = known.get(offers);
  if (!types) known.set(offers, (types = new Map<OfferType, ByActivity>()));
  let found = types.get(type);
  if (!found) types.set(type, (found = byActivity(offers.filter((offer) => offer.type === type))));
  return found;
};

const byActivity = (offers: readonly Fact[]): ByActivity => {
  const found = new Map<string, Fact[]>();
  for (const offer of offers) {
    if (offer.activity === undefined) continue;
    const list = found.get(offer.activity);
    if (list) list.push(offer);
    else found.set(offer.activity, [offer]);
  }
  return found;
};

/**
 * What a criterion on what is offered looks at: all facts of the activities, since tags, kinds and days are those of the
 * offer. The last selector, see `narrowingOf`, holds these.
 */
export const factsOfOffers = (narrowing: Selector): readonly Selector[] => {
  const { type, activities } = narrowing;
  const all: Selector = { type, ...(activities && { activities }) };
  return Object.keys(narrowing).length === Object.keys(all).length ? [narrowing] : [all, narrowing];
};

/** Whether two selectors are those of `factsOfOffers`: all facts of some activities, and what the offers have to be. */
export const isNarrowedBy = ([all, narrowing]: readonly Selector[]): boolean =>
  all !== undefined && narrowing !== undefined && all.type === narrowing.type && all.activities === narrowing.activities &&
  Object.keys(all).every((key) => key === 'type' || key === 'activities');

/** Which offers a criterion that selects by `factsOfOffers` is about. */
export const narrowingOf = (selectors: readonly Selector[]): Selector => {
  const narrowing = selectors.at(-1);
  if (!narrowing) throw new Error('a criterion on what is offered selects facts');
  return narrowing;
};

/** Whether an offer, or a fact that shows there was one, at that moment is what a criterion is about. */
export const isAsked = (narrowing: Selector, offer: Fact, time: number, at: Circumstances): boolean =>
  isNamed(testOf(narrowing), offer) && isWithinDays(testOf(narrowing), time, at);
