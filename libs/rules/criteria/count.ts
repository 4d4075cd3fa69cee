import type { Fact } from '#domain/facts.js';
import type { Unit } from '#domain/verdict.js';
import type { Circumstances } from '../circumstances.js';
import { criterionKind, type Tracker } from '../criterion.js';
import { LEARNING_TYPES } from '../selector.js';
import { choice, integer, optional, type Reading } from '../shape.js';
import { insertFact, removeFact } from '../sorted-facts.js';
import { from, until, type Truth } from '../truth.js';
import { narrowing, NOUNS, plain, plural, UNITS } from '../words.js';

const DISTINCT = ['activity', 'course-day', 'course-week'] as const;
type Distinct = (typeof DISTINCT)[number];

const members = {
  'at-least': optional(integer({ min: 1, max: 100_000 }), 'so many or more'),
  'at-most': optional(integer({ min: 0, max: 100_000 }), 'so many or fewer'),
  distinct: optional(choice(DISTINCT), 'count different activities, course days or course weeks instead of facts'),
};
type Settings = Reading<typeof members>;

const UNIT: Readonly<Record<Distinct, Unit>> = { activity: 'activities', 'course-day': 'days', 'course-week': 'weeks' };

/** What two facts must share to count once; undefined for a fact that cannot be placed. */
const groupOf = (fact: Fact, distinct: Distinct, { course }: Circumstances): string | number | undefined => {
  switch (distinct) {
    case 'activity':
      return fact.activity;
    case 'course-day':
      return course.calendar?.dayOf(fact.time);
    case 'course-week':
      return course.calendar?.weekOf(fact.time);
  }
};

/** The first fact of each group. */
const firstOfEach = (facts: readonly Fact[], distinct: Distinct, at: Circumstances): readonly Fact[] => {
  const firsts = new Map<string | number, Fact>();
  for (const fact of facts) {
    const group = groupOf(fact, distinct, at);
    if (group !== undefined && !firsts.has(group)) firsts.set(group, fact);
  }
  return [...firsts.values()];
};

/** At least, or at most, so many facts, or so many different activities, course days or course weeks that have one. */
export const count = criterionKind<Settings>({
  keyword: 'count',
  summary: 'how many facts there are, or how many different activities, course days or course weeks have one',
  of: LEARNING_TYPES,
  members,
  thresholds: ['at-least', 'at-most'],
  thresholdOf: (settings) => settings['at-least'] ?? (settings['at-most'] ?? 0) + 1,

  check: (settings) =>
    (settings['at-least'] === undefined) === (settings['at-most'] === undefined)
      ? { key: 'at-least', message: '"count" needs either "at-least" or "at-most"', expected: 'one of the two' }
      : undefined,

  measure: ({ settings }, facts, at) => {
    const { distinct } = settings;
    const evidence = distinct ? firstOfEach(facts, distinct, at) : facts;
    const value = evidence.length;
    const least = settings['at-least'];
    const needed = least ?? settings['at-most'] ?? 0;
    const met = least === undefined ? value <= needed : value >= needed;
    return { met, value, needed, unit: distinct ? UNIT[distinct] : 'count', evidence };
  },

  track: ({ settings: { distinct } }) => (distinct ? new DistinctTracker(distinct) : new CountTracker()),

  label: ({ selects: [select], settings }, names) => {
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
        return { en: `${bound.en} ${needed} different ${facts}`, ko: `서로 다른 ${ko} ${needed}개 ${bound.ko}` };
      case 'course-day':
        return { en: `On ${bound.en.toLowerCase()} ${needed} different ${plural(UNITS.days, needed)}: ${all}`, ko: `서로 다른 ${needed}일 ${bound.ko}: ${ko}` };
      case 'course-week':
        return { en: `In ${bound.en.toLowerCase()} ${needed} different ${plural(UNITS.weeks, needed)}: ${all}`, ko: `서로 다른 ${needed}주 ${bound.ko}: ${ko}` };
      default:
        return { en: `${bound.en} ${needed} ${facts}`, ko: `${ko} ${needed}개 ${bound.ko}` };
    }
  },

  missing: ({ selects: [select], settings }, { value, needed, unit }) => {
    const noun = select ? NOUNS[select.type] : UNITS.count;
    if (settings['at-most'] !== undefined) {
      const amount = value - needed;
      return { amount, unit, impossible: true, text: { en: `${plain(amount)} more than allowed on record`, ko: `허용보다 ${plain(amount)}건 더 기록됨` } };
    }
    const amount = Math.max(0, needed - value);
    if (unit === 'count' || unit === 'activities') {
      return { amount, unit, text: { en: `${plain(amount)} more ${plural(noun, amount)}`, ko: `${noun.ko} ${plain(amount)}개 더 필요` } };
    }
    const words = UNITS[unit];
    return { amount, unit, text: { en: `${plain(amount)} more ${plural(words, amount)}`, ko: `${plain(amount)}${words.ko} 더 필요` } };
  },
});

