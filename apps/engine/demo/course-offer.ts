import type { CoursePlan } from './courses.js';
import { MINUTE, TIMEZONE, type TermCalendar } from './term-calendar.js';
import { SOURCES, type Sent, type WireEvent } from './wire-event.js';

/** What a course offers over the term: its opening, sessions, assignments and missions, and its closing if it has one. */
export const courseOffer = (plan: CoursePlan, calendar: TermCalendar): readonly Sent[] => {
  const { at, iso } = calendar;
  const send = (time: number, event: Omit<WireEvent, 'course' | 'time'>): Sent => ({
    event: { ...event, course: plan.id, time: iso(time) },
    sentAt: time,
  });
  const source = SOURCES.lms;
  const opened = at(-14, 9);
  const { title } = plan;
  return [
    send(opened, { id: `open-${plan.id}`, source, type: 'CourseOpened', start: iso(at(0, 0)), timezone: TIMEZONE, title }),
    ...plan.assignments.map(({ id, dueDay, title, kind, weight, max }, i) =>
      send(opened + (i + 1) * MINUTE, {
        id: `publish-${id}`, source, type: 'AssignmentPublished', activity: id, title, kind, weight, max, due: iso(at(dueDay, 23, 59)),
      }),
    ),
    ...plan.missions.map(({ id, openDay, dueDay, title, kind, tags }) =>
      send(at(openDay, 8), {
        id: `publish-${id}`, source: SOURCES.missions, type: 'MissionPublished', activity: id, title, kind, tags, due: iso(at(dueDay, 23, 59)),
      }),
    ),
    ...plan.sessions.map(({ id, day, hour, title }) =>
      send(at(day, hour), { id: `held-${id}`, source: SOURCES.attendance, type: 'SessionHeld', activity: id, title }),
    ),
    ...(plan.closed ? [send(at(calendar.lastDay, 17), { id: `close-${plan.id}`, source, type: 'CourseClosed' })] : []),
  ];
};
