import { canonicalJson } from '#domain/ids.js';
import { kindOf } from './criteria/all.js';
import type { CriterionKind, CriterionNode, Tracker } from './criterion.js';
import type { Circumstances } from './circumstances.js';
import type { Criterion, Rule } from './rule.js';
import { UNKNOWN_LEARNER } from './circumstances.js';
import { UNKNOWN_COURSE } from './course-context.js';
import type { SelectedType } from './selector.js';

/** A criterion tree that knows where the tracker of each leaf is. */
export type PlanNode =
  | {
      readonly leaf: CriterionNode;
      readonly kind: CriterionKind;
      readonly slot: number;
      /** A tracker that sees nothing, where facts alone decide: it stands for all that have seen nothing. */
      readonly nothing: Tracker | undefined;
    }
  | { readonly group: 'not'; readonly parts: readonly PlanNode[] }
  /** At least so many of the parts. */
  | { readonly group: 'least'; readonly needed: number; readonly parts: readonly PlanNode[] };

/** A rule as it is evaluated live. */
export interface RulePlan {
  readonly rule: Rule;
  readonly root: PlanNode;
  /** The slots of all leaves, each once. */
  readonly slots: readonly number[];
  /** The slot of a leaf. */
  readonly slotOf: ReadonlyMap<CriterionNode, number>;
  /** The leaf criteria, from left to right. */
  readonly leaves: readonly CriterionNode[];
  /** For each leaf how many facts that it selects there must be before it can matter to the rule. */
  readonly least: readonly number[];
  /** The slots without whose trackers it cannot hold: of leaves that have to hold, that facts alone make hold, and that do not where nothing has happened. Two leaves may share one. */
  readonly needs: readonly number[];
  /** The types of facts that its criteria select, each once. */
  readonly types: readonly SelectedType[];
  /** Its criteria hold where nothing has happened: then the first fact earns it, whatever it says. */
  readonly vacuous: boolean;
}

const NOWHERE: Circumstances = { course: UNKNOWN_COURSE, learner: UNKNOWN_LEARNER };

const holdsWithNothing = (node: PlanNode): boolean => {
  if ('leaf' in node) return (node.nothing ?? node.kind.track(node.leaf)).truth(node.leaf.settings, NOWHERE).initially;
  const holding = node.parts.filter(holdsWithNothing).length;
  return node.group === 'not' ? holding === 0 : holding >= node.needed;
};

type Leaf = Extract<PlanNode, { leaf: CriterionNode }>;

/** The leaves without which the tree cannot hold. */
const requiredLeaves = (node: PlanNode): readonly Leaf[] => {
  if ('leaf' in node) return [node];
  return node.group === 'least' && node.needed === node.parts.length ? node.parts.flatMap(requiredLeaves) : [];
};

const ownLeast = ({ keyword, settings }: CriterionNode): number => kindOf(keyword).least?.(settings) ?? 1;

/** The leaves that have to hold and that facts alone can make hold. */
const neededLeaves = (root: PlanNode): readonly Leaf[] => requiredLeaves(root).filter((node) => node.nothing && !holdsWithNothing(node));

/** A leaf matters once the facts can be enough for those on the same facts that have to hold as well. */
const leastOf = (leaves: readonly CriterionNode[], root: PlanNode): readonly number[] => {
  const required = new Map<string, number>();
  for (const node of neededLeaves(root)) {
    const facts = canonicalJson(node.leaf.selects);
    required.set(facts, Math.max(required.get(facts) ?? 1, ownLeast(node.leaf)));
  }
  return leaves.map((leaf) => Math.max(ownLeast(leaf), required.get(canonicalJson(leaf.selects)) ?? 1));
};

/** Plans a rule; `slotAt` says where the tracker of a leaf is, given its place among the rule's leaves. */
export const planOf = (rule: Rule, slotAt: (leaf: CriterionNode, place: number) => number): RulePlan => {
  const slotOf = new Map<CriterionNode, number>();
  const leaves: CriterionNode[] = [];
  let place = 0;
  const plan = (criterion: Criterion): PlanNode => {
    if ('leaf' in criterion) {
      const { leaf } = criterion;
      const slot = slotAt(leaf, place++);
      slotOf.set(leaf, slot);
      leaves.push(leaf);
      const kind = kindOf(leaf.keyword);
      const factsDecide = (kind.depends?.(leaf.settings) ?? []).length === 0;
      return { leaf, kind, slot, nothing: factsDecide ? kind.track(leaf) : undefined };
    }
    const parts = criterion.parts.map(plan);
    switch (criterion.group) {
      case 'all':
        return { group: 'least', needed: parts.length, parts };
      case 'any':
        return { group: 'least', needed: 1, parts };
      case 'some':
        return { group: 'least', needed: criterion.atLeast, parts };
      case 'not':
        return { group: 'not', parts };
    }
  };
  const root = plan(rule.criteria);
  const least = leastOf(leaves, root);
  const types = [...new Set(leaves.flatMap(({ selects }) => selects.map(({ type }) => type)))];
  return { rule, root, slots: [...new Set(slotOf.values())], slotOf, leaves, least, needs: neededLeaves(root).map(({ slot }) => slot), types, vacuous: holdsWithNothing(root) };
};
