import type { FactValues, LearningEventType } from './learning-event.js';

/** Every field of the wire format, in the order in which a canonical event holds them after its type. */
export const EVENT_FIELDS = [
  'id',
  'source',
  'version',
  'learner',
  'course',
  'activity',
  'badge',
  'occurrence',
  'approver',
  'time',
  'status',
  'role',
  'score',
  'max',
  'released',
  'kind',
  'tags',
  'weight',
  'due',
  'submitted',
  'start',
  'timezone',
  'title',
  'attributes',
  'target',
  'changes',
] as const;
export type EventField = (typeof EVENT_FIELDS)[number];

/**
 * Under which name the canonical event holds a field. An approval is about a badge and there is one for each approver,
 * as a mark is about an activity and there is one for each occurrence.
 */
export const keptAs = (field: string): string => (field === 'badge' ? 'activity' : field === 'approver' ? 'occurrence' : field);

/** The fields that a FactReplaced may change, in canonical order. */
export const CHANGE_FIELDS = [
  'time',
  'status',
  'role',
  'score',
  'max',
  'released',
  'kind',
  'tags',
  'weight',
  'due',
  'submitted',
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
  Enrolled: fields([...LEARNER], ['occurrence', 'role', 'kind', 'tags', 'timezone', 'attributes']),
  Withdrawn: fields([...LEARNER], ['occurrence', 'kind', 'tags', 'attributes']),
  AttendanceMarked: fields([...LEARNER, 'activity', 'status'], DESCRIBED),
  AssignmentSubmitted: fields([...LEARNER, 'activity'], [...DESCRIBED, 'max', 'weight', 'due']),
  AssignmentGraded: fields([...LEARNER, 'activity', 'score', 'max'], [...DESCRIBED, 'released', 'weight', 'due', 'submitted']),
  MissionStarted: fields([...LEARNER, 'activity'], [...DESCRIBED, 'due']),
  MissionCompleted: fields([...LEARNER, 'activity'], [...DESCRIBED, 'due']),
  ExtensionGranted: fields([...LEARNER, 'activity', 'due'], DESCRIBED),
  LearnerFlagged: fields([...LEARNER, 'kind'], ['activity', 'occurrence', 'attributes']),
  ApprovalGiven: fields([...LEARNER, 'badge', 'approver'], ['attributes']),
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
