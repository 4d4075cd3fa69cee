import type { AwardEvent } from './award.js';
import type { DeadLetterEvent } from './dead-letter.js';
import { ProofmarkError } from './errors.js';
import type { LearningEvent } from './learning-event.js';
import type { RuleEvent } from './rule-event.js';

/**
 * The log's own clock for a course: the instant at which something closes was reached. Deciders order by the log,
 * never by the wall clock, so that a replay decides as the live run did.
 */
export interface ClosingTimeReached {
  readonly type: 'ClosingTimeReached';
  readonly course: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Everything that can stand in the log. */
export type LogEvent = LearningEvent | ClosingTimeReached | RuleEvent | AwardEvent | DeadLetterEvent;
export type LogEventType = LogEvent['type'];

type Upcaster = (data: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;

/**
 * For each event type, how to read each of its past schema versions: entry n turns version n + 1 into n + 2.
 * The current version is the list's length + 1. To change a stored shape: append an upcaster, add a golden file.
 */
const UPCASTERS: Readonly<Record<LogEventType, readonly Upcaster[]>> = {
  Enrolled: [],
  Withdrawn: [],
  AttendanceMarked: [],
  AssignmentSubmitted: [],
  AssignmentGraded: [],
  MissionStarted: [],
  MissionCompleted: [],
  ExtensionGranted: [],
  LearnerFlagged: [],
  ApprovalGiven: [],
  CourseOpened: [],
  SessionHeld: [],
  AssignmentPublished: [],
  MissionPublished: [],
  CourseClosed: [],
  FactReplaced: [],
  FactRetracted: [],
  ClosingTimeReached: [],
  RulePublished: [],
  BadgeAwarded: [],
  AwardAmended: [],
  AwardKept: [],
  AwardSuspended: [],
  AwardReinstated: [],
  AwardRevoked: [],
  DeliveryRejected: [],
  DeliveryReplayed: [],
};

type UpcasterTable = Readonly<Record<string, readonly Upcaster[]>>;

/** The schema version that events of a type are written with now. */
export const schemaVersion = (type: LogEventType): number => UPCASTERS[type].length + 1;

/**
 * Reads a stored event in its current shape.
 * @throws ProofmarkError UNKNOWN_EVENT_VERSION for a type or version that this program does not know: the reader
 * must stop there, since skipping it would silently lose what it says.
 */
export const readLogEvent = (
  type: string,
  schema: number,
  json: string,
  upcasters: UpcasterTable = UPCASTERS,
): LogEvent => {
  const steps = Object.hasOwn(upcasters, type) ? upcasters[type] : undefined;
  if (!steps || !Number.isInteger(schema) || schema > steps.length + 1 || schema < 1) {
    throw new ProofmarkError(
      'UNKNOWN_EVENT_VERSION',
      `The log holds an event "${type}" of schema version ${schema}, which this version of Proofmark cannot read` +
        `${steps ? ` (it knows up to ${steps.length + 1})` : ''}. Start the newer version that wrote it.`,
    );
  }
  let data = JSON.parse(json) as Record<string, unknown>;
  for (let version = schema; version <= steps.length; version++) {
    const step = steps[version - 1];
    if (step) data = { ...step(data) };
  }
  data['type'] = type;
  return data as unknown as LogEvent;
};

/**
 * The JSON text under which an event is stored; its type and schema version stand beside it. An event whose first key
 * is `type` (what intake builds) is not copied to leave that out: this is on the path of every event.
 */
export const writeLogEvent = (event: LogEvent): string => {
  const text = JSON.stringify(event);
  const lead = `{"type":"${event.type}",`;
  if (text.startsWith(lead)) return `{${text.slice(lead.length)}`;
  const { type: _type, ...data } = event;
  return JSON.stringify(data);
};
