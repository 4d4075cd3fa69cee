import type { Fact } from '#domain/facts.js';
import type { Circumstances } from '../circumstances.js';
import { criterionKind, type CriterionNode, type Depends } from '../criterion.js';
import { DAYS, WEEKDAYS, weeksFrom, type DayUnits } from '../day-units.js';
import { LEARNING_TYPES } from '../selector.js';
import { choice, flag, number, optional, required, type Reading } from '../shape.js';
import { largestWhole, percentOf, reaches, wholeMillionths } from '../share.js';
import { TimedTracker } from '../timed-tracker.js';
import { fromSteps, NEVER, type Truth } from '../truth.js';
import { narrowing, NOUNS, plain } from '../words.js';

const members = {
  // One percent is the least that can be asked for: a share that never falls below it would have to be followed for ever.
  'at-least': required(number({ min: 1, max: 100 }), 'the share that is needed, in percent of the weeks or days begun so far'),
  per: optional(choice(['course-week', 'course-day']), 'what is counted: course weeks (where absent) or course days'),
  'weekdays-only': optional(flag, "of days, only Monday to Friday in the course's time zone"),
  since: optional(choice(['course', 'enrolment']), 'counted from the start of the course (where absent) or from the week or day of enrolment'),
};
type Settings = Reading<typeof members>;

/** The weeks or days that count, in order. */
interface Stretch {
  readonly units: DayUnits;
  readonly first: number;
  /** Infinity where no end is known. */
  readonly last: number;
}

const latest = (...days: readonly (number | undefined)[]): number => Math.max(...days.filter((day) => day !== undefined));
const earliest = (...days: readonly (number | undefined)[]): number => Math.min(Infinity, ...days.filter((day) => day !== undefined));
const plus = (day: number | undefined, days: number | undefined): number | undefined =>
  day === undefined || days === undefined ? undefined : day + days;

/** The stretch of a criterion; undefined before it is known when the course starts. */
const stretchOf = ({ selects: [select], settings }: CriterionNode<Settings>, { course, learner }: Circumstances): Stretch | undefined => {
  const { calendar, zone, closedAt } = course;
  if (!calendar || !select) return undefined;
  const start = zone.dayOf(0) - calendar.dayOf(0);
  const enrolled = learner.enrolledAt === undefined ? undefined : zone.dayOf(learner.enrolledAt);
  const from = latest(start, plus(start, select.fromDay), select.fromDate, plus(enrolled, select.fromEnrolmentDay), settings.since === 'enrolment' ? enrolled : undefined);
  // What begins at the moment of closing is no longer part of the course.
  const close = closedAt === undefined ? undefined : zone.dayOf(closedAt - 1);
  const to = earliest(plus(start, select.toDay), select.toDate, plus(enrolled, select.toEnrolmentDay), close);
  const units = settings.per !== 'course-day' ? weeksFrom(start) : settings['weekdays-only'] ? WEEKDAYS : DAYS;
  return { units, first: units.of(from) ?? units.begunOn(from) + 1, last: to === Infinity ? Infinity : units.begunOn(to) };
};

/** The unit of a fact that counts; undefined outside of the stretch. */
const unitOf = ({ units, first, last }: Stretch, fact: Fact, { course }: Circumstances): number | undefined => {
  const unit = units.of(course.zone.dayOf(fact.time));
  return unit !== undefined && unit >= first && unit <= last ? unit : undefined;
};

/** The first instant of a unit. */
const beginOf = ({ units }: Stretch, unit: number, { course }: Circumstances): number => course.zone.endOfDay(units.firstDay(unit) - 1) + 1;