const truthOf = (settings: Settings, counted: readonly Fact[]): Truth => {
  const least = settings['at-least'];
  if (least !== undefined) return from(counted[least - 1]?.time ?? Infinity);
  return until(counted[settings['at-most'] ?? 0]?.time ?? Infinity);
};

class CountTracker implements Tracker {
  readonly #facts: Fact[] = [];
  changedAbove = 0;
  changedUpTo = 0;

  insert(fact: Fact): void {
    this.changedAbove = insertFact(this.#facts, fact);
    this.changedUpTo = this.#facts.length;
  }

  remove(fact: Fact): void {
    this.changedUpTo = this.#facts.length;
    this.changedAbove = removeFact(this.#facts, fact);
  }

  truth(settings: Settings): Truth {
    return truthOf(settings, this.#facts);
  }

  first(): number {
    return this.#facts[0]?.time ?? Infinity;
  }

  last(): number {
    return this.#facts.at(-1)?.time ?? -Infinity;
  }
}

class DistinctTracker implements Tracker {
  readonly #facts: Fact[] = [];
  /** The facts of each group, in order. A group of one is the fact itself: most are. */
  readonly #groups = new Map<string | number, Fact | Fact[]>();
  /** The first fact of each group, in order. */
  readonly #firsts: Fact[] = [];
  changedAbove = 0;
  changedUpTo = 0;

  constructor(private readonly distinct: Distinct) {}

  insert(fact: Fact, at: Circumstances): void {
    insertFact(this.#facts, fact);
    const key = groupOf(fact, this.distinct, at);
    this.#nothingChanged();
    if (key === undefined) return;
    const group = this.#groups.get(key);
    if (group === undefined) {
      this.#groups.set(key, fact);
      this.#addFirst(fact);
      return;
    }
    const facts = Array.isArray(group) ? group : [group];
    if (facts !== group) this.#groups.set(key, facts);
    const former = facts[0];
    if (insertFact(facts, fact) > 0) return;
    if (former) this.#moveFirst(former, fact);
  }

  remove(fact: Fact, at: Circumstances): void {
    removeFact(this.#facts, fact);
    this.#nothingChanged();
    const key = groupOf(fact, this.distinct, at);
    const group = key === undefined ? undefined : this.#groups.get(key);
    if (key === undefined || group === undefined) return;
    if (Array.isArray(group)) {
      if (removeFact(group, fact) > 0) return;
      const next = group[0];
      if (next) return this.#moveFirst(fact, next);
    }
    this.#groups.delete(key);
    this.changedUpTo = this.#firsts.length;
    this.changedAbove = removeFact(this.#firsts, fact);
  }

  truth(settings: Settings): Truth {
    return truthOf(settings, this.#firsts);
  }

  first(): number {
    return this.#facts[0]?.time ?? Infinity;
  }

  last(): number {
    return this.#facts.at(-1)?.time ?? -Infinity;
  }

  #nothingChanged(): void {
    this.changedAbove = this.changedUpTo = 0;
  }

  #addFirst(fact: Fact): void {
    this.changedAbove = insertFact(this.#firsts, fact);
    this.changedUpTo = this.#firsts.length;
  }

  /** Another fact is the first of its group: all thresholds between the two places see other times. */
  #moveFirst(former: Fact, next: Fact): void {
    const left = removeFact(this.#firsts, former);
    const joined = insertFact(this.#firsts, next);
    this.changedAbove = Math.min(left, joined);
    this.changedUpTo = Math.max(left, joined) + 1;
  }
}
