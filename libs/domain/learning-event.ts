/** Types of events that set a fact about a learner. */
export const LEARNER_FACT_TYPES = [
  'Enrolled',
  'Withdrawn',
  'AttendanceMarked',
  'AssignmentSubmitted',
  'AssignmentGraded',
  'MissionStarted',
  'MissionCompleted',
  'ExtensionGranted',
  'LearnerFlagged',
  'ApprovalGiven',
] as const;
export type LearnerFactType = (typeof LEARNER_FACT_TYPES)[number];

/** Types of events that set a fact about a course: what it offers, and so every denominator. */
export const COURSE_FACT_TYPES = [
  'CourseOpened',
  'SessionHeld',
  'AssignmentPublished',
  'MissionPublished',
  'CourseClosed',
] as const;
export type CourseFactType = (typeof COURSE_FACT_TYPES)[number];

export const CORRECTION_TYPES = ['FactReplaced', 'FactRetracted'] as const;
export type CorrectionType = (typeof CORRECTION_TYPES)[number];

export type LearningEventType = LearnerFactType | CourseFactType | CorrectionType;

export const ATTENDANCE_STATUSES = ['present', 'late', 'excused', 'absent'] as const;
export type AttendanceStatus = (typeof ATTENDANCE_STATUSES)[number];

/** What somebody is in a course; a learner where an enrolment does not say. */
export const ENROLMENT_ROLES = ['learner', 'staff'] as const;
export type EnrolmentRole = (typeof ENROLMENT_ROLES)[number];

/** What a fact says, apart from who, where and when; every field is optional, its type decides which are used. */
export interface FactValues {
  /** Attendance: what was marked. */
  readonly status?: AttendanceStatus;
  /** Enrolment: as what; learner where absent. */
  readonly role?: EnrolmentRole;
  /** Assignment: points reached. */
  readonly score?: number;
  /** Assignment: points that could be reached, more than 0. */
  readonly max?: number;
  /** Grade: false while the learner may not see the mark, which then counts for nothing; released where absent. */
  readonly released?: boolean;
  /** Assignment or mission: the class system's own grouping ("TMA", "quiz"). Flag: what the mark is for ("misconduct"). */
  readonly kind?: string;
  readonly tags?: readonly string[];
  /** Assignment: its share of the course's mark. */
  readonly weight?: number;
  /** Assignment or mission: when it is due, epoch milliseconds. Extension: when it is due for this learner. */
  readonly due?: number;
  /** Grade: when the graded work was handed in, epoch milliseconds. */
  readonly submitted?: number;
  /** Course: its first instant, epoch milliseconds; the event's time where absent. */
  readonly start?: number;
  /** Course: IANA time zone of its days and weeks; UTC where absent. Enrolment: the learner's own time zone. */
  readonly timezone?: string;
  /** Course, session, assignment, mission: the name people see. */
  readonly title?: string;
  /** Whatever else the source says, kept with the fact. */
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
}

interface Identified {
  /** The id that the source gave; (tenant, source, id) is the fact's identity and the idempotency key. */
  readonly id: string;
  /** The class system that reports it. */
  readonly source: string;
  /** A sequence that the source gives; higher is newer. Where absent the event time decides. */
  readonly version?: number;
}

interface Occurred extends Identified, FactValues {
  readonly course: string;
  /** Event time: when it happened, epoch milliseconds. */
  readonly time: number;
  /** Session, assignment or mission that it is about; of an approval the badge. */
  readonly activity?: string;
  /** Which time of several (attempt number, date), of an approval who gave it; part of the subject. */
  readonly occurrence?: string;
}

/** A learning event that sets a fact about a learner. */
export interface LearnerFactEvent extends Occurred {
  readonly type: LearnerFactType;
  readonly learner: string;
}

/** A learning event that sets a fact about a course. */
export interface CourseFactEvent extends Occurred {
  readonly type: CourseFactType;
}

/** Replaces values of a fact, or retracts it; may arrive before the event that it corrects. */
export interface CorrectionEvent extends Identified {
  readonly type: CorrectionType;
  /** The source's id of the corrected event. */
  readonly target: string;
  /** Whose fact it is; absent where a course fact is corrected. */
  readonly learner?: string;
  readonly course?: string;
  /** When the source corrected it, epoch milliseconds. */
  readonly time?: number;
  /** FactReplaced: the new values; fields that are absent stay as they were. */
  readonly changes?: FactValues & { readonly time?: number };
}

/** A validated delivery: sets, replaces or retracts one fact. */
export type LearningEvent = LearnerFactEvent | CourseFactEvent | CorrectionEvent;

/** The identity of a fact within its tenant; sources hold no slash. */
export const factId = (source: string, id: string): string => `${source}/${id}`;

const CORRECTIONS: ReadonlySet<string> = new Set(CORRECTION_TYPES);
const COURSE_FACTS: ReadonlySet<string> = new Set(COURSE_FACT_TYPES);
const LEARNER_FACTS: ReadonlySet<string> = new Set(LEARNER_FACT_TYPES);

export const isCorrection = (event: LearningEvent): event is CorrectionEvent =>
  event.type === 'FactReplaced' || event.type === 'FactRetracted'; // for each event: faster than a look-up

/** True for the name of an event type that sets, replaces or retracts a fact. */
export const isLearningEventType = (type: string): type is LearningEventType =>
  LEARNER_FACTS.has(type) || COURSE_FACTS.has(type) || CORRECTIONS.has(type);

export const isCourseFactType = (type: string): type is CourseFactType => COURSE_FACTS.has(type);
