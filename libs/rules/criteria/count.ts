import type { Fact } from '#domain/facts.js';
import type { Unit } from '#domain/verdict.js';
import type { Circumstances } from '../circumstances.js';
import { criterionKind, type CriterionNode, type Tracker } from '../criterion.js';
import { DistinctTracker, type Group } from '../distinct-tracker.js';
import { LEARNING_TYPES } from '../selector.js';
import { choice, duration, integer, optional, type Reading } from '../shape.js';
import { insertFact, removeFact } from '../sorted-facts.js';
import { from, fromSteps, negate, until, type Truth } from '../truth.js';
import { countedKo, narrowing, NOUNS, plain, plural, span, UNITS, type Names, type Words } from '../words.js';

const DISTINCT = ['activity', 'course-day', 'course-week'] as const;
type Distinct = (typeof DISTINCT)[number];

const members = {
  'at-least': optional(integer({ min: 1, max: 100_000 }), 'so many or more'),
  'at-most': optional(integer({ min: 0, max: 100_000 }), 'so many or fewer'),
  distinct: optional(choice(DISTINCT), 'count different activities, course days or course weeks instead of facts'),
  within: optional(duration({ min: '1 hour', max: '520 weeks' }), 'count only what happened in the last so many hours, days or weeks, at each moment'),
};
type Settings = Reading<typeof members>;

const UNIT: Readonly<Record<Distinct, Unit>> = { activity: 'activities', 'course-day': 'days', 'course-week': 'weeks' };

/** What two facts must share to count once; undefined for a fact that cannot be placed. */
const GROUP_OF: Readonly<Record<Distinct, (fact: Fact, at: Circumstances) => Group | undefined>> = {
  activity: (fact) => fact.activity,
  'course-day': (fact, { course }) => course.calendar?.dayOf(fact.time),
  'course-week': (fact, { course }) => course.calendar?.weekOf(fact.time),
};

/** The first fact of each group. */
const firstOfEach = (facts: readonly Fact[], distinct: Distinct, at: Circumstances): readonly Fact[] => {
  const firsts = new Map<Group, Fact>();
  for (const fact of facts) {
    const group = GROUP_OF[distinct](fact, at);
    if (group !== undefined && !firsts.has(group)) firsts.set(group, fact);
  }
  return [...firsts.values()];
};

/** A fact counts from its moment on, up to but not at the end of the window. */
const isWithin = (fact: Fact, within: number | undefined, now: number): boolean => within === undefined || fact.time > now - within;

const meets = (settings: Settings, value: number): boolean =>
  settings['at-least'] === undefined ? value <= (settings['at-most'] ?? 0) : value >= settings['at-least'];

/**
 * At least, or at most, so many facts, or so many different activities, course days or course weeks that have
 * one; within a stretch of time up to each moment, where one is given.
 */
export const count = criterionKind<Settings>({
  keyword: 'count',
  summary: 'how many facts there are, or how many different activities, course days or course weeks have one',
  of: LEARNING_TYPES,
  members,
  thresholds: ['at-least', 'at-most'],
  thresholdOf: (settings) => settings['at-least'] ?? (settings['at-most'] ?? 0) + 1,
  least: (settings) => settings['at-least'] ?? (settings['at-most'] ?? 0) + 1,

  check: (settings) =>
    (settings['at-least'] === undefined) === (settings['at-most'] === undefined)
      ? { key: 'at-least', message: '"count" needs either "at-least" or "at-most"', expected: 'one of the two' }
      : undefined,

  depends: ({ within }) => (within === undefined ? [] : ['clock']),

  measure: ({ settings }, facts, at, now) => {
    const { distinct, within } = settings;
    const counted = facts.filter((fact) => isWithin(fact, within, now));
    const evidence = distinct ? firstOfEach(counted, distinct, at) : counted;
    const value = evidence.length;
    const needed = settings['at-least'] ?? settings['at-most'] ?? 0;
    return { met: meets(settings, value), value, needed, unit: distinct ? UNIT[distinct] : 'count', evidence };
  },

  moments: ({ settings: { within } }, facts) => (within === undefined ? [] : facts.map(({ time }) => time + within)),

  track: ({ settings: { distinct, within } }) => {
    if (within !== undefined) return new WindowTracker(within, distinct);
    return distinct ? new DistinctTracker(GROUP_OF[distinct], truthOf) : new CountTracker();
  },

  label: (node, names) => {
    const { settings: { within } } = node;
    const counted = countLabel(node, names);
    if (within === undefined) return counted;
    const length = span(within);
    return { en: `${counted.en}, within ${length.en}`, ko: `${length.ko} 동안 ${counted.ko}` };
  },

  missing: ({ selects: [select], settings }, { value, needed, unit }) => {
    const noun = select ? NOUNS[select.type] : UNITS.count;
    const length = settings.within === undefined ? undefined : span(settings.within);
    const inTime: Words = length ? { en: ` within ${length.en}`, ko: `${length.ko} 동안 ` } : { en: '', ko: '' };
    if (settings['at-most'] !== undefined) {
      const amount = Math.max(0, value - needed);
      return { amount, unit, ...(!length && { impossible: true }), text: { en: `${plain(amount)} more than allowed on record${inTime.en}`, ko: `${inTime.ko}허용보다 ${plain(amount)}건 더 기록됨` } };
    }
    const amount = Math.max(0, needed - value);
    if (unit === 'count' || unit === 'activities') {
      return { amount, unit, text: { en: `${plain(amount)} more ${plural(noun, amount)}${inTime.en}`, ko: `${inTime.ko}${noun.ko} ${countedKo(noun, amount)} 더 필요` } };
    }
    const words = UNITS[unit];
    return { amount, unit, text: { en: `${plain(amount)} more ${plural(words, amount)}${inTime.en}`, ko: `${inTime.ko}${plain(amount)}${words.ko} 더 필요` } };
  },
});

