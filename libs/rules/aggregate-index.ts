import type { Fact } from '#domain/facts.js';
import type { Aggregate } from './rulebook.js';
import type { SelectedType } from './selector.js';

/** The aggregates that facts of one type can touch, by what narrows them most. */
export interface TypeIndex {
  /** Its place among the types of its index. */
  readonly number: number;
  readonly byActivity: Map<string, Aggregate[]>;
  readonly byTag: Map<string, Aggregate[]>;
  readonly byKind: Map<string, Aggregate[]>;
  readonly byStatus: Map<string, Aggregate[]>;
  readonly others: Aggregate[];
}

/** From the type of a fact, and its activity, tags, kind or status, to the aggregates that it can touch. */
export type AggregateIndex = ReadonlyMap<Fact['type'], TypeIndex>;

/** An index of aggregates, as far as they look at some types of facts. */
export const aggregateIndex = (aggregates: readonly Aggregate[], isIndexed: (type: SelectedType) => boolean): AggregateIndex => {
  const types = new Map<Fact['type'], TypeIndex>();
  // Those that matter soonest come first, so that a visit ends at the first one that does not matter yet.
  const bySoonest = [...aggregates].sort((a, b) => a.least - b.least);
  for (const aggregate of bySoonest) enter(aggregate, types, isIndexed);
  return types;
};

/** An aggregate with several selectors of a type is entered once, where all facts of the type find it. */
const enter = (aggregate: Aggregate, types: Map<Fact['type'], TypeIndex>, isIndexed: (type: SelectedType) => boolean): void => {
  const { selects } = aggregate.node;
  for (const select of selects) {
    if (!isIndexed(select.type)) continue;
    let found = types.get(select.type);
    if (!found) types.set(select.type, (found = { number: types.size, byActivity: new Map(), byTag: new Map(), byKind: new Map(), byStatus: new Map(), others: [] }));
    const alone = selects.filter(({ type }) => type === select.type).length === 1;
    if (!alone) {
      if (!found.others.includes(aggregate)) found.others.push(aggregate);
    } else if (select.activities) {
      for (const activity of new Set(select.activities)) push(found.byActivity, activity, aggregate);
    } else if (select.tag !== undefined) {
      push(found.byTag, select.tag, aggregate);
    } else if (select.kind !== undefined) {
      push(found.byKind, select.kind, aggregate);
    } else if (select.statuses) {
      for (const status of new Set(select.statuses)) push(found.byStatus, status, aggregate);
    } else {
      found.others.push(aggregate);
    }
  }
};

const push = (map: Map<string, Aggregate[]>, key: string, aggregate: Aggregate): void => {
  const list = map.get(key);
  if (list) list.push(aggregate);
  else map.set(key, [aggregate]);
};

/**
 * Calls `visit` once for each aggregate that a fact of the index's type may count for, of those that matter where there
 * are so many facts of the type; the caller asks `takes`.
 */
export const forEachAggregate = (index: TypeIndex, fact: Fact, ofType: number, visit: (aggregate: Aggregate) => void): void => {
  const { byActivity, byKind, byStatus, byTag, others } = index;
  visitAll(others, ofType, visit);
  if (byActivity.size > 0 && fact.activity !== undefined) visitAll(byActivity.get(fact.activity), ofType, visit);
  const { tags, kind, status } = fact.values;
  if (kind !== undefined && byKind.size > 0) visitAll(byKind.get(kind), ofType, visit);
  if (status !== undefined && byStatus.size > 0) visitAll(byStatus.get(status), ofType, visit);
  if (!tags || byTag.size === 0) return;
  for (const tag of tags.length > 1 ? new Set(tags) : tags) visitAll(byTag.get(tag), ofType, visit);
};

const visitAll = (aggregates: readonly Aggregate[] | undefined, ofType: number, visit: (aggregate: Aggregate) => void): void => {
  if (!aggregates) return;
  for (const aggregate of aggregates) {
    if (aggregate.least > ofType) return;
    visit(aggregate);
  }
};
