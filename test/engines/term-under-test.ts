import type { Random } from '#engine/demo/random.js';

/* TEST SUPPORT: a small class term as a class system sends it, with what goes wrong on the way. */

/** What is sent of a term. */
export interface SentTerm {
  /** What the course offers, in order. */
  readonly course: readonly Readonly<Record<string, unknown>>[];
  /** Learners' events, each once. */
  readonly events: readonly (Readonly<Record<string, unknown>> & { readonly id: string; readonly learner: string })[];
}

const COURSE = 'C1';
/** What a correction does is to revoke: what is kept would depend on what arrived before it. */
export const RULES: Readonly<Record<string, string>> = {
  'two-missions.yaml': `
badge: two-missions
name: { en: Two Missions }
criteria-text: { en: Two missions done. }
course: C1
decides: continuously
when-corrected: revoke
criteria:
  count: { of: missions, at-least: 2 }
`,
  'graded.yaml': `
badge: graded
name: { en: Graded }
criteria-text: { en: Three grades with a mean of 60. }
course: C1
decides: as-soon-as-met
when-corrected: revoke
criteria:
  all:
    - count: { of: grades, distinct: activity, at-least: 3 }
    - mean: { of: grades, at-least: 60 }
`,
  'holder.yaml': `
badge: holder
name: { en: Holder }
criteria-text: { en: Holds both. }
decides: continuously
when-corrected: revoke
criteria:
  badges: { badge: [two-missions, graded], at-least: 2 }
`,
  'honours.yaml': `
badge: honours
name: { en: Honours }
criteria-text: { en: The best quarter of the course. }
course: C1
decides: { at-close: course }
when-corrected: revoke
criteria:
  cohort: { by: { mean: { of: grades } }, top-percent: 25 }
`,
};

const day = (n: number): string => new Date(Date.UTC(2026, 1, 1 + n, 9)).toISOString();

/** A term that is over: each learner has five missions at most and four grades, some of which are corrected. */
export const sentTerm = (random: Random, learners: number): SentTerm => {
  const course = [
    { id: 'open', source: 'lms', type: 'CourseOpened', course: COURSE, time: day(0), title: 'Course', start: '2026-02-01', timezone: 'UTC' },
    { id: 'close', source: 'lms', type: 'CourseClosed', course: COURSE, time: day(90) },
  ];
  const events: (Record<string, unknown> & { id: string; learner: string })[] = [];
  for (let i = 0; i < learners; i++) {
    const learner = `l${i}`;
    const common = { source: 'lms', learner, course: COURSE };
    for (let n = 0; n < random.whole(0, 5); n++) {
      events.push({ ...common, id: `${learner}-m${n}`, type: 'MissionCompleted', activity: `m${n}`, time: day(random.whole(1, 80)) });
      if (random.chance(0.15)) events.push({ id: `${learner}-r${n}`, source: 'lms', type: 'FactRetracted', target: `${learner}-m${n}`, learner });
    }
    for (let n = 0; n < 4; n++) {
      const grade = { ...common, id: `${learner}-g${n}`, type: 'AssignmentGraded', activity: `a${n}`, time: day(random.whole(1, 80)), max: 100 };
      events.push({ ...grade, score: random.whole(20, 100), version: 1 });
      if (random.chance(0.2)) events.push({ ...grade, score: random.whole(20, 100), version: 2 });
    }
  }
  return { course, events };
};

/** The same things in another order. */
export const shuffled = <T>(things: readonly T[], random: Random): readonly T[] => {
  const result = [...things];
  for (let i = result.length - 1; i > 0; i--) {
    const j = random.whole(0, i);
    [result[i], result[j]] = [result[j] as T, result[i] as T];
  }
  return result;
};
