import type { Fact } from '#domain/facts.js';
import type { Circumstances } from '../circumstances.js';
import { criterionKind } from '../criterion.js';
import { lacking, millionths, ofMillionths, percentOf } from '../millionths.js';
import { RunningTracker, type Tally } from '../running-tracker.js';
import { LEARNING_TYPES, selects, type Selector } from '../selector.js';
import { selecting, type Selecting } from '../selector-shape.js';
import { choice, list, mapped, number, optional, required, type Finding, type Reading } from '../shape.js';
import { narrowing, NOUNS, plain, plural, UNITS, type Noun, type Words } from '../words.js';

const POINTS = number({ min: 0.000001, max: 1_000_000 });
const PER = ['course-day', 'course-week', 'activity'] as const;

const source = {
  each: optional(POINTS, 'the points that each fact gives'),
  score: optional(choice(['percent', 'points']), 'each fact gives its score as points: in percent, or as it is'),
  'at-most': optional(POINTS, 'no more points than this come from this source'),
  per: optional(choice(PER), 'what "at-most-per" limits'),
  'at-most-per': optional(POINTS, 'no more points than this come from one course day, course week or activity'),
};
type SourceSettings = Reading<typeof source>;

/** One way to gain points. */
interface Source extends SourceSettings {
  readonly select: Selector;
}

const findings = ({ selector, own: { each, score, per, 'at-most-per': mostPer } }: Selecting<typeof source>): readonly Finding[] => [
  ...((each === undefined) === (score === undefined)
    ? [{ path: ['each'], message: 'a source of points needs either "each" or "score"', expected: 'one of the two' }]
    : []),
  ...(score !== undefined && selector?.type !== 'AssignmentGraded'
    ? [{ path: ['score'], message: 'only grades have a score', expected: '"of: grades", or "each"' }]
    : []),
  ...((per === undefined) === (mostPer === undefined)
    ? []
    : [{ path: ['per'], message: '"per" and "at-most-per" belong together', expected: 'both or neither' }]),
];

const SOURCE = mapped(selecting(LEARNING_TYPES, source, findings), ({ selector, own }): Source => {
  if (!selector) throw new Error('a source of points selects facts');
  return { select: selector, ...own };
});

const members = {
  'at-least': required(number({ min: 0.000001, max: 1_000_000_000 }), 'the points that are needed'),
  from: required(list(SOURCE, { min: 1, max: 20 }), 'what gives points'),
};
type Settings = Reading<typeof members>;

/** The points that a fact gives before any limit, in millionths. */
const pointsOf = (fact: Fact, { each, score }: Source): number => {
  if (each !== undefined) return millionths(each);
  if (score === 'percent') return percentOf(fact) ?? 0;
  return millionths(fact.values.score ?? 0);
};

/** What a source limits together; undefined for a fact that cannot be placed and so gives nothing. */
const groupOf = (fact: Fact, { per }: Source, { course }: Circumstances): string | number | undefined => {
  if (per === undefined) return '';
  switch (per) {
    case 'activity':
      return fact.activity;
    case 'course-day':
      return course.calendar?.dayOf(fact.time);
    case 'course-week':
      return course.calendar?.weekOf(fact.time);
  }
};

const atMost = (points: number, limit: number | undefined): number =>
  limit === undefined ? points : Math.min(points, millionths(limit));

/** The points of one source, in millionths. */
const pointsFrom = (one: Source, facts: readonly Fact[], at: Circumstances): number => {
  const groups = new Map<string | number, number>();
  for (const fact of facts) {
    const group = selects(one.select, fact, at) ? groupOf(fact, one, at) : undefined;
    if (group !== undefined) groups.set(group, (groups.get(group) ?? 0) + pointsOf(fact, one));
  }
  let total = 0;
  for (const points of groups.values()) total += atMost(points, one['at-most-per']);
  return atMost(total, one['at-most']);
};

const totalOf = ({ from }: Settings, facts: readonly Fact[], at: Circumstances): number =>
  from.reduce((total, one) => total + pointsFrom(one, facts, at), 0);

