import { canonicalJson } from '#domain/ids.js';
import type { Criterion } from '../rule.js';
import type { Selector } from '../selector.js';
import { partsOf, type Part } from './tree.js';

/** Two parts that must hold together and cannot. */
export interface Contradiction {
  readonly one: Part;
  readonly other: Part;
}

/** Everything that has to hold for a group of "all" to hold, whatever is nested in it. */
const conjunctsOf = (part: Part): readonly Part[] =>
  'group' in part.criterion && part.criterion.group === 'all' ? partsOf(part).flatMap(conjunctsOf) : [part];

/** So many of the facts that a selector takes. */
interface Amount {
  readonly select: Selector;
  readonly amount: number;
}

const innerOf = (criterion: Criterion): Criterion | undefined =>
  'group' in criterion && criterion.group === 'not' ? criterion.parts[0] : undefined;

const plainCount = (criterion: Criterion, setting: 'at-least' | 'at-most'): Amount | undefined => {
  if (!('leaf' in criterion)) return undefined;
  const { keyword, selects: [select], settings } = criterion.leaf;
  const amount = settings[setting];
  // Facts in a sliding window, or different activities, are others than all facts.
  const plain = Object.keys(settings).every((key) => key === setting);
  return keyword === 'count' && select && plain && typeof amount === 'number' ? { select, amount } : undefined;
};

const isNone = (criterion: Criterion): Selector | undefined =>
  'leaf' in criterion && criterion.leaf.keyword === 'none' ? criterion.leaf.selects[0] : undefined;

/** At most how many facts of a selector there may be for a part to hold. */
const mostOf = ({ criterion }: Part): Amount | undefined => {
  const none = isNone(criterion);
  if (none) return { select: none, amount: 0 };
  const inner = innerOf(criterion);
  if (!inner) return plainCount(criterion, 'at-most');
  const least = plainCount(inner, 'at-least');
  return least && { select: least.select, amount: least.amount - 1 };
};

/** At least how many facts of a selector there must be for a part to hold. */
const leastOf = ({ criterion }: Part): Amount | undefined => {
  const inner = innerOf(criterion);
  if (inner) {
    const none = isNone(inner);
    if (none) return { select: none, amount: 1 };
    const most = plainCount(inner, 'at-most');
    return most && { select: most.select, amount: most.amount + 1 };
  }
  if (!('leaf' in criterion)) return undefined;
  const { keyword, selects, settings } = criterion.leaf;
  const [select] = selects;
  if (!select || selects.length > 1) return undefined;
  const least = settings['at-least'];
  if (keyword === 'count' && typeof least === 'number') return { select, amount: least };
  return keyword === 'mean' || keyword === 'score' ? { select, amount: 1 } : undefined;
};

/** Whether every fact that the one takes is taken by the other, as far as their conditions tell. */
const isWithin = (narrow: Selector, wide: Selector): boolean =>
  Object.entries(wide).every(([key, limit]: [string, unknown]) => {
    const own: unknown = narrow[key as keyof Selector];
    if (Array.isArray(limit)) return Array.isArray(own) && own.every((one) => limit.includes(one));
    if (typeof limit === 'number' && typeof own === 'number') return key.startsWith('to') ? own <= limit : own >= limit;
    return own === limit;
  });

const exclude = (one: Part, other: Part): boolean => {
  const inner = innerOf(other.criterion);
  if (inner && canonicalJson(inner) === canonicalJson(one.criterion)) return true;
  const least = leastOf(one);
  const most = mostOf(other);
  return least !== undefined && most !== undefined && least.amount > most.amount && isWithin(least.select, most.select);
};

/** What contradicts itself in a group of "all"; nothing in other parts. */
export const contradictionsIn = (part: Part): readonly Contradiction[] => {
  const conjuncts = conjunctsOf(part);
  return conjuncts.flatMap((one, i) =>
    conjuncts.slice(i + 1).flatMap((other) => (exclude(one, other) || exclude(other, one) ? [{ one, other }] : [])),
  );
};
