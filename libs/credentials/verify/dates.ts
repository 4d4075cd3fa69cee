import type { JsonObject } from '../json-ld/json.js';
import { finding, type Finding } from './report.js';

/** Clocks differ; a badge that was issued a moment ago by one that is ahead is no forgery. */
const CLOCK_SKEW_MS = 5 * 60_000;

const timeOf = (value: unknown): number | undefined => (value === undefined ? undefined : typeof value === 'string' ? Date.parse(value) : NaN);

/** Whether a document holds at a time, by the members that say from when and until when. */
export const datesFinding = (document: JsonObject, now: number, [fromName, untilName] = ['validFrom', 'validUntil']): Finding => {
  const from = timeOf(document[fromName ?? '']);
  const until = timeOf(document[untilName ?? '']);
  if (Number.isNaN(from) || Number.isNaN(until)) return finding('date-unreadable', Number.isNaN(from) ? fromName : untilName);
  if (from !== undefined && until !== undefined && until < from) return finding('dates-reversed');
  if (from !== undefined && from > now + CLOCK_SKEW_MS) return finding('not-yet-valid', new Date(from).toISOString());
  if (until !== undefined && until <= now) return finding('expired', new Date(until).toISOString());
  return finding('dates-hold');
};