/** Points from several sources, each with its limits. */
export const points = criterionKind<Settings>({
  keyword: 'points',
  summary: 'points from several sources, each with its limits',
  of: [],
  members,
  thresholds: ['at-least'],
  thresholdOf: (settings) => settings['at-least'],
  selects: ({ from }) => from.map(({ select }) => select),

  measure: ({ settings }, facts, at) => {
    const needed = millionths(settings['at-least']);
    const total = totalOf(settings, facts, at);
    const tally = start(settings);
    let before = 0;
    // Facts beyond a limit gave nothing.
    const evidence = facts.filter((fact) => {
      const without = before;
      before = tally.add(fact, at);
      return before !== without;
    });
    return { met: total >= needed, value: ofMillionths(total), needed: ofMillionths(needed), unit: 'points', evidence };
  },

  track: ({ settings }) => new RunningTracker(settings, start),

  label: ({ settings: { 'at-least': least, from } }, names) => {
    const sources = from.map((one) => sourceWords(one, narrowing(one.select, names)));
    return {
      en: `At least ${plain(least)} ${plural(UNITS.points, least)}: ${sources.map(({ en }) => en).join('; ')}`,
      ko: `${plain(least)}점 이상: ${sources.map(({ ko }) => ko).join('; ')}`,
    };
  },

  missing: (_node, { value, needed, unit }) => {
    const amount = lacking(value, needed);
    const text = { en: `${plain(amount)} more ${plural(UNITS.points, amount)}`, ko: `${plain(amount)}점 더 필요` };
    return { amount, unit, text };
  },
});

const PERS: Readonly<Record<(typeof PER)[number], Noun>> = {
  'course-day': { one: 'course day', many: 'course days', ko: '하루' },
  'course-week': { one: 'course week', many: 'course weeks', ko: '한 주' },
  activity: { one: 'activity', many: 'activities', ko: '활동' },
};

const sourceWords = (one: Source, only: Words): Words => {
  const { select, each, score, per, 'at-most': most, 'at-most-per': mostPer } = one;
  const noun = NOUNS[select.type];
  const gives =
    each !== undefined
      ? { en: `${plain(each)} for each ${noun.one}${only.en}`, ko: `${noun.ko}${only.ko}마다 ${plain(each)}점` }
      : score === 'percent'
        ? { en: `the percentage of each ${noun.one}${only.en}`, ko: `${noun.ko}${only.ko}의 백분율` }
        : { en: `the score of each ${noun.one}${only.en}`, ko: `${noun.ko}${only.ko}의 점수` };
  const limits = [
    ...(per && mostPer !== undefined ? [{ en: `at most ${plain(mostPer)} per ${PERS[per].one}`, ko: `${PERS[per].ko}당 최대 ${plain(mostPer)}점` }] : []),
    ...(most === undefined ? [] : [{ en: `at most ${plain(most)} in all`, ko: `모두 최대 ${plain(most)}점` }]),
  ];
  const ended = (language: 'en' | 'ko'): string => [gives, ...limits].map((words) => words[language]).join(', ');
  return { en: ended('en'), ko: ended('ko') };
};

const start = (settings: Settings): PointsTally => new PointsTally(settings);

/** What one source has given so far, before its own limit. */
interface Given {
  total: number;
  /** Before the limit of each. */
  readonly groups: Map<string | number, number> | undefined;
}

class PointsTally implements Tally {
  readonly #given: readonly Given[];
  #total = 0;

  constructor(private readonly settings: Settings) {
    this.#given = settings.from.map(({ per }) => ({ total: 0, groups: per && new Map() }));
  }

  add(fact: Fact, at: Circumstances): number {
    this.settings.from.forEach((one, i) => {
      const given = this.#given[i];
      const group = given && selects(one.select, fact, at) ? groupOf(fact, one, at) : undefined;
      if (!given || group === undefined) return;
      const before = atMost(given.total, one['at-most']);
      give(given, group, pointsOf(fact, one), one);
      this.#total += atMost(given.total, one['at-most']) - before;
    });
    return this.#total;
  }
}

const give = (given: Given, group: string | number, more: number, { 'at-most-per': limit }: Source): void => {
  if (!given.groups) {
    given.total += more;
    return;
  }
  const before = given.groups.get(group) ?? 0;
  given.groups.set(group, before + more);
  given.total += atMost(before + more, limit) - atMost(before, limit);
};
