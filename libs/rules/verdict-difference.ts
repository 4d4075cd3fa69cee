import type { CriterionVerdict, Unit } from '#domain/verdict.js';
import { kindOf } from './criteria/all.js';
import { leafVerdicts, type LeafPair, type PlacedLeaf } from './matching-leaves.js';
import type { Names, Words } from './words.js';

/** What one version of a criterion found. */
export interface Found {
  readonly value: number;
  readonly needed: number;
  readonly unit: Unit;
  readonly met: boolean;
}

/** A criterion that two versions of a rule judge differently; null for the version that does not have it. */
export interface CriterionDifference {
  readonly path: string;
  readonly label: Words;
  readonly before: Found | null;
  readonly after: Found | null;
}

const foundBy = (leaf: PlacedLeaf | undefined, verdicts: readonly CriterionVerdict[]): Found | null => {
  const verdict = leaf && verdicts[leaf.index];
  return verdict ? { value: verdict.value, needed: verdict.needed, unit: verdict.unit, met: verdict.met } : null;
};

/** Which criteria make the difference between two verdicts of one learner: another need, or met by one of them alone. */
export const criteriaDifferences = (
  pairs: readonly LeafPair[],
  before: CriterionVerdict | undefined,
  after: CriterionVerdict | undefined,
  names: Names,
): readonly CriterionDifference[] => {
  const [earlier, later] = [before ? leafVerdicts(before) : [], after ? leafVerdicts(after) : []];
  return pairs.flatMap((pair): readonly CriterionDifference[] => {
    const [was, is] = [foundBy(pair.before, earlier), foundBy(pair.after, later)];
    if (was && is && was.met === is.met && was.needed === is.needed) return [];
    const leaf = pair.after ?? pair.before;
    return leaf && (was || is) ? [{ path: leaf.path, label: kindOf(leaf.node.keyword).label(leaf.node, names), before: was, after: is }] : [];
  });
};
