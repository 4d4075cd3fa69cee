import { bar, progressLine, type ProgressLine } from '../progress-line.js';

const number = (value: number): string => value.toLocaleString('en');

/** How much something is, for people. */
export const bytesText = (bytes: number): string => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`);

/** So many of something. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${number(count)} ${count === 1 ? one : many}`;

/** A line on standard error that says what is being done and how far it is. */
export const workLine = (): { readonly show: (what: string, progress: { readonly done: number; readonly total: number }) => void; readonly end: ProgressLine['end'] } => {
  const line = progressLine();
  return { show: (what, { done, total }) => line.update(`${what} ${bar(total === 0 ? 1 : done / total)} ${Math.floor((100 * done) / (total || 1))} %`), end: () => line.end() };
};
