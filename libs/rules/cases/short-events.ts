import { factId, isCorrection, type CorrectionEvent, type CourseFactEvent, type FactValues, type LearnerFactEvent, type LearningEvent } from '#domain/learning-event.js';
import { caseTime, instantOf, written, type CaseDays } from './case-time.js';
import type { YamlMembers } from './yaml-flow.js';

/** How close to what was recorded times are written: to the minute as people do, or to the millisecond where that matters. */
export type Precision = 'minute' | 'exact';

/** What is said of recorded events, and what is kept to oneself. */
export interface Shortening {
  readonly days: CaseDays;
  readonly precision: Precision;
  /** The badge whose approvals need not say it. */
  readonly badge: string;
  /** The attributes that the rule looks at; others are nobody's business. */
  readonly attributes: ReadonlySet<string>;
}

const MINUTE = 60_000;

/** A moment as people write it, if it is read back as the same one. */
export const shortTime = (time: number, days: CaseDays, precision: Precision): string => {
  const text = written(time, days);
  const back = caseTime(text);
  const meant = precision === 'exact' ? time : Math.floor(time / MINUTE) * MINUTE;
  return back && instantOf(back, days, 'noon') === meant ? text : new Date(time).toISOString();
};

/** Names by what they stand for, in the order in which they come up: they say nothing but which are the same. */
class Aliases {
  readonly #names = new Map<string, string>();

  constructor(private readonly prefix: string) {}

  of(name: string): string {
    let alias = this.#names.get(name);
    if (alias === undefined) this.#names.set(name, (alias = `${this.prefix}${this.#names.size + 1}`));
    return alias;
  }
}

const valuesOf = (values: FactValues & { readonly time?: number }, { days, precision, attributes }: Shortening): YamlMembers => {
  const { status, role, score, max, released, kind, tags, weight, due, submitted, timezone, attributes: said, time } = values;
  const kept = Object.entries(said ?? {}).filter(([name]) => attributes.has(name));
  const moment = (at: number | undefined): string | undefined => (at === undefined ? undefined : shortTime(at, days, precision));
  return {
    status, role, kind, tags, score, max, released, weight, due: moment(due), submitted: moment(submitted), timezone,
    attributes: kept.length > 0 ? Object.fromEntries(kept) : undefined,
    time: moment(time),
  };
};

/** The sessions, assignments and missions of a course in short form. */
export const shortOffers = (offers: readonly CourseFactEvent[], how: Shortening): readonly YamlMembers[] => {
  const occurrences = new Map<string, Aliases>();
  return offers.map(({ type, activity, occurrence, ...values }) => ({ type, activity, occurrence: aliasOf(occurrences, activity, occurrence), ...valuesOf(values, how) }));
};

const aliasOf = (known: Map<string, Aliases>, activity: string | undefined, occurrence: string | undefined): string | undefined => {
  if (occurrence === undefined) return undefined;
  const key = activity ?? '';
  let aliases = known.get(key);
  if (!aliases) known.set(key, (aliases = new Aliases('try-')));
  return aliases.of(occurrence);
};

/** Those events of a learner that are about a course: its facts, and the corrections of these, in order of arrival. */
export const ofCourse = (events: readonly LearningEvent[], course: string): readonly (LearnerFactEvent | CorrectionEvent)[] => {
  const facts = new Set(events.flatMap((event) => (!isCorrection(event) && event.course === course ? [factId(event.source, event.id)] : [])));
  return events.filter((event): event is LearnerFactEvent | CorrectionEvent => facts.has(factId(event.source, isCorrection(event) ? event.target : event.id)));
};

/** Events of a learner in short form, in order of arrival: without the ids of people and class systems. */
export const shortEvents = (events: readonly (LearnerFactEvent | CorrectionEvent)[], how: Shortening): readonly YamlMembers[] => {
  const places = new Map<string, string>();
  for (const [i, event] of events.entries()) {
    const id = factId(event.source, event.id);
    if (!isCorrection(event) && !places.has(id)) places.set(id, `e${i + 1}`);
  }
  const occurrences = new Map<string, Aliases>();
  const approvers = new Aliases('t-');
  return events.map((event, i): YamlMembers => {
    if (isCorrection(event)) {
      const { type, version, source, target, changes, time } = event;
      return { type, version, target: places.get(factId(source, target)), changes: changes && valuesOf(changes, how), time: time === undefined ? undefined : shortTime(time, how.days, how.precision) };
    }
    const { type, version, activity, occurrence, ...values } = event;
    const place = places.get(factId(event.source, event.id));
    // A newer version of an event that was sent before has its name.
    const id = place === `e${i + 1}` ? undefined : place;
    if (type === 'ApprovalGiven') return { type, id, version, badge: activity === how.badge ? undefined : activity, approver: approvers.of(occurrence ?? ''), ...valuesOf(values, how) };
    return { type, id, version, activity, occurrence: aliasOf(occurrences, activity, occurrence), ...valuesOf(values, how) };
  });
};