const countLabel = ({ selects: [select], settings }: CriterionNode<Settings>, names: Names): Words => {
  if (!select) return { en: 'Count', ko: '개수' };
  const noun = NOUNS[select.type];
  const only = narrowing(select, names);
  const least = settings['at-least'];
  const needed = least ?? settings['at-most'] ?? 0;
  const bound = least === undefined ? { en: 'At most', ko: '이하' } : { en: 'At least', ko: '이상' };
  const facts = `${plural(noun, needed)}${only.en}`;
  const all = `${noun.many}${only.en}`;
  const ko = `${noun.ko}${only.ko}`;
  switch (settings.distinct) {
    case 'activity':
      return { en: `${bound.en} ${needed} different ${facts}`, ko: `서로 다른 ${ko} ${countedKo(noun, needed)} ${bound.ko}` };
    case 'course-day':
      return { en: `On ${bound.en.toLowerCase()} ${needed} different ${plural(UNITS.days, needed)}: ${all}`, ko: `서로 다른 ${needed}일 ${bound.ko}: ${ko}` };
    case 'course-week':
      return { en: `In ${bound.en.toLowerCase()} ${needed} different ${plural(UNITS.weeks, needed)}: ${all}`, ko: `서로 다른 ${needed}주 ${bound.ko}: ${ko}` };
    default:
      return { en: `${bound.en} ${needed} ${facts}`, ko: `${ko} ${countedKo(noun, needed)} ${bound.ko}` };
  }
};

const truthOf = (settings: Settings, counted: readonly Fact[]): Truth => {
  const least = settings['at-least'];
  if (least !== undefined) return from(counted[least - 1]?.time ?? Infinity);
  return until(counted[settings['at-most'] ?? 0]?.time ?? Infinity);
};

class CountTracker implements Tracker {
  readonly facts: Fact[] = [];
  changedAbove = 0;
  changedUpTo = 0;

  insert(fact: Fact): void {
    this.changedAbove = insertFact(this.facts, fact);
    this.changedUpTo = this.facts.length;
  }

  remove(fact: Fact): void {
    this.changedUpTo = this.facts.length;
    this.changedAbove = removeFact(this.facts, fact);
  }

  truth(settings: Settings): Truth {
    return truthOf(settings, this.facts);
  }
}

/** Follows what lies within a stretch of time up to each moment: facts leave it though nothing happens. */
class WindowTracker implements Tracker {
  readonly facts: Fact[] = [];
  // Time passes for every rule that asks, so all of them are looked at.
  readonly changedAbove = -Infinity;
  readonly changedUpTo = Infinity;

  constructor(
    private readonly within: number,
    private readonly distinct: Distinct | undefined,
  ) {}

  insert(fact: Fact): void {
    insertFact(this.facts, fact);
  }

  remove(fact: Fact): void {
    removeFact(this.facts, fact);
  }

  truth(settings: Settings, at: Circumstances): Truth {
    return meets(settings, 0) ? negate(fromSteps(this.#steps(settings, at, false))) : fromSteps(this.#steps(settings, at, true));
  }

  /** Whether it is met, or not, from each moment on at which a fact comes into the window or leaves it. */
  *#steps(settings: Settings, at: Circumstances, met: boolean): Generator<readonly [number, boolean]> {
    const facts = this.facts;
    const groups = this.distinct && new Map<Group, number>();
    let value = 0;
    const count = (fact: Fact, by: 1 | -1): void => {
      if (!groups || !this.distinct) return void (value += by);
      const group = GROUP_OF[this.distinct](fact, at);
      if (group === undefined) return;
      const size = (groups.get(group) ?? 0) + by;
      groups.set(group, size);
      if (size === (by === 1 ? 1 : 0)) value += by;
    };
    let joining = 0;
    let leaving = 0;
    for (let next = facts[leaving]; next; next = facts[leaving]) {
      const leaves = next.time + this.within;
      const joins = facts[joining]?.time ?? Infinity;
      const moment = Math.min(joins, leaves);
      for (let fact = facts[joining]; fact?.time === moment; fact = facts[++joining]) count(fact, 1);
      for (let fact = facts[leaving]; fact && fact.time + this.within === moment; fact = facts[++leaving]) count(fact, -1);
      yield [moment, meets(settings, value) === met];
    }
  }
}
