import { atLeast, type Sketch } from './learner-sketch.js';
import type { Fewest } from './small-groups.js';

/** A UTC day on which something was counted, and about whom. Days are texts like "2026-05-31" that sort in order of time. */
export interface SketchedDay {
  readonly day: string;
  readonly sketch: Sketch;
}

/** The place of the first of some sorted days that is not before a day. */
export const placeOf = (days: readonly string[], day: string): number => {
  let [low, high] = [0, days.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((days[middle] as string) < day) low = middle + 1;
    else high = middle;
  }
  return low;
};

/**
 * The days at whose beginning figures over time are cut, sorted. Every figure that is told goes from one of them to another, so whoever
 * takes figures over days, weeks and months from one another gets figures from one of them to another and nothing else; and between
 * any two neighbours there are either no learners or enough. `wanted` are places at which to cut, those that matter most first; the
 * first and the last day of all bound it. Nothing can be cut where there are too few learners in all.
 */
export const safeCuts = (days: readonly SketchedDay[], wanted: readonly string[], [first, last]: readonly [string, string], fewest: Fewest): readonly string[] => {
  const sorted = [...days].sort((a, b) => (a.day < b.day ? -1 : 1));
  const names = sorted.map(({ day }) => day);
  const isSafe = (from: string, to: string): boolean => {
    let sketch = 0;
    for (let i = placeOf(names, from); i < sorted.length && (names[i] as string) < to; i++) {
      sketch |= (sorted[i] as SketchedDay).sketch;
      if (atLeast(sketch) >= fewest) return true;
    }
    return sketch === 0;
  };
  if (!isSafe(first, last)) return [];
  const cuts = [first, last];
  for (const day of wanted) {
    const at = placeOf(cuts, day);
    const [before, after] = [cuts[at - 1], cuts[at]];
    if (before === undefined || after === undefined || after === day) continue;
    if (isSafe(before, day) && isSafe(day, after)) cuts.splice(at, 0, day);
  }
  return cuts;
};
