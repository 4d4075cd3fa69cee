import type { RowState, Stored } from './mongodb-rows.js';

/** Rows as the last commit left them, so that most batches need not read what they build on. */
export interface RowCache {
  /** Undefined where it is not known; null where the row is known to be absent. */
  readonly get: (place: string, id: string) => Stored | null | undefined;
  /** Whether rows of this place are kept. */
  readonly follows: (place: string) => boolean;
  /** Begins to keep rows of a place; `whole` tells that it holds none but those. */
  readonly follow: (place: string, rows: Iterable<readonly [id: string, row: Stored | null]>, whole: boolean) => void;
  /** Takes over what a commit did to the places that are followed. */
  readonly remember: (states: Iterable<RowState>) => void;
  /** Forgets the places whose names begin so. */
  readonly clear: (places: string) => void;
}

const OVERHEAD = 300;

/** A cache of about so many bytes, which forgets what was used longest ago. */
export const rowCache = (maxBytes: number): RowCache => {
  const rows = new Map<string, { readonly row: Stored | null; readonly bytes: number }>();
  /** Followed places, and whether every row of it is kept. */
  const places = new Map<string, boolean>();
  let total = 0;
  const at = (place: string, id: string): string => `${place}\n${id}`;
  const forget = (key: string): void => {
    total -= rows.get(key)?.bytes ?? 0;
    rows.delete(key);
  };
  const keep = (place: string, id: string, row: Stored | null): void => {
    const key = at(place, id);
    forget(key);
    let bytes = OVERHEAD + key.length;
    if (row) for (const value of Object.values(row)) bytes += typeof value === 'string' ? 2 * value.length : 8;
    rows.set(key, { row, bytes });
    total += bytes;
    while (total > maxBytes) {
      const oldest = rows.keys().next().value;
      if (oldest === undefined) break;
      places.set(oldest.slice(0, oldest.indexOf('\n')), false);
      forget(oldest);
    }
  };
  return {
    get: (place, id) => {
      const key = at(place, id);
      const found = rows.get(key);
      if (!found) return places.get(place) ? null : undefined;
      rows.delete(key);
      rows.set(key, found);
      return found.row;
    },
    follows: (place) => places.has(place),
    follow: (place, all, whole) => {
      places.set(place, whole);
      for (const [id, row] of all) keep(place, id, row);
    },
    remember: (states) => {
      for (const { place, id, row } of states) if (places.has(place)) keep(place, id, row);
    },
    clear: (start) => {
      for (const place of places.keys()) if (place.startsWith(start)) places.delete(place);
      for (const key of rows.keys()) if (key.startsWith(start)) forget(key);
    },
  };
};
