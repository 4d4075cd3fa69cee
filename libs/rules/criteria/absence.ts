import type { Fact } from '#domain/facts.js';
import { criterionKind, type CriterionNode, type Tracker } from '../criterion.js';
import type { Circumstances } from '../circumstances.js';
import { LEARNING_TYPES, selects, type Selector } from '../selector.js';
import { DATE, DAYS } from '../selector-shape.js';
import { duration, integer, optional, type Reading } from '../shape.js';
import { insertFact, removeFact } from '../sorted-facts.js';
import { from, NEVER, type Truth } from '../truth.js';
import { courseDayKo, narrowing, NOUNS, plural, span, type Words } from '../words.js';

const members = {
  'until-course-day': optional(integer(DAYS), 'up to the end of this day of the course; its first day is 0'),
  until: optional(DATE, "up to the end of this calendar day, in the course's time zone"),
  for: optional(duration({ min: '1 hour', max: '520 weeks' }), "so long after the learner's enrolment"),
};
type Settings = Reading<typeof members>;

const DEADLINES = ['until-course-day', 'until', 'for'] as const;

/** The last moment that counts; Infinity where it is not known. */
const deadlineOf = (settings: Settings, { course, learner }: Circumstances): number => {
  const { 'until-course-day': courseDay, until, for: length } = settings;
  if (courseDay !== undefined) return course.calendar?.endOfDay(courseDay) ?? Infinity;
  if (until !== undefined) return course.zone.endOfDay(until);
  return (learner.enrolledAt ?? Infinity) + (length ?? Infinity);
};

/** What must not happen: the first of its selectors; the other one looks for enrolments, which give everybody a start. */
const isViolation = ({ selects: [what] }: CriterionNode<Settings>, fact: Fact, at: Circumstances): boolean =>
  what !== undefined && selects(what, fact, at);

/** Nothing of a kind up to and including a deadline, once that has come; what happens afterwards does not matter. */
export const absence = criterionKind<Settings>({
  keyword: 'absence',
  summary: 'nothing of a kind happens until a deadline',
  of: LEARNING_TYPES,
  members,

  check: (settings) =>
    DEADLINES.filter((key) => settings[key] !== undefined).length === 1
      ? undefined
      : { key: 'until-course-day', message: '"absence" needs one deadline', expected: `one of ${DEADLINES.join(', ')}` },

  selects: (_settings, select) => {
    const enrolment: Selector = { type: 'Enrolled' };
    return select ? [select, enrolment] : [enrolment];
  },
  depends: (settings) => (settings.for === undefined ? ['clock'] : ['clock', 'learner']),

  measure: (node, facts, at, now) => {
    const deadline = deadlineOf(node.settings, at);
    const evidence = facts.filter((fact) => fact.time <= deadline && isViolation(node, fact, at));
    return { met: deadline < Infinity && now >= deadline && evidence.length === 0, value: evidence.length, needed: 0, unit: 'count', evidence };
  },

  moments: ({ settings }, _facts, at) => [deadlineOf(settings, at)],

  track: (node) => new AbsenceTracker(node),

  label: ({ selects: [select], settings }, names) => {
    const noun = NOUNS[select?.type ?? 'Enrolled'];
    const only = select ? narrowing(select, names) : { en: '', ko: '' };
    const end = endWords(settings);
    return { en: `No ${noun.one}${only.en} ${end.en}`, ko: `${end.ko} ${noun.ko}${only.ko} 없음` };
  },

  missing: ({ selects: [select], settings }, { value, unit }) => {
    const noun = NOUNS[select?.type ?? 'Enrolled'];
    const end = endWords(settings);
    const text =
      value === 0
        ? { en: `Met if there is no ${noun.one} ${end.en}`, ko: `${end.ko} ${noun.ko} 없으면 충족` }
        : { en: `Not possible while ${value} ${plural(noun, value)} on record`, ko: `${noun.ko} ${value}건이 기록되어 있어 충족할 수 없음` };
    return { amount: value, unit, text, ...(value > 0 && { impossible: true }) };
  },
});

const endWords = ({ 'until-course-day': courseDay, until, for: length }: Settings): Words => {
  if (courseDay !== undefined) return { en: `until the end of course day ${courseDay}`, ko: `${courseDayKo(courseDay)}까지` };
  if (until !== undefined) {
    const date = new Date(until * 86_400_000).toISOString().slice(0, 10);
    return { en: `until the end of ${date}`, ko: `${date}까지` };
  }
  const after = span(length ?? 0);
  return { en: `for ${after.en} after enrolment`, ko: `수강 등록 후 ${after.ko} 동안` };
};

class AbsenceTracker implements Tracker {
  readonly facts: Fact[] = [];
  readonly #violations: Fact[] = [];
  // Time passes for every rule that asks, so all of them are looked at.
  readonly changedAbove = -Infinity;
  readonly changedUpTo = Infinity;

  constructor(private readonly node: CriterionNode<Settings>) {}

  insert(fact: Fact, at: Circumstances): void {
    insertFact(this.facts, fact);
    if (isViolation(this.node, fact, at)) insertFact(this.#violations, fact);
  }

  remove(fact: Fact, at: Circumstances): void {
    removeFact(this.facts, fact);
    if (isViolation(this.node, fact, at)) removeFact(this.#violations, fact);
  }

  truth(_settings: Settings, at: Circumstances): Truth {
    const deadline = deadlineOf(this.node.settings, at);
    return (this.#violations[0]?.time ?? Infinity) <= deadline ? NEVER : from(deadline);
  }
}
