/** A stream of numbers from 0 up to, not including, 1 that depends on `text` alone. */
export type Draws = () => number;

/** Draws that are the same for the same text on every machine (xmur3 into mulberry32, not for secrets). */
export const drawsFrom = (text: string): Draws => {
  let state = 1_779_033_703 ^ text.length;
  for (let i = 0; i < text.length; i += 1) {
    state = Math.imul(state ^ text.charCodeAt(i), 3_432_918_353);
    state = (state << 13) | (state >>> 19);
  }
  state = Math.imul(state ^ (state >>> 16), 2_246_822_507);
  state = Math.imul(state ^ (state >>> 13), 3_266_489_909);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

/** A whole number from `least` to `most`. */
export const whole = (draw: Draws, least: number, most: number): number => least + Math.floor(draw() * (most - least + 1));

/** One of `choices`. */
export const oneOf = <T>(draw: Draws, choices: readonly [T, ...T[]]): T => choices[Math.floor(draw() * choices.length)] ?? choices[0];
