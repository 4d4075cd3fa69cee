import { ATTENDANCE_STATUSES, CORRECTION_TYPES, COURSE_FACT_TYPES, ENROLMENT_ROLES, LEARNER_FACT_TYPES } from '#domain/learning-event.js';
import { LIMITS, SOURCE } from '#intake/field-values.js';

const id = (description: string) => ({ type: 'string', minLength: 1, maxLength: LIMITS.id, description });
const points = (description: string) => ({ type: 'number', minimum: 0, maximum: LIMITS.points, description });
const time = (description: string) => ({ type: 'string', format: 'date-time', description });

const VALUES = {
  status: { type: 'string', enum: [...ATTENDANCE_STATUSES], description: 'Attendance: what was marked.' },
  role: { type: 'string', enum: [...ENROLMENT_ROLES], default: 'learner', description: 'Enrolled: as what.' },
  score: points('Points reached.'),
  max: points('Points that could be reached, more than 0.'),
  released: { type: 'boolean', default: true, description: 'AssignmentGraded: false while the learner may not see the mark, which then counts for nothing.' },
  kind: { type: 'string', maxLength: LIMITS.kind, description: "The class system's own grouping; of a LearnerFlagged what the mark is for, like \"misconduct\"." },
  tags: { type: 'array', maxItems: LIMITS.tags, items: { type: 'string', maxLength: LIMITS.tag } },
  weight: points("Its share of the course's mark."),
  due: time('When it is due; of an ExtensionGranted when it is due for this learner.'),
  submitted: time('AssignmentGraded: when the graded work was handed in.'),
  start: time("The course's first instant."),
  timezone: { type: 'string', description: 'IANA time zone of the course; of an Enrolled the learner\'s own.' },
  title: { type: 'string', maxLength: LIMITS.title },
  attributes: { type: 'object', additionalProperties: true, description: 'Whatever else the source says. Of an approval: `reason` and `evidence` (an address), which become part of the credential.' },
};

const EVENT = {
  type: 'object',
  required: ['id', 'source', 'type'],
  properties: {
    id: id("The source's own id: sending it again changes nothing."),
    source: { type: 'string', pattern: SOURCE.source, description: 'The class system that reports it.' },
    type: { type: 'string', enum: [...LEARNER_FACT_TYPES, ...COURSE_FACT_TYPES, ...CORRECTION_TYPES] },
    version: { type: 'integer', minimum: 0, description: 'Higher is newer; the time decides where it is absent.' },
    learner: id('Whose fact it is.'),
    course: id('The course.'),
    activity: id('Session, assignment or mission.'),
    occurrence: id('Which time of several: attempt number, date.'),
    badge: id('ApprovalGiven: the badge that may be awarded.'),
    approver: id('ApprovalGiven: who approves; each approver counts once. People who have signed in approve as themselves: their account id.'),
    time: time('When it happened.'),
    ...VALUES,
    target: id('Corrections: id of the corrected event.'),
    changes: { type: 'object', properties: { time: time('When it happened.'), ...VALUES }, description: 'FactReplaced: the new values.' },
  },
};

/** What may be sent to the intake. */
export const EVENTS_SCHEMA = {
  oneOf: [EVENT, { type: 'array', items: EVENT }, { type: 'object', required: ['events'], properties: { events: { type: 'array', items: EVENT } } }],
};

const graded = {
  id: 'grade-17', source: 'lms', type: 'AssignmentGraded', learner: 'ana', course: 'ts-101', activity: 'essay-1',
  time: '2026-03-05T10:00:00+09:00', score: 61, max: 100,
};

/** Events that can be tried as they are. */
export const EVENTS_EXAMPLES = {
  batch: {
    summary: 'A grade and an attendance mark',
    value: [graded, { id: 'att-3-ana', source: 'lms', type: 'AttendanceMarked', learner: 'ana', course: 'ts-101', activity: 'session-3', time: '2026-03-06T09:00:00+09:00', status: 'present' }],
  },
  correction: {
    summary: 'A correction of the grade',
    value: { id: 'grade-17-b', source: 'lms', type: 'FactReplaced', target: 'grade-17', learner: 'ana', time: '2026-03-07T09:00:00+09:00', changes: { score: 72 } },
  },
};
