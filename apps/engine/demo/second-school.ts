import type { WireEvent } from './wire-event.js';

/** The tenant of the demo's second school, and where its rules are below the demo's own. */
export const SECOND_SCHOOL = 'saebyeok';

const COURSE = 'maker-evenings';
const [EVENINGS, LEARNERS, DAY_MS] = [8, 12, 86_400_000];
const BUILDS = ['lamp', 'radio'] as const;

const seoul = (day: string, plusDays: number, hour: string): string => `${new Date(Date.parse(day) + plusDays * DAY_MS).toISOString().slice(0, 10)}T${hour}:00+09:00`;

/**
 * Eight workshop evenings of a small school, the last one on the day given. Who comes and who builds follows from their number, so that
 * some earn the badge, some come close, and some give up.
 */
export const secondSchoolEvents = (lastDay: string): readonly WireEvent[] => {
  const at = (evening: number, hour: string): string => seoul(lastDay, (evening - EVENINGS) * 7, hour);
  const course = { source: 'maker-desk', course: COURSE };
  const events: WireEvent[] = [{ ...course, id: 'open', type: 'CourseOpened', title: 'Maker Evenings', timezone: 'Asia/Seoul', start: at(1, '00:00'), time: at(1, '00:00') }];
  for (let evening = 1; evening <= EVENINGS; evening++) events.push({ ...course, id: `held-${evening}`, type: 'SessionHeld', activity: `eve-${evening}`, time: at(evening, '19:00') });
  for (let n = 1; n <= LEARNERS; n++) {
    const learner = `sb-${String(n).padStart(4, '0')}`;
    events.push({ ...course, id: `${learner}-in`, type: 'Enrolled', learner, time: at(1, '09:00') });
    const comes = n % 4 === 0 ? 3 : n % 3 === 0 ? 6 : EVENINGS;
    for (let evening = 1; evening <= EVENINGS; evening++) {
      const status = evening <= comes ? ((n + evening) % 9 === 0 ? 'late' : 'present') : 'absent';
      events.push({ ...course, id: `${learner}-${evening}`, type: 'AttendanceMarked', learner, activity: `eve-${evening}`, status, time: at(evening, '19:10') });
    }
    BUILDS.slice(0, n % 5 === 0 ? 1 : 2).forEach((build, i) => {
      if (comes > 3) events.push({ ...course, id: `${learner}-${build}`, type: 'MissionCompleted', learner, activity: build, tags: ['build'], time: at(4 + i * 2, '21:00') });
    });
  }
  return events;
};
