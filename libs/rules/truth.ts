/**
 * Whether something holds, as a function of event time: `initially`, then the opposite from each flip on.
 * Flips ascend and are distinct. Criteria are combined by combining these, which finds the earliest moment at which
 * a whole tree holds without trying every moment.
 */
export interface Truth {
  readonly initially: boolean;
  readonly flips: readonly number[];
}

export const ALWAYS: Truth = { initially: true, flips: [] };
export const NEVER: Truth = { initially: false, flips: [] };

/** False before a moment, true from it on; never true at Infinity. */
export const from = (time: number): Truth => (time === Infinity ? NEVER : { initially: false, flips: [time] });

/** True before a moment, false from it on. */
export const until = (time: number): Truth => (time === Infinity ? ALWAYS : { initially: true, flips: [time] });

export const negate = (truth: Truth): Truth => ({ initially: !truth.initially, flips: truth.flips });

/** Whether it holds at a moment. */
export const holdsAt = (truth: Truth, time: number): boolean => {
  let holds = truth.initially;
  for (const flip of truth.flips) {
    if (flip > time) break;
    holds = !holds;
  }
  return holds;
};

/** The earliest moment not before `start` at which it holds; Infinity where it never does. */
export const earliest = (truth: Truth, start: number): number => {
  let holds = truth.initially;
  for (const flip of truth.flips) {
    if (flip > start && holds) return start;
    holds = !holds;
    if (holds && flip >= start) return flip;
  }
  return holds ? start : Infinity;
};

/** Since when it holds without a break at a moment, not before `start`; Infinity where it does not hold then. */
export const holdsSince = (truth: Truth, start: number, time: number): number => {
  let holds = truth.initially;
  let since = start;
  for (const flip of truth.flips) {
    if (flip > time) break;
    holds = !holds;
    since = flip;
  }
  return holds ? Math.max(start, since) : Infinity;
};

/** The first moment after this one at which it changes; Infinity where there is none. */
export const nextChange = (truth: Truth, time: number): number => {
  for (const flip of truth.flips) if (flip > time) return flip;
  return Infinity;
};

/** A truth from what holds from each of some moments on; moments ascend, and before the first it does not hold. */
export const fromSteps = (steps: Iterable<readonly [time: number, holds: boolean]>): Truth => {
  const flips: number[] = [];
  let current = false;
  for (const [time, holds] of steps) {
    if (holds === current) continue;
    // Of several steps at one moment the last one counts.
    if (flips.at(-1) === time) flips.pop();
    else flips.push(time);
    current = holds;
  }
  return { initially: false, flips };
};

/** Holds when at least `needed` of the truths do. */
export const atLeast = (needed: number, truths: readonly Truth[]): Truth => {
  let holding = 0;
  const changes: { readonly time: number; readonly by: 1 | -1 }[] = [];
  for (const truth of truths) {
    let holds = truth.initially;
    if (holds) holding++;
    for (const time of truth.flips) {
      holds = !holds;
      changes.push({ time, by: holds ? 1 : -1 });
    }
  }
  changes.sort((a, b) => a.time - b.time);
  const initially = holding >= needed;
  const flips: number[] = [];
  let current = initially;
  for (let i = 0; i < changes.length; ) {
    const time = changes[i]?.time ?? 0;
    for (let change = changes[i]; change?.time === time; change = changes[++i]) holding += change.by;
    if (holding >= needed !== current) {
      current = !current;
      flips.push(time);
    }
  }
  return { initially, flips };
};

/**
 * A number reaches `least` from the moments on at which it does. `timeOf` and `valueOf` give what it is from each of
 * `length` moments on, which ascend; of several numbers at one moment the last one counts.
 */
export const whereReached = (length: number, timeOf: (i: number) => number, valueOf: (i: number) => number, least: number): Truth => {
  const flips: number[] = [];
  let holds = false;
  for (let i = 0; i < length; i++) {
    if (valueOf(i) >= least === holds) continue;
    const time = timeOf(i);
    if (i + 1 < length && timeOf(i + 1) === time) continue;
    holds = !holds;
    flips.push(time);
  }
  return { initially: false, flips };
};
