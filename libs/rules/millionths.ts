import type { Fact } from '#domain/facts.js';

/**
 * Scores, points and thresholds are compared and summed as whole millionths, so that a sum never depends on the order
 * of its terms and exactly the needed value is enough.
 */
const MILLION = 1_000_000;

/** More than any class gives, so that what a source may claim cannot spoil a sum. */
const MAX = 1_000_000_000 * MILLION;

/** Stands for a value that is not there yet; no threshold is as low. */
export const NOTHING = -1;

/** A number as whole millionths, within what can be summed exactly. */
export const millionths = (value: number): number => Math.max(-MAX, Math.min(MAX, Math.round(value * MILLION)));

/** Millionths as a number for people: never on the other side of a threshold. */
export const ofMillionths = (value: number): number => value / MILLION;

/** The mean of numbers in millionths, rounded down to millionths; NOTHING where there are none. */
export const meanOf = (sum: number, terms: number): number => (terms === 0 ? NOTHING : Math.floor(sum / terms));

/** What is reached of what could be, in millionths of a percent; undefined where the fact has no score. */
export const percentOf = ({ values: { score, max } }: Fact): number | undefined =>
  score === undefined || max === undefined ? undefined : millionths((score * 100) / max);

/** How much is lacking, rounded up to two decimals: never 0 where something is. */
export const lacking = (value: number, needed: number): number =>
  Math.max(0, Math.ceil((millionths(needed) - millionths(value)) / 10_000) / 100);
