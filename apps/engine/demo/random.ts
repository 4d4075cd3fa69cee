/** A reproducible source of chance: the same seed and label always give the same numbers. */
export interface Random {
  /** A number from 0 up to, not including, 1. */
  next(): number;
  /** A whole number from `min` to `max`, both possible. */
  whole(min: number, max: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** Around `mean`, roughly bell-shaped: the sum of four uniform numbers, so never further than 3.5 `deviation` away. */
  around(mean: number, deviation: number): number;
}

/** FNV-1a, 32 bits (Fowler, Noll, Vo; RFC 9923): spreads a label over the generator's whole state. */
const hash = (text: string): number => {
  let state = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193);
  return state >>> 0;
};

/**
 * One independent stream of numbers for each label, so that a change in one part of a term leaves the others as they are.
 * The generator is mulberry32 (Tommy Ettinger, 2017, public domain): one 32-bit word of state, fast, not for secrets.
 */
export const seededRandom = (seed: number, label: string): Random => {
  let state = hash(`${seed}/${label}`);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    whole: (min, max) => min + Math.floor(next() * (max - min + 1)),
    chance: (probability) => next() < probability,
    // Four uniform numbers have a variance of 4/12 together.
    around: (mean, deviation) => mean + (next() + next() + next() + next() - 2) * Math.sqrt(3) * deviation,
  };
};
