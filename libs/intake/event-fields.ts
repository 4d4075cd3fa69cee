import type { FactValues, LearningEventType } from '#domain/learning-event.js';

/** Every field of the wire format, in the order in which a canonical event holds them after its type. */
export const EVENT_FIELDS = [
  'id',
  'source',
  'version',
  'learner',
  'course',
  'activity',
  'occurrence',
  'time',
  'status',
  'score',
  'max',
  'kind',
  'tags',
  'weight',
  'due',
  'start',
  'timezone',
  'title',
  'attributes',
  'target',
  'changes',
] as const;
export type EventField = (typeof EVENT_FIELDS)[number];

/** The fields that a FactReplaced may change, in canonical order. */
export const CHANGE_FIELDS = [
  'time',
  'status',
  'score',
  'max',
  'kind',
  'tags',
  'weight',
  'due',
  'start',
  'timezone',
  'title',
  'attributes',
] as const satisfies readonly (keyof FactValues | 'time')[];

interface FieldsOfType {
  readonly required: readonly EventField[];
  readonly optional: readonly EventField[];
}

const fields = (required: readonly EventField[], optional: readonly EventField[] = []): FieldsOfType => ({
  required: ['id', 'source', ...required],
  optional: ['version', ...optional],
});

const LEARNER = ['learner', 'course', 'time'] as const;
const DESCRIBED = ['occurrence', 'kind', 'tags', 'title', 'attributes'] as const;
const COURSE = ['course', 'time'] as const;

const FIELDS_OF_TYPE: Readonly<Record<LearningEventType, FieldsOfType>> = {
  Enrolled: fields([...LEARNER], ['occurrence', 'kind', 'tags', 'attributes']),
  Withdrawn: fields([...LEARNER], ['occurrence', 'kind', 'tags', 'attributes']),
  AttendanceMarked: fields([...LEARNER, 'activity', 'status'], DESCRIBED),
  AssignmentSubmitted: fields([...LEARNER, 'activity'], [...DESCRIBED, 'max', 'weight', 'due']),
  AssignmentGraded: fields([...LEARNER, 'activity', 'score', 'max'], [...DESCRIBED, 'weight', 'due']),
  MissionStarted: fields([...LEARNER, 'activity'], [...DESCRIBED, 'due']),
  MissionCompleted: fields([...LEARNER, 'activity'], [...DESCRIBED, 'due']),
  CourseOpened: fields([...COURSE], ['start', 'timezone', 'title', 'kind', 'tags', 'attributes']),
  SessionHeld: fields([...COURSE, 'activity'], DESCRIBED),
  AssignmentPublished: fields([...COURSE, 'activity'], [...DESCRIBED, 'max', 'weight', 'due']),
  MissionPublished: fields([...COURSE, 'activity'], [...DESCRIBED, 'due']),
  CourseClosed: fields([...COURSE], ['title', 'kind', 'tags', 'attributes']),
  // Corrections also need a learner or a course: whose fact it is.
  FactReplaced: fields(['target', 'changes'], ['learner', 'course', 'time']),
  FactRetracted: fields(['target'], ['learner', 'course', 'time']),
};

type Use = 'required' | 'optional' | 'unused';

const USES: ReadonlyMap<string, ReadonlyMap<string, Use>> = new Map(
  Object.entries(FIELDS_OF_TYPE).map(([type, { required, optional }]) => [
    type,
    new Map<string, Use>([
      ...optional.map((field) => [field, 'optional'] as const),
      ...required.map((field) => [field, 'required'] as const),
    ]),
  ]),
);

/** How events of a type use a field; 'optional' for a type that does not exist, which is an error of its own. */
export const useOfField = (type: unknown, field: string): Use => {
  const uses = typeof type === 'string' ? USES.get(type) : undefined;
  return uses ? (uses.get(field) ?? 'unused') : 'optional';
};
