import { ValidateBy, ValidateIf, ValidateNested, type ValidationArguments } from 'class-validator';
import {
  ATTENDANCE_STATUSES,
  COURSE_FACT_TYPES,
  CORRECTION_TYPES,
  ENROLMENT_ROLES,
  isLearningEventType,
  LEARNER_FACT_TYPES,
  type AttendanceStatus,
  type EnrolmentRole,
  type LearningEventType,
} from '#domain/learning-event.js';
import { useOfField } from '#domain/event-fields.js';
import { isAttributes, isPoints, isTags, isText, isTimezone, LIMITS, SOURCE } from './field-values.js';
import { parseIsoTime } from '#domain/iso-time.js';

/** The name of the constraint on a field of an event: its one message goes before all others. */
export const FIELD = 'field';

const TYPES = [...LEARNER_FACT_TYPES, ...COURSE_FACT_TYPES, ...CORRECTION_TYPES];

/** What a value must be, in words, and whether it is. */
interface Check {
  readonly say: string;
  readonly holds: (value: unknown) => boolean;
}

const missing = (event: LearningEventDto, field: string): string | undefined => {
  const use = useOfField(event.type, field);
  if (use === 'required') return `$property: is required for ${event.type}`;
  const correction = event.type === 'FactReplaced' || event.type === 'FactRetracted';
  return correction && field === 'learner' && event.course === undefined
    ? `$property: is required for ${event.type} (or course, where a fact of the course is corrected)`
    : undefined;
};

const problemOf = (event: LearningEventDto, field: string, value: unknown, { say, holds }: Check): string | undefined => {
  if (value === undefined) return missing(event, field);
  if (useOfField(event.type, field) === 'unused') return `$property: is not a field of ${event.type}`;
  return holds(value) ? undefined : `$property: ${say}`;
};

/**
 * Which fields an event must and may have depends on its type; one that it has must pass the check. All of that in one
 * constraint, since each of them costs time for every event, whether it has the field or not.
 */
const Field = (check: Check): PropertyDecorator => (target, property) => {
  const field = String(property);
  ValidateIf((event: LearningEventDto, value) => value !== undefined || missing(event, field) !== undefined)(target, property);
  const problem = (args: ValidationArguments | undefined): string | undefined =>
    args && problemOf(args.object as LearningEventDto, field, args.value, check);
  ValidateBy({
    name: FIELD,
    validator: { validate: (_value, args) => problem(args) === undefined, defaultMessage: (args) => problem(args) ?? '' },
  })(target, property);
};

const Must = ({ say, holds }: Check): PropertyDecorator =>
  ValidateBy({ name: 'must', validator: { validate: holds, defaultMessage: () => `$property: ${say}` } });

/** A new value of a correction must pass the check. */
const Changed = (check: Check): PropertyDecorator => (target, property) => {
  ValidateIf((_values, value) => value !== undefined)(target, property);
  Must(check)(target, property);
};

const text = (limit: number): Check => ({
  say: `must be text of 1 to ${limit} characters, without control characters or spaces around it`,
  holds: (value) => isText(value, limit),
});
const points = (what: string): Check => ({ say: `must be ${what}, 0 or more (up to ${LIMITS.points})`, holds: isPoints });
const oneOf = (values: readonly string[]): Check => ({
  say: `must be one of ${values.join(', ')}`,
  holds: (value) => typeof value === 'string' && values.includes(value),
});

const ID = text(LIMITS.id);
const NAME_OF_SOURCE: Check = {
  say: 'must be 1 to 64 letters, digits, dots, hyphens or underscores',
  holds: (value) => typeof value === 'string' && SOURCE.test(value),
};
const VERSION: Check = {
  say: 'must be a whole number, 0 or more',
  holds: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
};
const TIME: Check = {
  say: 'must be an ISO 8601 time with its offset ("2026-03-01T09:00:00+01:00") or a date ("2026-03-01", UTC midnight)',
  holds: (value) => parseIsoTime(value) !== undefined,
};
const STATUS = oneOf(ATTENDANCE_STATUSES);
const ROLE = oneOf(ENROLMENT_ROLES);
const SCORE = points('a number of points');
const MAX: Check = {
  say: `must be a number of points, more than 0 (up to ${LIMITS.points})`,
  holds: (value) => isPoints(value) && value > 0,
};
const YES_OR_NO: Check = { say: 'must be true or false', holds: (value) => typeof value === 'boolean' };
const KIND = text(LIMITS.kind);
const TAGS: Check = { say: `must be a list of at most ${LIMITS.tags} texts of 1 to ${LIMITS.tag} characters`, holds: isTags };
const WEIGHT = points('a number');
const TIMEZONE: Check = { say: 'must be an IANA time zone, like "Europe/Berlin"', holds: isTimezone };
const TITLE = text(LIMITS.title);
const ATTRIBUTES: Check = {
  say: `must be an object of at most ${LIMITS.attributes} members, each a text (up to ${LIMITS.attributeText} characters), a number or a boolean`,
  holds: isAttributes,
};

/** The new values of a FactReplaced, as they come over the wire. */
export class ChangesDto {
  @Changed(TIME) time?: string;
  @Changed(STATUS) status?: AttendanceStatus;
  @Changed(ROLE) role?: EnrolmentRole;
  @Changed(SCORE) score?: number;
  @Changed(MAX) max?: number;
  @Changed(YES_OR_NO) released?: boolean;
  @Changed(KIND) kind?: string;
  @Changed(TAGS) tags?: string[];
  @Changed(WEIGHT) weight?: number;
  @Changed(TIME) due?: string;
  @Changed(TIME) submitted?: string;
  @Changed(TIME) start?: string;
  @Changed(TIMEZONE) timezone?: string;
  @Changed(TITLE) title?: string;
  @Changed(ATTRIBUTES) attributes?: Record<string, string | number | boolean>;
}

const CHANGES: Check = { say: 'must be an object with at least one new value', holds: (value) => value instanceof ChangesDto };

/** A learning event as it comes over the wire: JSON, times in ISO 8601. */
export class LearningEventDto {
  @Field(ID) id!: string;
  @Field(NAME_OF_SOURCE) source!: string;
  @Must({ say: `must be one of ${TYPES.join(', ')}`, holds: (value) => typeof value === 'string' && isLearningEventType(value) })
  type!: LearningEventType;
  @Field(VERSION) version?: number;
  @Field(ID) learner?: string;
  @Field(ID) course?: string;
  @Field(ID) activity?: string;
  @Field(ID) badge?: string;
  @Field(ID) occurrence?: string;
  @Field(ID) approver?: string;
  @Field(TIME) time?: string;
  @Field(STATUS) status?: AttendanceStatus;
  @Field(ROLE) role?: EnrolmentRole;
  @Field(SCORE) score?: number;
  @Field(MAX) max?: number;
  @Field(YES_OR_NO) released?: boolean;
  @Field(KIND) kind?: string;
  @Field(TAGS) tags?: string[];
  @Field(WEIGHT) weight?: number;
  @Field(TIME) due?: string;
  @Field(TIME) submitted?: string;
  @Field(TIME) start?: string;
  @Field(TIMEZONE) timezone?: string;
  @Field(TITLE) title?: string;
  @Field(ATTRIBUTES) attributes?: Record<string, string | number | boolean>;
  @Field(ID) target?: string;
  @Field(CHANGES) @ValidateNested() changes?: ChangesDto;
}
