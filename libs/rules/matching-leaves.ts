import { canonicalJson } from '#domain/ids.js';
import type { CriterionVerdict } from '#domain/verdict.js';
import type { CriterionNode } from './criterion.js';
import type { Criterion } from './rule.js';

/** A leaf criterion with its place in its tree. */
export interface PlacedLeaf {
  readonly path: string;
  /** Its place among the leaves, from left to right. */
  readonly index: number;
  readonly node: CriterionNode;
}

/** One leaf in two versions of a tree; where one side is absent, the leaf was added or removed. */
export interface LeafPair {
  readonly before: PlacedLeaf | undefined;
  readonly after: PlacedLeaf | undefined;
}

/** The leaves of a tree from left to right, with the paths that verdicts name them by. */
const placedLeaves = (criterion: Criterion, path = ''): readonly Omit<PlacedLeaf, 'index'>[] => {
  const here = path ? `${path}.` : '';
  if ('leaf' in criterion) return [{ path: `${here}${criterion.leaf.keyword}`, node: criterion.leaf }];
  return criterion.parts.flatMap((part, i) => placedLeaves(part, `${here}${criterion.group}[${i}]`));
};

/** The leaves of a verdict, in the order of the tree's. */
export const leafVerdicts = (verdict: CriterionVerdict): readonly CriterionVerdict[] => verdict.parts?.flatMap(leafVerdicts) ?? [verdict];

/** Pairs off what is the same by some key, in order. */
const pairBy = (before: PlacedLeaf[], after: PlacedLeaf[], keyOf: (leaf: PlacedLeaf) => string): readonly LeafPair[] =>
  [...after].flatMap((one) => {
    const at = before.findIndex((other) => keyOf(other) === keyOf(one));
    if (at < 0) return [];
    after.splice(after.indexOf(one), 1);
    return [{ before: before.splice(at, 1)[0], after: one }];
  });

/**
 * Which leaf of one version is which of another: equal ones first, then those that look at the same facts in one way,
 * then those of one kind at one place; the others were added or removed. In the later version's order, the removed last.
 */
export const matchLeaves = (earlier: Criterion, later: Criterion): readonly LeafPair[] => {
  const [before, after] = [earlier, later].map((tree) => placedLeaves(tree).map((leaf, index) => ({ ...leaf, index }))) as [PlacedLeaf[], PlacedLeaf[]];
  const pairs = [
    ...pairBy(before, after, ({ node, path }) => canonicalJson([node, path])),
    ...pairBy(before, after, ({ node }) => canonicalJson(node)),
    ...pairBy(before, after, ({ node: { keyword, selects } }) => canonicalJson([keyword, selects])),
    ...pairBy(before, after, ({ path }) => path),
    ...after.map((leaf) => ({ before: undefined, after: leaf })),
  ].sort((a, b) => (a.after?.index ?? 0) - (b.after?.index ?? 0));
  return [...pairs, ...before.map((leaf) => ({ before: leaf, after: undefined }))];
};
