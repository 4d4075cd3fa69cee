import type { Fact } from '#domain/facts.js';
import { contentHash } from '#domain/ids.js';
import type { Circumstances } from '../circumstances.js';
import { criterionKind, type CriterionKind, type CriterionNode, type Tracker } from '../criterion.js';
import { criterionShape } from '../leaf-shape.js';
import type { Criterion, Decides } from '../rule.js';
import { selects, type Selector } from '../selector.js';
import { choice, integer, list, mapped, number, optional, required, type Member, type Reading } from '../shape.js';
import { insertFact, removeFact } from '../sorted-facts.js';
import { atLeast, fromSteps, negate, NEVER, type Truth } from '../truth.js';
import { narrowing, NOUNS, plain, type Names, type Words } from '../words.js';

const EXCEPTIONS = ['withdrawn', 'staff', 'flagged'] as const;
type Exception = (typeof EXCEPTIONS)[number];

const USUAL_EXCEPTIONS: readonly Exception[] = ['withdrawn', 'staff'];

/** The facts that tell who is left out. */
const MARKS: Readonly<Record<Exception, readonly Selector['type'][]>> = {
  withdrawn: ['Withdrawn', 'Enrolled'],
  staff: ['Enrolled'],
  flagged: ['LearnerFlagged'],
};

const ownMembers = {
  'top-percent': optional(number({ min: 0.01, max: 100 }), 'so many percent of those who are ranked, rounded up'),
  rank: optional(integer({ min: 1, max: 100_000 }), 'so many of those who are ranked'),
  ties: optional(choice(['in', 'out']), 'whether those who are level with the last one who is in are in, too (in), or none of them (out); in where absent'),
  except: optional(list(choice(EXCEPTIONS), { min: 0, max: EXCEPTIONS.length }), 'who is not ranked and never in; withdrawn and staff where absent'),
};

/** The settings of a cohort: how its members are measured, and how many of them are in. */
export type CohortSettings = Reading<typeof ownMembers> & {
  readonly by: CriterionNode;
  /** The day of the course at whose end it is ranked; the end of the course where absent. From how the rule decides. */
  readonly 'course-day'?: number;
};
export type CohortNode = CriterionNode<CohortSettings>;

const keys = new WeakMap<CohortNode, string>();

/** The criteria of a rule, with the close at which their cohorts are ranked: those of another one are not the same. */
export const rankedAtClose = (criterion: Criterion, decides: Decides): Criterion => {
  if (decides.mode !== 'at-close' || typeof decides.of === 'string') return criterion;
  if ('leaf' in criterion) {
    const { leaf } = criterion;
    return leaf.keyword === 'cohort' ? { leaf: { ...leaf, settings: { ...leaf.settings, 'course-day': decides.of.courseDay } } } : criterion;
  }
  return { ...criterion, parts: criterion.parts.map((part) => rankedAtClose(part, decides)) } as Criterion;
};

/** The name of a cohort in the log: equal criteria share one. */
export const cohortKey = (node: CohortNode): string => {
  let key = keys.get(node);
  if (key === undefined) keys.set(node, (key = contentHash(node)));
  return key;
};

/** What a cohort is measured by, with the value that is needed. */
export const measuredBy = ({ settings: { by } }: CohortNode, needed: number): CriterionNode => ({
  ...by,
  settings: { ...by.settings, 'at-least': needed },
});

const isMeasured = ({ settings: { by } }: CohortNode, fact: Fact, at: Circumstances): boolean =>
  by.selects.some((select) => selects(select, fact, at));

/** The facts by which a learner is measured. */
export const measuredFacts = (node: CohortNode, facts: readonly Fact[], at: Circumstances): readonly Fact[] =>
  facts.filter((fact) => isMeasured(node, fact, at));

/** Takes in what tells whether a learner is left out, and tells it. */
class Standing {
  #withdrawnAt = -Infinity;
  #enrolledAt = -Infinity;
  #staff = false;
  #flagged = false;

  take({ type, time, values }: Fact): void {
    if (type === 'Withdrawn') this.#withdrawnAt = Math.max(this.#withdrawnAt, time);
    if (type === 'LearnerFlagged') this.#flagged = true;
    if (type !== 'Enrolled') return;
    this.#enrolledAt = Math.max(this.#enrolledAt, time);
    if (values.role === 'staff') this.#staff = true;
  }

  isExcluded({ except = USUAL_EXCEPTIONS }: CohortSettings): boolean {
    return except.some((exception) => {
      switch (exception) {
        case 'withdrawn':
          return this.#withdrawnAt > -Infinity && this.#enrolledAt <= this.#withdrawnAt; // unless enrolled again since
        case 'staff':
          return this.#staff;
        case 'flagged':
          return this.#flagged;
      }
    });
  }
}

/** Whether a learner with these facts is left out of the cohort. */
export const isExcluded = ({ settings }: CohortNode, facts: readonly Fact[]): boolean => {
  const standing = new Standing();
  for (const fact of facts) standing.take(fact);
  return standing.isExcluded(settings);
};

/** Of a kind of criterion, what an author says of it below "by": the threshold is what the cohort finds. */
const withoutThreshold = (kind: CriterionKind): CriterionKind => {
  const { members, thresholds = [], check, selects: selectsOf, ...rest } = kind;
  const filled = (settings: CriterionNode['settings']): CriterionNode['settings'] => ({ ...settings, 'at-least': 0 });
  return {
    ...rest,
    members: Object.fromEntries(Object.entries(members).filter(([key]) => !thresholds.includes(key))),
    ...(check && { check: (settings, select) => check(filled(settings), select) }),
    ...(selectsOf && { selects: (settings, select, badge) => selectsOf(filled(settings), select, badge) }),
  };
};

