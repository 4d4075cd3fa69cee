import type { LearnerFactEvent } from '#domain/learning-event.js';
import type { CriterionNode } from '#rules/criterion.js';
import type { Criterion } from '#rules/rule.js';
import type { LiveRule } from '#rules/rulebook.js';
import type { Selector } from '#rules/selector.js';
import { contextOf } from './workload.js';

/** A rule's condition over hand-kept aggregates. */
export type Condition =
  | { readonly group: 'all' | 'any' | 'not'; readonly parts: readonly Condition[] }
  /** The value of an aggregate is at least so much, or, for "none", 0. */
  | { readonly group: 'value'; readonly slot: number; readonly least: number }
  | { readonly group: 'zero'; readonly slot: number };

/** A number that is kept for each learner in a course: what several criteria with different thresholds may look at. */
interface Aggregate {
  readonly slot: number;
  readonly select: Selector;
  readonly keyword: string;
  readonly distinct: string | undefined;
}

/** A rule as peers have it. */
export interface PeerRule {
  readonly badge: string;
  readonly condition: Condition;
  /** Earned for good once it was met; else held while it is. */
  readonly sticky: boolean;
}

/** A course's rules and what has to be kept for them. */
export interface PeerCourse {
  readonly rules: readonly PeerRule[];
  readonly size: number;
  readonly ofType: ReadonlyMap<string, readonly Aggregate[]>;
}

/** Rewrites a course's rules onto aggregates; equal ones are kept once. */
const peerCourse = (rules: readonly LiveRule[]): PeerCourse => {
  const slots = new Map<string, Aggregate>();
  const slotOf = ({ selects: [select], keyword, settings }: CriterionNode): number => {
    if (!select) throw new Error(`"${keyword}" selects nothing`);
    const distinct = settings['distinct'] as string | undefined;
    const counted = keyword === 'none' ? 'count' : keyword;
    const key = JSON.stringify([counted, distinct, select]);
    let aggregate = slots.get(key);
    if (!aggregate) slots.set(key, (aggregate = { slot: slots.size, select, keyword: counted, distinct }));
    return aggregate.slot;
  };
  const conditionOf = (criterion: Criterion): Condition => {
    if ('group' in criterion) {
      if (criterion.group === 'some') throw new Error('no template has "some"');
      return { group: criterion.group, parts: criterion.parts.map(conditionOf) };
    }
    const { leaf } = criterion;
    if (leaf.keyword === 'none') return { group: 'zero', slot: slotOf(leaf) };
    return { group: 'value', slot: slotOf(leaf), least: leaf.settings['at-least'] as number };
  };
  const made = rules.map(({ rule }) => ({
    badge: rule.badge,
    condition: conditionOf(rule.criteria),
    sticky: rule.decides.mode === 'as-soon-as-met',
  }));
  const ofType = new Map<string, Aggregate[]>();
  for (const aggregate of slots.values()) {
    const { type } = aggregate.select;
    ofType.set(type, [...(ofType.get(type) ?? []), aggregate]);
  }
  return { rules: made, size: slots.size, ofType };
};

/** The rules of each course. */
export const peerCourses = (rules: readonly LiveRule[]): ReadonlyMap<string, PeerCourse> => {
  const ofCourse = new Map<string, LiveRule[]>();
  for (const rule of rules) {
    const known = ofCourse.get(rule.rule.course);
    if (known) known.push(rule);
    else ofCourse.set(rule.rule.course, [rule]);
  }
  return new Map(Array.from(ofCourse, ([course, own]) => [course, peerCourse(own)]));
};

const matches = (select: Selector, event: LearnerFactEvent, day: number): boolean =>
  (!select.activities || (event.activity !== undefined && select.activities.includes(event.activity))) &&
  (select.tag === undefined || (event.tags?.includes(select.tag) ?? false)) &&
  (select.kind === undefined || event.kind === select.kind) &&
  (!select.statuses || (event.status !== undefined && select.statuses.includes(event.status))) &&
  (select.fromDay === undefined || day >= select.fromDay) &&
  (select.toDay === undefined || day <= select.toDay);

/** One learner in one course, as a program without an engine would keep it: numbers, and which rules are met. */
export class PeerState {
  readonly values: number[];
  readonly met: boolean[];
  readonly #seen = new Set<string>();
  readonly #sums: number[];
  readonly #terms: number[];
  readonly #members = new Map<number, Set<string | number>>();

  constructor(readonly course: PeerCourse) {
    this.values = new Array<number>(course.size).fill(0);
    this.#sums = new Array<number>(course.size).fill(0);
    this.#terms = new Array<number>(course.size).fill(0);
    this.met = new Array<boolean>(course.rules.length).fill(false);
  }

  /** Counts an event in; false for one that is there already. */
  take(event: LearnerFactEvent): boolean {
    if (this.#seen.has(event.id)) return false;
    this.#seen.add(event.id);
    const { calendar } = contextOf(event.course);
    const day = calendar?.dayOf(event.time) ?? 0;
    for (const aggregate of this.course.ofType.get(event.type) ?? []) {
      if (matches(aggregate.select, event, day)) this.#count(aggregate, event, day);
    }
    return true;
  }

  /** Notes whether a rule is met now; tells whether that is new. */
  note(rule: number, met: boolean): boolean {
    if (this.met[rule] === met || (this.met[rule] && this.course.rules[rule]?.sticky)) return false;
    this.met[rule] = met;
    return true;
  }

  #count({ slot, keyword, distinct }: Aggregate, event: LearnerFactEvent, day: number): void {
    if (keyword === 'mean') {
      if (event.score === undefined || event.max === undefined) return;
      const terms = (this.#terms[slot] ?? 0) + 1;
      const sum = (this.#sums[slot] ?? 0) + (event.score * 100) / event.max;
      this.#terms[slot] = terms;
      this.#sums[slot] = sum;
      this.values[slot] = sum / terms;
    } else if (distinct === undefined) {
      this.values[slot] = (this.values[slot] ?? 0) + 1;
    } else {
      let members = this.#members.get(slot);
      if (!members) this.#members.set(slot, (members = new Set()));
      const member = distinct === 'activity' ? event.activity : distinct === 'course-day' ? day : Math.floor(day / 7);
      if (member !== undefined) members.add(member);
      this.values[slot] = members.size;
    }
  }
}

/** All learners' states, by learner and course. */
export class PeerStates {
  readonly #learners = new Map<string, Map<string, PeerState>>();
  readonly #courses: ReadonlyMap<string, PeerCourse>;

  constructor(rules: readonly LiveRule[]) {
    this.#courses = peerCourses(rules);
  }

  /** The learner in the event's course; undefined where that has no rule. */
  of({ learner, course }: LearnerFactEvent): PeerState | undefined {
    let ofLearner = this.#learners.get(learner);
    if (!ofLearner) this.#learners.set(learner, (ofLearner = new Map<string, PeerState>()));
    let state = ofLearner.get(course);
    if (!state) {
      const rules = this.#courses.get(course);
      if (rules) ofLearner.set(course, (state = new PeerState(rules)));
    }
    return state;
  }

  /** Which learner meets which rule, as "learner badge". */
  met(): readonly string[] {
    const pairs: string[] = [];
    for (const [learner, ofLearner] of this.#learners) {
      for (const { course, met } of ofLearner.values()) {
        course.rules.forEach(({ badge }, i) => {
          if (met[i]) pairs.push(`${learner} ${badge}`);
        });
      }
    }
    return pairs;
  }
}
