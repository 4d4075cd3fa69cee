import type { Fact } from '#domain/facts.js';
import type { Aggregate } from './rulebook.js';
import type { SelectedType, Selector } from './selector.js';

/**
 * The facts of one type that an index tells from others by what narrows them most: those about some activities, with a
 * tag, of a kind, with one of some statuses, or all.
 */
export interface FactClass {
  /** Where a learner's facts of it are counted, in an index of one course: a place after those of its aggregates. */
  readonly place: number;
  /** How many facts of the class there must be before one can matter to any of its aggregates. */
  readonly least: number;
  /** Those that only look at facts of the class. Those that matter soonest come first, so that a visit ends at the first one that does not matter yet. */
  readonly aggregates: readonly Aggregate[];
}

/** The classes that facts of one type can belong to. */
interface TypeClasses {
  readonly byActivity: Map<string, FactClass[]>;
  readonly byTag: Map<string, FactClass[]>;
  readonly byKind: Map<string, FactClass[]>;
  readonly byStatus: Map<string, FactClass[]>;
  readonly all: FactClass[];
}

/** From the type of a fact, and its activity, tags, kind or status, to the aggregates that it can touch. */
export interface AggregateIndex {
  readonly classes: readonly FactClass[];
  readonly ofType: ReadonlyMap<Fact['type'], TypeClasses>;
}

/** What narrows a selector down most, and to what. */
type Narrowing = { readonly by: 'byActivity' | 'byTag' | 'byKind' | 'byStatus'; readonly to: readonly string[] } | { readonly by: 'all' };

const narrowingOf = ({ activities, tag, kind, statuses }: Selector): Narrowing => {
  if (activities) return { by: 'byActivity', to: [...new Set(activities)].sort() };
  if (tag !== undefined) return { by: 'byTag', to: [tag] };
  if (kind !== undefined) return { by: 'byKind', to: [kind] };
  return statuses ? { by: 'byStatus', to: [...new Set(statuses)].sort() } : { by: 'all' };
};

/** An index of aggregates, as far as they look at some types of facts. */
export const aggregateIndex = (aggregates: readonly Aggregate[], isIndexed: (type: SelectedType) => boolean): AggregateIndex => {
  const classes: FactClass[] = [];
  const known = new Map<string, Aggregate[]>();
  const ofType = new Map<Fact['type'], TypeClasses>();
  /** The first aggregate that asks for a class is the one that matters soonest. */
  const classOf = (type: SelectedType, narrowing: Narrowing, least: number): Aggregate[] => {
    const name = JSON.stringify([type, narrowing]);
    const found = known.get(name);
    if (found) return found;
    const ofClass: Aggregate[] = [];
    known.set(name, ofClass);
    const made: FactClass = { place: aggregates.length + classes.length, least, aggregates: ofClass };
    classes.push(made);
    let types = ofType.get(type);
    if (!types) ofType.set(type, (types = { byActivity: new Map(), byTag: new Map(), byKind: new Map(), byStatus: new Map(), all: [] }));
    if (narrowing.by === 'all') types.all.push(made);
    else for (const key of narrowing.to) push(types[narrowing.by], key, made);
    return ofClass;
  };
  for (const aggregate of [...aggregates].sort((a, b) => a.least - b.least)) {
    const { selects } = aggregate.node;
    for (const type of new Set(selects.map((select) => select.type))) {
      if (!isIndexed(type)) continue;
      const ofThis = selects.filter((select) => select.type === type);
      const [only] = ofThis;
      // One with several selectors of a type is entered once, where all facts of the type find it.
      classOf(type, only && ofThis.length === 1 ? narrowingOf(only) : { by: 'all' }, aggregate.least).push(aggregate);
    }
  }
  return { classes, ofType };
};

const push = (map: Map<string, FactClass[]>, key: string, value: FactClass): void => {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
};

/** Calls `visit` once for each class that a fact belongs to; of the aggregates of these the caller asks `takes`. */
export const forEachClass = ({ ofType }: AggregateIndex, fact: Fact, visit: (found: FactClass) => void): void => {
  const classes = ofType.get(fact.type);
  if (!classes) return;
  const { byActivity, byKind, byStatus, byTag, all } = classes;
  visitAll(all, visit);
  if (byActivity.size > 0 && fact.activity !== undefined) visitAll(byActivity.get(fact.activity), visit);
  const { tags, kind, status } = fact.values;
  if (kind !== undefined && byKind.size > 0) visitAll(byKind.get(kind), visit);
  if (status !== undefined && byStatus.size > 0) visitAll(byStatus.get(status), visit);
  if (!tags || byTag.size === 0) return;
  for (const tag of tags.length > 1 ? new Set(tags) : tags) visitAll(byTag.get(tag), visit);
};

const visitAll = (classes: readonly FactClass[] | undefined, visit: (found: FactClass) => void): void => {
  if (classes) for (const found of classes) visit(found);
};
