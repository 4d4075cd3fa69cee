import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { SHARED_DATA } from '../shared-data.js';

/* What SQL over the original tables gives for the three rules of test/truth/rules, and the events that they are about. */

export const EVENTS = join(SHARED_DATA, 'oulad/events.ndjson.gz');
export const CORRECTIONS = join(SHARED_DATA, 'oulad/corrections.ndjson.gz');
export const TRUTH_RULES = 'test/truth/rules';
export const TRUTH_BADGES = ['p1', 'p2', 'p3'] as const;
const P1_COURSE_START = Date.UTC(2013, 9, 1);
const DAY = 86_400_000;

export interface Truth {
  readonly learners: number;
  readonly sha256: string;
  readonly sha256_learner_day?: string;
}
/** Before and after the corrections. */
export type Phase = 'base' | 'corrected';

/** Who holds a badge, and since when (ISO 8601). */
export interface Holder {
  readonly learner: string;
  readonly earnedAt: string;
}

export const sha256 = (lines: readonly string[]): string =>
  createHash('sha256').update([...lines].sort().map((line) => `${line}\n`).join('')).digest('hex');

/** The number of learners who have earned a badge, and the hash of their list. */
export const readTruth = (badge: string, phase: Phase): Truth => {
  const dir = join(SHARED_DATA, 'truth');
  const file = readdirSync(dir).find((name) => name.toLowerCase().startsWith(badge));
  const { learners, sha256: hash, sha256_learner_day: days } = (JSON.parse(readFileSync(join(dir, file ?? ''), 'utf8')) as Record<Phase, Truth>)[phase];
  return { learners, sha256: hash, ...(days !== undefined && { sha256_learner_day: days }) };
};

/** The same of those who hold it now; days only where the truth tells them. */
export const truthOf = (holders: readonly Holder[], { sha256_learner_day: days }: Truth): Truth => ({
  learners: holders.length,
  sha256: sha256(holders.map(({ learner }) => learner)),
  ...(days !== undefined && {
    sha256_learner_day: sha256(holders.map(({ learner, earnedAt }) => `${learner},${Math.floor((Date.parse(earnedAt) - P1_COURSE_START) / DAY)}`)),
  }),
});

/** The lines of a gzipped file. */
export const linesOf = (file: string): readonly string[] => gunzipSync(readFileSync(file)).toString().split('\n').filter(Boolean);