const MEASURE_KO: Readonly<Record<string, string>> = { count: '개수', sum: '합계', points: '점수', badges: '수', 'attendance-rate': '출석률' };

/** What a criterion measures, in short. */
const measuredWords = ({ keyword, selects: [select] }: CriterionNode, names: Names): Words => {
  const noun = NOUNS[select?.type ?? 'Enrolled'];
  const only = select ? narrowing(select, names) : { en: '', ko: '' };
  return { en: `${keyword.replaceAll('-', ' ')} of ${noun.many}${only.en}`, ko: `${noun.ko}${only.ko} ${MEASURE_KO[keyword] ?? keyword}` };
};

/**
 * Among the best of the course, by what some other criterion measures. The value that is needed is settled once, when
 * the rule decides; before that nobody is in. It is for rules that decide at a close alone.
 */
export const cohort = (all: readonly CriterionKind[]): CriterionKind => {
  const rankable = all.filter(({ thresholds }) => thresholds?.includes('at-least'));
  const kinds = new Map(rankable.map((kind) => [kind.keyword, kind]));
  const kindOf = ({ settings: { by } }: CohortNode): CriterionKind => {
    const kind = kinds.get(by.keyword);
    if (!kind) throw new Error(`nobody can be ranked by "${by.keyword}"`);
    return kind;
  };
  const by: Member<CriterionNode, true> = required(
    mapped(criterionShape(rankable.map(withoutThreshold)), (node) => ({ ...node, settings: { ...node.settings, 'at-least': 0 } })),
    'what they are ranked by: a criterion without its threshold',
  );
  return criterionKind<CohortSettings>({
    keyword: 'cohort',
    summary: 'among the best of the course, by what another criterion measures; for rules that decide at a close',
    of: [],
    members: { by, ...ownMembers },

    check: ({ 'top-percent': percent, rank }) =>
      (percent === undefined) === (rank === undefined)
        ? { key: 'rank', message: '"cohort" needs either "top-percent" or "rank"', expected: 'one of the two' }
        : undefined,

    selects: ({ by: { selects: measured }, except = USUAL_EXCEPTIONS }) => {
      const types = new Set(except.flatMap((exception) => MARKS[exception]));
      return [...measured, ...[...types].map((type): Selector => ({ type }))];
    },
    depends: ({ by: inner }) => ['cohort', ...(kinds.get(inner.keyword)?.depends?.(inner.settings) ?? [])],

    measure: (node, facts, at, now) => {
      const cutoff = at.course.cutoffs.get(cohortKey(node)) ?? undefined;
      const found = kindOf(node).measure(measuredBy(node, cutoff ?? 0), measuredFacts(node, facts, at), at, now);
      return { ...found, met: cutoff !== undefined && found.met && !isExcluded(node, facts) };
    },

    moments: (node, facts, at) => {
      const cutoff = at.course.cutoffs.get(cohortKey(node)) ?? undefined;
      return cutoff === undefined ? [] : (kindOf(node).moments?.(measuredBy(node, cutoff), measuredFacts(node, facts, at), at) ?? []);
    },

    track: (node) => new CohortTracker(node, kindOf(node).track(node.settings.by)),

    label: (node, names) => {
      const { by: inner, rank, 'top-percent': percent = 0 } = node.settings;
      const measured = kindOf(node).measured?.(inner, names) ?? measuredWords(inner, names);
      const share = rank === undefined ? { en: `${plain(percent)} %`, ko: `상위 ${plain(percent)}%` } : { en: `${rank}`, ko: `상위 ${rank}명` };
      return {
        en: `Among the best ${share.en} of the course, by the ${measured.en}`,
        ko: `과정 ${share.ko}: ${measured.ko}`,
      };
    },

    missing: (node, found, names) => {
      const { value, needed, unit } = found;
      if (needed === 0) return { amount: 0, unit, text: { en: 'Ranked when the course is over', ko: '과정이 끝나면 순위가 정해짐' } };
      if (value >= needed) return { amount: 0, unit, text: { en: 'Not ranked with the others', ko: '순위 대상이 아님' } };
      return kindOf(node).missing(measuredBy(node, needed), found, names);
    },
  });
};

class CohortTracker implements Tracker {
  readonly facts: Fact[] = [];
  readonly #marks: Fact[] = [];
  // All rules that ask decide at a close, when everybody is looked at.
  readonly changedAbove = -Infinity;
  readonly changedUpTo = Infinity;

  constructor(
    private readonly node: CohortNode,
    private readonly inner: Tracker,
  ) {}

  insert(fact: Fact, at: Circumstances): void {
    insertFact(this.facts, fact);
    if (isMeasured(this.node, fact, at)) this.inner.insert(fact, at);
    if (isMark(fact)) insertFact(this.#marks, fact);
  }

  remove(fact: Fact, at: Circumstances): void {
    removeFact(this.facts, fact);
    if (isMeasured(this.node, fact, at)) this.inner.remove(fact, at);
    if (isMark(fact)) removeFact(this.#marks, fact);
  }

  truth(_settings: CriterionNode['settings'], at: Circumstances): Truth {
    const cutoff = at.course.cutoffs.get(cohortKey(this.node)) ?? undefined;
    if (cutoff === undefined) return NEVER;
    const reached = this.inner.truth(measuredBy(this.node, cutoff).settings, at);
    return atLeast(2, [reached, negate(fromSteps(this.#excluded()))]);
  }

  *#excluded(): Generator<readonly [number, boolean]> {
    const standing = new Standing();
    for (const fact of this.#marks) {
      standing.take(fact);
      yield [fact.time, standing.isExcluded(this.node.settings)];
    }
  }
}

const isMark = ({ type }: Fact): boolean => type === 'Withdrawn' || type === 'Enrolled' || type === 'LearnerFlagged';
