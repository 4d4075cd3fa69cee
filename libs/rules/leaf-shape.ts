import type { CriterionKind, CriterionNode } from './criterion.js';
import { selecting } from './selector-shape.js';
import { keyworded, mapped, orNothing, type Keyword, type Shape } from './shape.js';

/** What is read before it is known for which badge. */
export type ForBadge<T> = (badge: string) => T;

/** The settings of a leaf criterion, below its keyword. */
export const leafShape = (kind: CriterionKind): Shape<ForBadge<CriterionNode>> => {
  const { keyword, of, without, members, check } = kind;
  const settings = selecting(of, members, ({ own, selector }) => {
    const wrong = check?.(own, selector);
    return wrong ? [{ path: [wrong.key], message: wrong.message, expected: wrong.expected }] : [];
  }, without);
  const leaf = mapped(settings, ({ selector, own }): ForBadge<CriterionNode> => (badge) => ({
    keyword,
    selects: kind.selects?.(own, selector, badge) ?? (selector ? [selector] : []),
    settings: own,
  }));
  const needsNothing = of.length < 2 && Object.values(members).every(({ required }) => !required);
  return needsNothing ? orNothing(leaf) : leaf;
};

/** The leaf criteria of some kinds by their keywords. */
export const leafKeywords = (kinds: Iterable<CriterionKind>): ReadonlyMap<string, Keyword<ForBadge<CriterionNode>>> =>
  new Map([...kinds].map((kind) => [kind.keyword, { shape: leafShape(kind), doc: kind.summary }]));

/**
 * A leaf criterion within the settings of another, of some kinds. It is read without its badge: no kind that looks at
 * facts about the badge itself belongs there.
 */
export const criterionShape = (kinds: readonly CriterionKind[]): Shape<CriterionNode> =>
  mapped(keyworded('criterion', leafKeywords(kinds)), (node) => node(''));