/** The share of the course's weeks, or days, begun so far in which there is at least one fact. */
export const activityRate = criterionKind<Settings>({
  keyword: 'activity-rate',
  summary: 'share of the course weeks or days begun so far in which there is at least one such fact',
  of: LEARNING_TYPES,
  members,
  thresholds: ['at-least'],
  thresholdOf: (settings) => settings['at-least'],

  check: (settings) =>
    settings['weekdays-only'] !== undefined && settings.per !== 'course-day'
      ? { key: 'weekdays-only', message: '"weekdays-only" is about days', expected: '"per: course-day"' }
      : undefined,

  depends: ({ since }) => (since === 'enrolment' ? DEPENDS : WITHOUT_LEARNER),

  measure: (node, facts, at, now) => {
    const needed = node.settings['at-least'];
    const stretch = facts.length === 0 ? undefined : stretchOf(node, at);
    const firsts = new Map<number, Fact>();
    let begun = 0;
    if (stretch) {
      begun = Math.max(0, Math.min(stretch.last, stretch.units.begunOn(at.course.zone.dayOf(now))) - stretch.first + 1);
      for (const fact of facts) {
        const unit = unitOf(stretch, fact, at);
        if (unit !== undefined && !firsts.has(unit)) firsts.set(unit, fact);
      }
    }
    return {
      met: reaches(firsts.size, begun, needed),
      value: percentOf(firsts.size, begun),
      needed: wholeMillionths(needed),
      unit: 'percent',
      evidence: [...firsts.values()],
    };
  },

  /** The beginnings of all units until so many have begun that the facts cannot be the share any more. */
  moments: (node, facts, at) => {
    const stretch = stretchOf(node, at);
    if (!stretch) return [];
    const last = Math.min(stretch.last, stretch.first + largestWhole(facts.length, node.settings['at-least']));
    const moments: number[] = [];
    for (let unit = stretch.first; unit <= last; unit++) moments.push(beginOf(stretch, unit, at));
    return moments;
  },

  track: (node) => new ActivityTracker(node),

  label: ({ selects: [select], settings }, names) => {
    const noun = select ? NOUNS[select.type] : NOUNS.AssignmentSubmitted;
    const only = select ? narrowing(select, names) : { en: '', ko: '' };
    const needed = plain(settings['at-least']);
    const { en, ko } = UNIT[settings.per !== 'course-day' ? 'week' : settings['weekdays-only'] ? 'weekday' : 'day'];
    return { en: `In at least ${needed} % of the ${en} so far: ${noun.many}${only.en}`, ko: `지금까지의 ${ko} 중 ${needed}% 이상: ${noun.ko}${only.ko}` };
  },

  missing: (_node, { value, needed, unit, evidence }) => {
    const amount = Math.max(0, Math.ceil(Math.round((needed - value) * 1e6) / 1e4) / 100);
    const text =
      evidence.length === 0
        ? { en: 'Nothing that counts yet', ko: '아직 인정되는 기록이 없음' }
        : { en: `The share must rise by ${plain(amount)} percentage points`, ko: `비율이 ${plain(amount)}퍼센트포인트 더 올라야 함` };
    return { amount, unit, text };
  },
});

const WITHOUT_LEARNER: readonly Depends[] = ['clock'];
const DEPENDS: readonly Depends[] = ['clock', 'learner'];

const UNIT = {
  week: { en: 'course weeks', ko: '과정 주차' },
  day: { en: 'course days', ko: '과정 일자' },
  weekday: { en: 'weekdays of the course', ko: '과정 평일' },
} as const;

class ActivityTracker extends TimedTracker<Settings> {
  truth({ 'at-least': needed }: Settings, at: Circumstances): Truth {
    const stretch = stretchOf(this.node, at);
    return stretch ? fromSteps(this.#steps(stretch, needed, at)) : NEVER;
  }

  /** Between two facts the share falls as units begin: it is enough as long as no more than some number of them have. */
  *#steps(stretch: Stretch, needed: number, at: Circumstances): Generator<readonly [number, boolean]> {
    let active = 0;
    let latestUnit: number | undefined;
    let tooMany = Infinity;
    for (const fact of this.facts) {
      const unit = unitOf(stretch, fact, at);
      if (unit === undefined || unit === latestUnit) continue;
      latestUnit = unit;
      active += 1;
      if (tooMany <= unit) yield [beginOf(stretch, tooMany, at), false];
      tooMany = stretch.first + largestWhole(active, needed);
      yield [fact.time, unit < tooMany];
    }
    if (latestUnit !== undefined && tooMany > latestUnit && tooMany <= stretch.last) yield [beginOf(stretch, tooMany, at), false];
  }
}
