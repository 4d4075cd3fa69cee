/** What a scripted learner's correction is there to show. */
export type Effect = 'revoked' | 'suspended' | 'kept' | 'granted';

/** A learner whose course is written down instead of left to chance, so that a correction surely has its effect. */
export interface Script {
  readonly learner: string;
  readonly course: string;
  /** Points for each assignment; those that are not named get `otherwise`. */
  readonly scores: Readonly<Record<string, number>>;
  readonly otherwise: number;
  /** Sessions without the learner; there in all others. */
  readonly absent: readonly string[];
  /** What the class systems correct once the term is over. */
  readonly correction:
    | { readonly activity: string; readonly score: number }
    | { readonly retracted: string };
  /** What the correction does to which badge. */
  readonly effect: Effect;
  readonly badge: string;
  /** A badge that rests on that one, and goes the same way. */
  readonly resting?: string;
}

/** One script for each effect of a correction. */
export const CAST: readonly Script[] = [
  {
    learner: 'hb-0008',
    course: 'sql-basics',
    scores: {},
    otherwise: 78,
    absent: [],
    correction: { activity: 'sql-a3', score: 42 },
    effect: 'revoked',
    badge: 'sql-foundations',
    resting: 'data-analyst',
  },
  {
    learner: 'hb-0010',
    course: 'data-viz',
    scores: { 'viz-p1': 82, 'viz-p2': 84, 'viz-p3': 83, 'viz-p4': 81 },
    otherwise: 15,
    absent: [],
    correction: { activity: 'viz-p1', score: 52 },
    effect: 'suspended',
    badge: 'viz-designer',
  },
  {
    learner: 'hb-0015',
    course: 'sql-basics',
    scores: { 'sql-a1': 70, 'sql-a2': 68 },
    otherwise: 60,
    absent: ['sql-s07', 'sql-s08', 'sql-s15', 'sql-s16'],
    correction: { activity: 'sql-a1', score: 48 },
    effect: 'kept',
    badge: 'sql-first-steps',
  },
  {
    learner: 'hb-0019',
    course: 'sql-basics',
    scores: {},
    otherwise: 74,
    absent: [],
    correction: { activity: 'sql-a5', score: 89 },
    effect: 'granted',
    badge: 'sql-foundations',
  },
  {
    // Absent in the whole of week 5, and once in week 7, whose other mark is withdrawn.
    learner: 'hb-0024',
    course: 'sql-basics',
    scores: {},
    otherwise: 72,
    absent: ['sql-s09', 'sql-s10', 'sql-s14'],
    correction: { retracted: 'sql-s13' },
    effect: 'revoked',
    badge: 'sql-every-week',
  },
];

/** The awards that corrections change, each with what becomes of it. */
export const EFFECTS: readonly Pick<Script, 'learner' | 'badge' | 'effect'>[] = CAST.flatMap(({ learner, badge, effect, resting }) => [
  { learner, badge, effect },
  ...(resting === undefined ? [] : [{ learner, badge: resting, effect }]),
]);

/** The script of a learner in a course; undefined where chance decides. */
export const scriptOf = (learner: string, course: string): Script | undefined =>
  CAST.find((script) => script.learner === learner && script.course === course);
