import type { AccountEvent } from './account.js';
import type { ActionTaken } from './action-event.js';
import type { ApiKeyEvent } from './api-key.js';
import type { AwardEvent } from './award.js';
import type { CollectionEvent } from './collection.js';
import type { ConsentEvent } from './consent.js';
import type { CredentialEvent, StatusEntriesAssigned } from './credential-event.js';
import type { DeadLetterEvent } from './dead-letter.js';
import type { EngagementEvent } from './engagement-event.js';
import type { ErasureEvent } from './erasure-event.js';
import { ProofmarkError } from './errors.js';
import type { IssuerEvent } from './issuer-event.js';
import type { LearningEvent } from './learning-event.js';
import type { RuleEvent } from './rule-event.js';

/**
 * The log's own clock for a course: an instant at which a rule decides, or time alone changes a verdict, was reached. Deciders order by the log,
 * never by the wall clock, so that a replay decides as the live run did.
 */
export interface ClosingTimeReached {
  readonly type: 'ClosingTimeReached';
  readonly course: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/**
 * The value that a cohort had to reach was settled: everybody in it was ranked once, when their course was over. Who
 * comes later, or is corrected, is held against the same value.
 */
export interface CohortRanked {
  readonly type: 'CohortRanked';
  readonly course: string;
  /** Which criterion ranked them, a hash of its text: equal criteria share a cohort. */
  readonly cohort: string;
  /** When the course was over, epoch milliseconds. */
  readonly at: number;
  /** How many were ranked. */
  readonly size: number;
  /** The value that is needed; null where nobody was ranked. */
  readonly cutoff: number | null;
}

/** Everything that can stand in the log. */
export type LogEvent = LearningEvent | ClosingTimeReached | CohortRanked | RuleEvent | AwardEvent | DeadLetterEvent
  | IssuerEvent | CredentialEvent | StatusEntriesAssigned | EngagementEvent | ConsentEvent | CollectionEvent | ErasureEvent
  | ApiKeyEvent | AccountEvent | ActionTaken;
export type LogEventType = LogEvent['type'];

type Upcaster = (data: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;

interface EarlyCriterion {
  readonly parts?: readonly EarlyCriterion[];
  readonly leaf?: { readonly keyword: string; readonly select: unknown; readonly settings: object };
}

/** Criteria named one selector each; a mean counted every attempt. */
const manySelectors = (criterion: EarlyCriterion): object => {
  const { leaf, parts } = criterion;
  if (parts) return { ...criterion, parts: parts.map(manySelectors) };
  if (!leaf) return criterion;
  const { keyword, select, settings } = leaf;
  return { leaf: { keyword, selects: [select], settings: keyword === 'mean' ? { ...settings, attempt: 'each' } : settings } };
};

/** Version 2: a leaf may select in several ways, and a rule carries the badge's design. */
const ruleWithDesign: Upcaster = (data) => {
  const document = data['document'] as { readonly criteria?: EarlyCriterion };
  const criteria = document.criteria && { criteria: manySelectors(document.criteria) };
  return { ...data, document: { ...document, ...criteria, design: {} } };
};

/** Version 2: what was sent is sealed. */
const contentApart: Upcaster = ({ raw, encoding, ...rest }) => ({ ...rest, content: { kept: 'plain', raw, encoding } });

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
  CohortRanked: [],
  RulePublished: [ruleWithDesign],
  RuleRetired: [],
  RuleProposed: [],
  RetirementProposed: [],
  ProposalRejected: [],
  RuleDraftSaved: [],
  RuleDraftDiscarded: [],
  BadgeAwarded: [],
  AwardAmended: [],
  AwardRenewed: [],
  AwardExpired: [],
  AwardKept: [],
  AwardSuspended: [],
  AwardReinstated: [],
  AwardRevoked: [],
  IssuerProfilePublished: [],
  IssuerKeyAdded: [],
  IssuerKeyCompromised: [],
  ReissueRequested: [],
  StatusEntriesAssigned: [],
  CredentialIssued: [],
  CredentialRenewed: [],
  CredentialSuspended: [],
  CredentialReinstated: [],
  CredentialRevoked: [],
  CredentialViewed: [],
  CredentialVerified: [],
  CredentialShared: [],
  DeliveryRejected: [contentApart],
  DeliveryReplayed: [],
  ApiKeyIssued: [],
  ApiKeyRotated: [],
  ApiKeyRevoked: [],
  AccountOpened: [],
  AccountRolesChanged: [],
  AccountClosed: [],
  SessionsEnded: [],
  ActionTaken: [],
  LetterShredded: [],
  ConsentGiven: [],
  ConsentWithdrawn: [],
  CollectionShared: [],
  CollectionChanged: [],
  CollectionWithdrawn: [],
  LearnerErased: [],
  LearnerErasureCompleted: [],
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
