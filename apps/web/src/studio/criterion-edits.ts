import { isGroup, newCriterion, type Group } from './schema.js';
import { unwrapped, withEntry, withKeyword, withValue, wrapped, type Path } from './rule-text.js';

/** A criterion as its text has it. */
export interface ReadCriterion {
  readonly keyword: string;
  readonly body: unknown;
}

/** Reads a criterion: one keyword with what is below it; undefined for anything else. */
export const readCriterion = (value: unknown): ReadCriterion | undefined => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value);
  const [entry] = entries;
  return entry && entries.length === 1 ? { keyword: entry[0], body: entry[1] } : undefined;
};

/** The criteria that a group holds, and the place of their list; undefined for "not", which holds one that is in no list. */
export const partsOf = (path: Path, { keyword, body }: ReadCriterion): { readonly list: Path; readonly parts: readonly unknown[] } | undefined => {
  if (keyword === 'all' || keyword === 'any') return { list: [...path, keyword], parts: Array.isArray(body) ? (body as readonly unknown[]) : [] };
  if (keyword !== 'some') return undefined;
  const of = (body as { readonly of?: unknown } | null)?.of;
  return { list: [...path, keyword, 'of'], parts: Array.isArray(of) ? (of as readonly unknown[]) : [] };
};

const HOLE = '\u0000criterion';

const around = (group: Group) => (inner: unknown): unknown => (group === 'not' ? { not: inner } : group === 'some' ? { some: { 'at-least': 1, of: [inner] } } : { [group]: [inner] });

/** Puts a criterion into a group of its own. */
export const grouped = (text: string, path: Path, group: Group): string => wrapped(text, path, around(group), HOLE);

/** Adds a new criterion to a group; where the rule has but one that is no group, both come into an "all". */
export const added = (text: string, path: Path, criterion: ReadCriterion | undefined, keyword: string): string => {
  const fresh = isGroup(keyword) ? around(keyword)(newCriterion('count')) : newCriterion(keyword);
  if (!criterion) return withValue(text, path, fresh);
  const group = partsOf(path, criterion);
  if (group) return withEntry(text, group.list, group.parts.length, fresh);
  return withEntry(grouped(text, path, 'all'), [...path, 'all'], 1, fresh);
};

/** Makes a group another one that holds the same. */
export const regrouped = (text: string, path: Path, criterion: ReadCriterion, to: Group): string => {
  const { keyword } = criterion;
  if ((keyword === 'all' || keyword === 'any') && (to === 'all' || to === 'any')) return withKeyword(text, path, keyword, to);
  const group = partsOf(path, criterion);
  const parts = group ? group.parts : [criterion.body];
  const value = to === 'not' ? { not: parts.length === 1 ? parts[0] : { all: parts } } : to === 'some' ? { some: { 'at-least': 1, of: parts } } : { [to]: parts };
  return withValue(text, path, value);
};

/** Puts what a group holds in its place, where that is one criterion. */
export const opened = (text: string, path: Path, criterion: ReadCriterion): string => {
  if (criterion.keyword === 'not') return unwrapped(text, path, ['not']);
  const group = partsOf(path, criterion);
  return group?.parts.length === 1 ? unwrapped(text, path, [...group.list.slice(path.length), 0]) : text;
};

/** Makes a criterion one with another keyword; what both can hold stays. */
export const rekeyed = (text: string, path: Path, criterion: ReadCriterion, keyword: string, fits: (key: string, value: unknown) => boolean): string => {
  const { body } = criterion;
  const kept = typeof body === 'object' && body !== null ? Object.entries(body).filter(([key, value]) => fits(key, value)) : [];
  const fresh = newCriterion(keyword)[keyword];
  return withValue(text, path, { [keyword]: { ...(fresh as object), ...Object.fromEntries(kept) } });
};
