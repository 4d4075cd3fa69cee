/**
 * How many different learners figures are about, without a word about who: each learner falls into one of 32 buckets. The number of
 * buckets with anybody in them is never more than the number of learners, and of several days it is told by putting them together.
 */
export type Sketch = number;

const BUCKETS = 32;

/** The columns of a sketch in a read model, one for each bucket: how often somebody in it was counted. */
export const SKETCH_COLUMNS = Array.from({ length: BUCKETS }, (_none, i) => `bucket${i}`);

const NONE: Readonly<Record<string, number>> = Object.fromEntries(SKETCH_COLUMNS.map((column) => [column, 0]));

/** In which bucket a learner is (FNV-1a over the id's UTF-16 units, folded). */
const bucketOf = (learner: string): number => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < learner.length; i++) hash = Math.imul(hash ^ learner.charCodeAt(i), 0x01000193);
  hash ^= hash >>> 16;
  return (hash ^ (hash >>> 8)) & (BUCKETS - 1);
};

/** What one learner adds to the columns. */
export const sketchAmounts = (learner: string): Readonly<Record<string, number>> => ({ [`bucket${bucketOf(learner)}`]: 1 });

/** Amounts for all columns, so that every write has the same form. */
export const wholeSketch = (amounts: Readonly<Record<string, number>>): Readonly<Record<string, number>> => ({ ...NONE, ...amounts });

/** The sketch in a row. */
export const sketchOf = (row: Readonly<Record<string, unknown>>): Sketch => SKETCH_COLUMNS.reduce((sketch, column, i) => (Number(row[column] ?? 0) > 0 ? sketch | (1 << i) : sketch), 0);

/** How many learners there are at least. */
export const atLeast = (sketch: Sketch): number => {
  let left = sketch;
  let buckets = 0;
  for (; left !== 0; left &= left - 1) buckets++;
  return buckets;
};
