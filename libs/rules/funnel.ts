import type { CriterionVerdict } from '#domain/verdict.js';
import { labelOf } from './explain.js';
import type { Criterion } from './rule.js';
import type { Names, Words } from './words.js';

/** A criterion and how many learners meet it, whatever else they meet. */
export interface FunnelPart {
  readonly path: string;
  readonly label: Words;
  readonly alone: number;
  readonly parts?: readonly FunnelPart[];
}

/** One of the conditions that must all be met, in their order. */
export interface FunnelStage extends FunnelPart {
  /** How many meet this one and all before it. */
  readonly together: number;
}

/** The conditions that must all hold: the parts of an "all" at the root, else the root alone. */
const conditionsOf = (criterion: Criterion): readonly Criterion[] =>
  'group' in criterion && criterion.group === 'all' ? criterion.parts : [criterion];

const verdictsOf = (criterion: Criterion, root: CriterionVerdict): readonly CriterionVerdict[] =>
  'group' in criterion && criterion.group === 'all' ? (root.parts ?? []) : [root];

/** What criteria filter out: counts, learner by learner, who meets them one after another and each alone. */
export class Funnel {
  readonly #alone = new Map<string, number>();
  readonly #together: number[];

  constructor(private readonly criterion: Criterion) {
    this.#together = conditionsOf(criterion).map(() => 0);
  }

  /** Counts a learner's trace. */
  add(root: CriterionVerdict): void {
    const conditions = verdictsOf(this.criterion, root);
    for (const condition of conditions) this.#count(condition);
    for (const [i, { met }] of conditions.entries()) {
      if (!met) break;
      this.#together[i] = (this.#together[i] ?? 0) + 1;
    }
  }

  /** The stages in the order of the conditions. */
  stages(names: Names): readonly FunnelStage[] {
    const whole = conditionsOf(this.criterion)[0] === this.criterion;
    return conditionsOf(this.criterion).map((condition, i) => ({
      ...this.#part(condition, whole ? '' : `all[${i}]`, names),
      together: this.#together[i] ?? 0,
    }));
  }

  #count({ path, met, parts = [] }: CriterionVerdict): void {
    if (met) this.#alone.set(path, (this.#alone.get(path) ?? 0) + 1);
    for (const part of parts) this.#count(part);
  }

  #part(criterion: Criterion, at: string, names: Names): FunnelPart {
    const name = 'leaf' in criterion ? criterion.leaf.keyword : criterion.group;
    const path = at ? `${at}.${name}` : name;
    return {
      path,
      label: labelOf(criterion, names),
      alone: this.#alone.get(path) ?? 0,
      ...('parts' in criterion && { parts: criterion.parts.map((part, i) => this.#part(part, `${path}[${i}]`, names)) }),
    };
  }
}
