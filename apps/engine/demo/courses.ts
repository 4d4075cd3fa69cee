import { WEEKS } from './term-calendar.js';

/** A regular class: on which course day it is, and when. */
export interface SessionPlan {
  readonly id: string;
  readonly title: string;
  readonly day: number;
  readonly hour: number;
}

/** Graded work, and when it is due. */
export interface AssignmentPlan {
  readonly id: string;
  readonly title: string;
  readonly kind: string;
  readonly dueDay: number;
  /** Share of the course's mark, percent. */
  readonly weight: number;
  /** Points that can be reached. */
  readonly max: number;
}

/** Something to do that is not graded, and in which days. */
export interface MissionPlan {
  readonly id: string;
  readonly title: string;
  readonly kind: string;
  readonly tags: readonly string[];
  /** It can be done from this course day on, … */
  readonly openDay: number;
  /** … up to the evening of this one. */
  readonly dueDay: number;
}

/** A course and everything that it offers over the term. */
export interface CoursePlan {
  readonly id: string;
  readonly title: string;
  readonly sessions: readonly SessionPlan[];
  readonly assignments: readonly AssignmentPlan[];
  readonly missions: readonly MissionPlan[];
  /** Whether the school has closed it at the end of the term. */
  readonly closed: boolean;
}

const number = (n: number): string => String(n).padStart(2, '0');

const sessions = (course: string, weekdays: readonly number[], hour: number): readonly SessionPlan[] =>
  Array.from({ length: WEEKS }, (_, week) => weekdays.map((weekday) => week * 7 + weekday))
    .flat()
    .map((day, i) => ({ id: `${course}-s${number(i + 1)}`, title: `Class ${i + 1}`, day, hour }));

/** One assignment for each due day. */
const assignments = (
  prefix: string,
  plan: { readonly kind: string; readonly title: string; readonly max: number; readonly weights: readonly number[] },
  dueDays: readonly number[],
): readonly AssignmentPlan[] =>
  dueDays.map((dueDay, i) => ({
    id: `${prefix}${i + 1}`,
    title: `${plan.title} ${i + 1}`,
    kind: plan.kind,
    dueDay,
    weight: plan.weights[i] ?? 0,
    max: plan.max,
  }));

/** One mission in each of the weeks (counted from 0), from Monday to Saturday. */
const weekly = (
  prefix: string,
  plan: { readonly kind: string; readonly title: string; readonly tags: readonly string[] },
  weeks: readonly number[],
): readonly MissionPlan[] =>
  weeks.map((week, i) => ({
    ...plan,
    id: `${prefix}-${number(i + 1)}`,
    title: `${plan.title} ${i + 1}`,
    openDay: week * 7,
    dueDay: week * 7 + 5,
  }));

const EVERY_WEEK = Array.from({ length: WEEKS }, (_, week) => week);

/** What the demo school offers in a term. */
export const COURSES: readonly CoursePlan[] = [
  {
    id: 'sql-basics',
    title: 'SQL Basics (SQL 기초)',
    sessions: sessions('sql', [0, 2], 10),
    assignments: assignments('sql-a', { kind: 'assignment', title: 'Assignment', max: 100, weights: [10, 15, 15, 15, 20, 25] }, [11, 23, 39, 53, 65, 75]),
    missions: [
      ...weekly('sql-quiz', { kind: 'quiz', title: 'Query quiz', tags: ['quiz'] }, EVERY_WEEK),
      ...weekly('sql-practice', { kind: 'practice', title: 'Practice set', tags: ['practice'] }, EVERY_WEEK),
      ...weekly('sql-review', { kind: 'peer-review', title: 'Query review', tags: ['peer-review'] }, [2, 5, 8, 10]),
    ],
    closed: true,
  },
  {
    id: 'data-viz',
    title: 'Data Visualization (데이터 시각화)',
    sessions: sessions('viz', [1, 3], 14),
    assignments: [
      ...assignments('viz-p', { kind: 'project', title: 'Project', max: 100, weights: [20, 20, 20, 20] }, [18, 39, 60, 75]),
      ...assignments('viz-e', { kind: 'exercise', title: 'Exercise', max: 20, weights: [5, 5, 5, 5] }, [10, 31, 52, 68]),
    ],
    missions: [
      ...weekly('viz-quiz', { kind: 'quiz', title: 'Chart quiz', tags: ['quiz'] }, EVERY_WEEK),
      ...weekly('viz-review', { kind: 'peer-review', title: 'Chart critique', tags: ['peer-review'] }, [2, 3, 4, 6, 7, 8, 9, 10]),
      ...weekly('viz-talk', { kind: 'presentation', title: 'Gallery talk', tags: ['presentation'] }, [3, 6, 9]),
    ],
    closed: false,
  },
  {
    id: 'team-project',
    title: 'Team Project (팀 프로젝트)',
    sessions: sessions('team', [2, 4], 16),
    assignments: assignments('team-m', { kind: 'milestone', title: 'Milestone', max: 50, weights: [25, 25, 25, 25] }, [17, 38, 59, 74]),
    missions: [
      ...weekly('team-sprint', { kind: 'teamwork', title: 'Sprint', tags: ['teamwork'] }, EVERY_WEEK),
      ...weekly('team-retro', { kind: 'retrospective', title: 'Retrospective', tags: ['reflection', 'teamwork'] }, [2, 5, 8, 11]),
      ...weekly('team-review', { kind: 'peer-review', title: 'Team mate review', tags: ['peer-review', 'teamwork'] }, [3, 5, 7, 9, 10]),
      ...weekly('team-talk', { kind: 'presentation', title: 'Progress talk', tags: ['presentation', 'teamwork'] }, [5]),
      {
        id: 'team-demo-day',
        title: 'Demo Day',
        kind: 'presentation',
        tags: ['presentation', 'teamwork'],
        openDay: 81,
        dueDay: 81,
      },
    ],
    closed: false,
  },
];
