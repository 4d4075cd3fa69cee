import { seededRandom, type Random } from '#engine/demo/random.js';

const DAY = 86_400_000;
const WEEKS = 34;
const COURSES = ['AAA', 'BBB', 'CCC', 'DDD', 'EEE', 'FFF', 'GGG'].flatMap((module) =>
  ['2013B', '2013J', '2014B'].map((presentation) => `${module}-${presentation}`),
);
const STARTS: Readonly<Record<string, number>> = { '2013B': Date.UTC(2013, 1, 1), '2013J': Date.UTC(2013, 9, 1), '2014B': Date.UTC(2014, 1, 1) };
/** How often a course is taken; the others once. Those of AAA and BBB also tell of days and missions, as in the dataset. */
const POPULAR = new Set(['BBB-2013B', 'BBB-2013J', 'DDD-2013J']);
const DETAILED = /^(AAA|BBB)/;

interface Row {
  readonly day: number;
  readonly time: number;
  readonly text: string;
}

/**
 * Rows of the shape, the mix and the order in time of the converted OULAD dataset, about invented learners; the same
 * ones for the same seed. About 1 learner in 20 earns one of the badges that the rules of test/truth describe.
 */
export function* generatedRows(count: number, seed: number): Generator<string> {
  const random = seededRandom(seed, 'oulad-like rows');
  const taken = COURSES.flatMap((course) => Array.from({ length: POPULAR.has(course) ? 4 : 1 }, () => course));
  const rows: Row[] = [];
  for (let learner = 100_000; rows.length < count; learner++) {
    rows.push(...enrolment(`s${learner}`, taken[random.whole(0, taken.length - 1)] ?? 'BBB-2013B', random));
  }
  rows.sort((a, b) => a.time - b.time);
  for (const { text } of rows.slice(0, count)) yield `${text}\n`;
}

/** Everything about one learner in one course. */
const enrolment = (learner: string, course: string, random: Random): readonly Row[] => {
  const start = STARTS[course.slice(4)] ?? 0;
  const last = random.chance(0.3) ? random.whole(-60, 200) : Infinity;
  const row = (day: number, id: string, type: string, more: object = {}): Row => {
    const time = start + day * DAY;
    return { day, time, text: JSON.stringify({ id, type, learner, course, ...more, day, time: new Date(time).toISOString().slice(0, 10) }) };
  };
  const rows = [row(-random.whole(5, 300), `en:${course}:${learner}`, 'enrolment')];
  if (last < Infinity) rows.push(row(last, `un:${course}:${learner}`, 'withdrawal'));
  const skill = random.around(70, 12);
  for (let i = 1; i <= 6; i++) {
    const due = i * 35;
    const activity = `a${course.slice(0, 3)}${i}`;
    const score = Math.min(100, Math.max(0, Math.round(random.around(skill, 10))));
    if (random.chance(0.1)) continue;
    rows.push(row(due - random.whole(0, 4), `as:${activity}:${learner}`, 'assignment', { activity, kind: 'TMA', score, weight: 12.5, due, banked: false }));
  }
  if (DETAILED.test(course)) rows.push(...activeDays(learner, course, random, row));
  return rows.filter(({ day }) => day <= last);
};

const activeDays = (
  learner: string,
  course: string,
  random: Random,
  row: (day: number, id: string, type: string, more: object) => Row,
): readonly Row[] => {
  const rows: Row[] = [];
  const diligence = random.next();
  for (let day = -14; day < WEEKS * 7; day++) {
    if (!random.chance(diligence * 0.3)) continue;
    rows.push(row(day, `at:${course}:${learner}:${day}`, 'attendance', { activity: `d${day}`, clicks: random.whole(1, 90) }));
    for (const [tag, kind, chance] of [['forum', 'forumng', 0.8], ['quiz', 'quiz', 0.15]] as const) {
      if (!random.chance(chance)) continue;
      const activity = `v54${tag.length}${random.whole(0, 9)}`;
      rows.push(row(day, `mi:${activity}:${learner}:${day}`, 'mission', { activity, tag, kind, clicks: random.whole(1, 40) }));
    }
  }
  return rows;
};
