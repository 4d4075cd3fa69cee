import { CAST } from './cast.js';
import { seededRandom, type Random } from './random.js';
import { TIMEZONE } from './term-calendar.js';

/** A way to go through a term; probabilities from 0 to 1, scores in percent. */
export interface Pattern {
  readonly name: string;
  readonly attends: number;
  readonly isLate: number;
  readonly submits: number;
  readonly score: number;
  readonly deviation: number;
  /** Percentage points that the scores gain each week. */
  readonly gain: number;
  /** Does missions of the kinds that need other people, and those done alone. */
  readonly social: number;
  readonly alone: number;
  /** First week; enrols then. */
  readonly joins: readonly [number, number];
  /** Week of the last sign of life. */
  readonly leaves?: readonly [number, number];
}

const PATTERNS: readonly (Pattern & { readonly share: number })[] = [
  { name: 'diligent', share: 14, attends: 0.96, isLate: 0.03, submits: 0.99, score: 86, deviation: 6, gain: 0.2, social: 0.95, alone: 0.95, joins: [0, 0] },
  { name: 'steady', share: 17, attends: 0.86, isLate: 0.09, submits: 0.95, score: 77, deviation: 7, gain: 0.2, social: 0.8, alone: 0.75, joins: [0, 0] },
  { name: 'late starter', share: 7, attends: 0.9, isLate: 0.08, submits: 0.9, score: 66, deviation: 6, gain: 1.6, social: 0.75, alone: 0.8, joins: [1, 3] },
  { name: 'drop-out', share: 8, attends: 0.72, isLate: 0.15, submits: 0.65, score: 60, deviation: 10, gain: -0.8, social: 0.45, alone: 0.45, joins: [0, 0], leaves: [3, 8] },
  { name: 'strong at tests, seldom there', share: 6, attends: 0.38, isLate: 0.25, submits: 0.98, score: 92, deviation: 4, gain: 0, social: 0.25, alone: 0.6, joins: [0, 0] },
  { name: 'sociable', share: 5, attends: 0.92, isLate: 0.15, submits: 0.85, score: 69, deviation: 7, gain: 0.3, social: 0.96, alone: 0.5, joins: [0, 0] },
  { name: 'struggling', share: 3, attends: 0.78, isLate: 0.12, submits: 0.7, score: 55, deviation: 10, gain: 0.5, social: 0.5, alone: 0.55, joins: [0, 0] },
];

const COURSE_SETS: readonly (readonly string[])[] = [
  ['sql-basics', 'data-viz', 'team-project'],
  ['sql-basics', 'data-viz'],
  ['sql-basics', 'data-viz', 'team-project'],
  ['data-viz', 'team-project'],
  ['sql-basics', 'team-project'],
  ['sql-basics', 'data-viz', 'team-project'],
  ['data-viz', 'team-project'],
];

/** Where learners work; with eleven to choose from in turn, no course is of one department alone. */
const DEPARTMENTS = ['Marketing', 'Operations', 'Research', 'Marketing', 'Operations', 'Marketing', 'Research', 'Operations', 'Marketing', 'Research', 'Operations'] as const;

/** One in so many learners joins from abroad, and from where. */
const ABROAD = 10;
const ZONES_ABROAD = ['America/Los_Angeles', 'Asia/Ho_Chi_Minh', 'Europe/Berlin'] as const;

const timezoneOf = (i: number): string =>
  (i % ABROAD === ABROAD - 1 && ZONES_ABROAD[Math.floor(i / ABROAD) % ZONES_ABROAD.length]) || TIMEZONE;

/** A learner of the demo school: an id without a name, a pattern, and courses. */
export interface DemoLearner {
  readonly id: string;
  readonly pattern: Pattern;
  readonly courses: readonly string[];
  readonly department: string;
  /** Where the learner lives: most in Korea, some join from abroad. */
  readonly timezone: string;
}

const shuffled = <T>(items: readonly T[], random: Random): readonly T[] => {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = random.whole(0, i);
    [result[i], result[j]] = [result[j] as T, result[i] as T];
  }
  return result;
};

/** How many learners the demo school has. */
export const LEARNERS = PATTERNS.reduce((sum, { share }) => sum + share, 0);

/** The learners of the term; the first one is diligent, those with a script are steady, the others by chance. */
export const demoLearners = (seed: number): readonly DemoLearner[] => {
  const pool: Pattern[] = PATTERNS.flatMap((pattern) => Array.from({ length: pattern.share }, () => pattern));
  const take = (name: string): Pattern | undefined => pool.splice(pool.findIndex((pattern) => pattern.name === name), 1)[0];
  const cast = new Map([['hb-0001', take('diligent')], ...CAST.map(({ learner }) => [learner, take('steady')] as const)]);
  const others = shuffled(pool, seededRandom(seed, 'patterns')).values();
  return Array.from({ length: LEARNERS }, (_, i) => {
    const id = `hb-${String(i + 1).padStart(4, '0')}`;
    const pattern = cast.get(id) ?? others.next().value;
    if (!pattern) throw new Error('there are more learners than patterns');
    return { id, pattern, courses: COURSE_SETS[i % COURSE_SETS.length] ?? [], department: DEPARTMENTS[i % DEPARTMENTS.length] ?? '', timezone: timezoneOf(i) };
  });
};
