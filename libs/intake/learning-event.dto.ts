import {
  IsIn,
  IsInstance,
  IsInt,
  Max,
  Min,
  ValidateBy,
  ValidateIf,
  ValidateNested,
  type ValidationArguments,
} from 'class-validator';
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
import { useOfField } from './event-fields.js';
import { isAttributes, isId, isPoints, isTags, isText, isTimezone, LIMITS, SOURCE } from './field-values.js';
import { parseIsoTime } from './iso-time.js';

/** The name of the constraint that says whether a field belongs to its event's type; its message goes before all others. */
export const OF_TYPE = 'ofType';

const TYPES = [...LEARNER_FACT_TYPES, ...COURSE_FACT_TYPES, ...CORRECTION_TYPES];

/** A field must pass the check; where it does not, `say` tells what it must be. */
const Must = (say: string, check: (value: unknown) => boolean): PropertyDecorator =>
  ValidateBy({ name: 'must', validator: { validate: check, defaultMessage: () => `$property: ${say}` } });

const missing = (event: LearningEventDto, field: string): string | undefined => {
  const use = useOfField(event.type, field);
  if (use === 'required') return `$property: is required for ${event.type}`;
  const correction = event.type === 'FactReplaced' || event.type === 'FactRetracted';
  return correction && field === 'learner' && event.course === undefined
    ? `$property: is required for ${event.type} (or course, where a fact of the course is corrected)`
    : undefined;
};

const misuse = (event: LearningEventDto, field: string, value: unknown): string | undefined => {
  if (value === undefined) return missing(event, field);
  return useOfField(event.type, field) === 'unused' ? `$property: is not a field of ${event.type}` : undefined;
};

/** Which fields an event must and may have depends on its type. */
const OfType = (): PropertyDecorator => (target, property) => {
  const field = String(property);
  ValidateIf((event: LearningEventDto, value) => value !== undefined || missing(event, field) !== undefined)(target, property);
  const problem = (args: ValidationArguments | undefined): string | undefined =>
    args && misuse(args.object as LearningEventDto, field, args.value);
  ValidateBy({
    name: OF_TYPE,
    validator: { validate: (_value, args) => !problem(args), defaultMessage: (args) => problem(args) ?? '' },
  })(target, property);
};

const Given = (): PropertyDecorator => ValidateIf((_values, value) => value !== undefined);

const MustBeId = (): PropertyDecorator =>
  Must(`must be text of 1 to ${LIMITS.id} characters, without control characters or spaces around it`, isId);
const MustBeText = (limit: number): PropertyDecorator =>
  Must(`must be text of 1 to ${limit} characters, without control characters or spaces around it`, (value) => isText(value, limit));
const MustBeTime = (): PropertyDecorator =>
  Must(
    'must be an ISO 8601 time with its offset ("2026-03-01T09:00:00+01:00") or a date ("2026-03-01", UTC midnight)',
    (value) => parseIsoTime(value) !== undefined,
  );
const MustBePoints = (what: string): PropertyDecorator => Must(`must be ${what}, 0 or more (up to ${LIMITS.points})`, isPoints);

const STATUS = { message: `status: must be one of ${ATTENDANCE_STATUSES.join(', ')}` };
const ROLE = { message: `role: must be one of ${ENROLMENT_ROLES.join(', ')}` };
const VERSION = { message: 'version: must be a whole number, 0 or more' };

const MustBeStatus = (): PropertyDecorator => IsIn(ATTENDANCE_STATUSES, STATUS);
const MustBeRole = (): PropertyDecorator => IsIn(ENROLMENT_ROLES, ROLE);
const MustBeScore = (): PropertyDecorator => MustBePoints('a number of points');
const MustBeMax = (): PropertyDecorator =>
  Must(`must be a number of points, more than 0 (up to ${LIMITS.points})`, (value) => isPoints(value) && value > 0);
const MustBeYesOrNo = (): PropertyDecorator => Must('must be true or false', (value) => typeof value === 'boolean');
const MustBeTags = (): PropertyDecorator =>
  Must(`must be a list of at most ${LIMITS.tags} texts of 1 to ${LIMITS.tag} characters`, isTags);
const MustBeWeight = (): PropertyDecorator => MustBePoints('a number');
const MustBeTimezone = (): PropertyDecorator => Must('must be an IANA time zone, like "Europe/Berlin"', isTimezone);
const MustBeAttributes = (): PropertyDecorator =>
  Must(
    `must be an object of at most ${LIMITS.attributes} members, each a text (up to ${LIMITS.attributeText} characters), a number or a boolean`,
    isAttributes,
  );

/** The new values of a FactReplaced, as they come over the wire. */
export class ChangesDto {
  @Given() @MustBeTime() time?: string;
  @Given() @MustBeStatus() status?: AttendanceStatus;
  @Given() @MustBeRole() role?: EnrolmentRole;
  @Given() @MustBeScore() score?: number;
  @Given() @MustBeMax() max?: number;
  @Given() @MustBeYesOrNo() released?: boolean;
  @Given() @MustBeText(LIMITS.kind) kind?: string;
  @Given() @MustBeTags() tags?: string[];
  @Given() @MustBeWeight() weight?: number;
  @Given() @MustBeTime() due?: string;
  @Given() @MustBeTime() submitted?: string;
  @Given() @MustBeTime() start?: string;
  @Given() @MustBeTimezone() timezone?: string;
  @Given() @MustBeText(LIMITS.title) title?: string;
  @Given() @MustBeAttributes() attributes?: Record<string, string | number | boolean>;
}

/** A learning event as it comes over the wire: JSON, times in ISO 8601. */
export class LearningEventDto {
  @OfType() @MustBeId() id!: string;

  @OfType()
  @Must('must be 1 to 64 letters, digits, dots, hyphens or underscores', (value) => typeof value === 'string' && SOURCE.test(value))
  source!: string;

  @Must(`must be one of ${TYPES.join(', ')}`, (value) => typeof value === 'string' && isLearningEventType(value))
  type!: LearningEventType;

  @OfType() @IsInt(VERSION) @Min(0, VERSION) @Max(Number.MAX_SAFE_INTEGER, VERSION) version?: number;
  @OfType() @MustBeId() learner?: string;
  @OfType() @MustBeId() course?: string;
  @OfType() @MustBeId() activity?: string;
  @OfType() @MustBeId() badge?: string;
  @OfType() @MustBeId() occurrence?: string;
  @OfType() @MustBeId() approver?: string;
  @OfType() @MustBeTime() time?: string;
  @OfType() @MustBeStatus() status?: AttendanceStatus;
  @OfType() @MustBeRole() role?: EnrolmentRole;
  @OfType() @MustBeScore() score?: number;
  @OfType() @MustBeMax() max?: number;
  @OfType() @MustBeYesOrNo() released?: boolean;
  @OfType() @MustBeText(LIMITS.kind) kind?: string;
  @OfType() @MustBeTags() tags?: string[];
  @OfType() @MustBeWeight() weight?: number;
  @OfType() @MustBeTime() due?: string;
  @OfType() @MustBeTime() submitted?: string;
  @OfType() @MustBeTime() start?: string;
  @OfType() @MustBeTimezone() timezone?: string;
  @OfType() @MustBeText(LIMITS.title) title?: string;
  @OfType() @MustBeAttributes() attributes?: Record<string, string | number | boolean>;
  @OfType() @MustBeId() target?: string;

  @OfType()
  @IsInstance(ChangesDto, { message: 'changes: must be an object with at least one new value' })
  @ValidateNested()
  changes?: ChangesDto;
}
