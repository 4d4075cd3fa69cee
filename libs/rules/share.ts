// Percentages are compared in whole millionths, so that exactly the needed share is enough.
const MILLIONTHS = 1_000_000;

/** A percentage as it is compared: in whole millionths of a percent. */
export const wholeMillionths = (percent: number): number => Math.round(percent * MILLIONTHS) / MILLIONTHS;

/** Whether a part is at least so many percent of a whole; never of nothing. */
export const reaches = (part: number, whole: number, percent: number): boolean =>
  whole > 0 && part * 100 * MILLIONTHS >= Math.round(percent * MILLIONTHS) * whole;

/** How large a whole may be for a part to be at least so many percent of it; whole and part are whole numbers. */
export const largestWhole = (part: number, percent: number): number =>
  Math.floor((part * 100 * MILLIONTHS) / Math.round(percent * MILLIONTHS));

/** A part in percent of the whole, rounded down to millionths: what does not reach a percentage is never shown as it. */
export const percentOf = (part: number, whole: number): number =>
  whole === 0 ? 0 : Math.floor((part * 100 * MILLIONTHS) / whole) / MILLIONTHS;
