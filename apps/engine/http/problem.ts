import { HttpException } from '@nestjs/common';
import type { ErrorCode, ProofmarkError } from '#domain/errors.js';
import type { Diagnostic } from '#rules/diagnostic.js';

/** What is wrong with one field of a request. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** An error answer: RFC 9457 problem details; `type` tells programs which one it is. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance?: string;
  readonly errors?: readonly FieldError[];
  /** What is wrong with the rule, and where. */
  readonly diagnostics?: readonly Diagnostic[];
  /** The dead letter that keeps what was sent. */
  readonly letter?: string;
  /** Under which id the server's log has more about it. */
  readonly incident?: string;
}

/** Every kind of problem with its status and title; a closed list, so that clients can tell them apart. */
const KINDS = {
  'bad-request': [400, 'The request is not valid'],
  'bad-cursor': [400, 'The cursor is not one of this list'],
  'not-json': [400, 'The body is not JSON'],
  'too-many-events': [400, 'Too many events in one request'],
  unauthenticated: [401, 'Who are you?'],
  forbidden: [403, 'That is not for you to do'],
  'second-approver': [403, 'A second person has to approve that'],
  'cross-site': [403, 'Requests of other sites change nothing here'],
  'link-not-good': [403, 'The link is not good any more'],
  'not-found': [404, 'There is no such thing'],
  'method-not-allowed': [405, 'The method is not allowed here'],
  'not-here': [421, 'Another process of this system answers that'],
  conflict: [409, 'The state does not allow it'],
  'version-moved': [409, 'Another version is live'],
  'draft-moved': [409, 'The draft was saved in between'],
  'preview-moved': [409, 'It is not what the preview has shown'],
  'position-unknown': [409, 'The log has not come to that position'],
  misdirected: [421, 'This server does not answer under that name'],
  'too-large': [413, 'The body is too large'],
  'uri-too-long': [414, 'The address is too long'],
  'unsupported-media-type': [415, 'The media type is not supported'],
  'rule-invalid': [422, 'The rule cannot be published'],
  'case-impossible': [422, 'No example case can be made of it'],
  'too-costly': [422, 'It takes too much to find out'],
  'too-many-codes': [429, 'Too many codes that nobody has'],
  'too-many-requests': [429, 'Too many requests'],
  busy: [429, 'Too much of this is under way'],
  'internal-error': [500, 'Something went wrong here'],
  'format-not-offered': [501, 'The format is not offered'],
  'not-caught-up': [503, 'The read models have not come to that position'],
  'not-audited-yet': [503, 'No signed checkpoint covers it yet'],
  unavailable: [503, 'The engine cannot write for now'],
} as const satisfies Readonly<Record<string, readonly [number, string]>>;

/** The name of a kind of problem. */
export type ProblemKind = keyof typeof KINDS;

/** The URI that names a kind of problem. */
export const problemType = (kind: ProblemKind): string => `urn:proofmark:problem:${kind}`;

/** Statuses at which a client may try again, and after how many seconds. */
const RETRY_AFTER: Readonly<Partial<Record<ProblemKind, number>>> = { 'not-caught-up': 1, 'too-many-codes': 60, busy: 5, 'not-audited-yet': 60, unavailable: 5 };

/** Makes the details of a problem. */
export const problem = (kind: ProblemKind, detail: string, more: Pick<Problem, 'errors' | 'diagnostics' | 'letter' | 'incident'> = {}): Problem => {
  const [status, title] = KINDS[kind];
  return { type: problemType(kind), title, status, detail, ...more };
};

/** The value of Retry-After for a problem, seconds; undefined where trying again does not help. */
export const retryAfterOf = ({ type }: Problem): number | undefined =>
  Object.entries(RETRY_AFTER).find(([kind]) => problemType(kind as ProblemKind) === type)?.[1];

/** Ends a request with a problem. */
export class ProblemException extends HttpException {
  constructor(readonly problem: Problem) {
    super(problem, problem.status);
  }
}

/** A problem to throw. */
export const refuse = (...args: Parameters<typeof problem>): ProblemException => new ProblemException(problem(...args));

const OF_CODE: Readonly<Record<ErrorCode, ProblemKind>> = {
  AWARD_NOT_ACTIVE: 'conflict',
  AWARD_NOT_SUSPENDED: 'conflict',
  AWARD_UNKNOWN: 'not-found',
  CONCURRENT_CHANGE: 'unavailable',
  DRAFT_MOVED: 'draft-moved',
  KEYS_LOCKED: 'unavailable',
  NOT_CAUGHT_UP: 'not-caught-up',
  NOT_FOUND: 'not-found',
  RULE_MOVED: 'version-moved',
  SECOND_PERSON: 'second-approver',
  STORE_CORRUPT: 'unavailable',
  STORE_FAILED: 'unavailable',
  STORE_FULL: 'unavailable',
  STORE_LOCKED: 'unavailable',
  STORE_UNAVAILABLE: 'unavailable',
  STORE_CLOSED: 'unavailable',
  STORE_UNSUPPORTED: 'internal-error',
  UNKNOWN_EVENT_VERSION: 'internal-error',
  USAGE: 'internal-error',
};

/** The kind of problem that an error of Proofmark is to a client. */
export const kindOfError = ({ code }: ProofmarkError): ProblemKind => OF_CODE[code];

const OF_STATUS: Readonly<Record<number, ProblemKind>> = {
  404: 'not-found',
  405: 'method-not-allowed',
  409: 'conflict',
  413: 'too-large',
  414: 'uri-too-long',
  415: 'unsupported-media-type',
  503: 'unavailable',
};

/** The kind of problem behind a status that a framework gave. */
export const kindOfStatus = (status: number): ProblemKind => OF_STATUS[status] ?? (status < 500 ? 'bad-request' : 'internal-error');
