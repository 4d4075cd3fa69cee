const DAY = 86_400_000;

/** Whole days between two moments, from the earlier one; never fewer than none. */
export const daysBetween = (from: string, to: string): number => Math.max(0, Math.floor((Date.parse(to) - Date.parse(from)) / DAY));
