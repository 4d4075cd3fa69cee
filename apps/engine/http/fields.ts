import { Injectable, type PipeTransform } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, type TransformFnParams } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, Max, Min, ValidateBy, ValidateIf } from 'class-validator';
import { isId, LIMITS } from '#intake/field-values.js';
import { parseIsoTime } from '#domain/iso-time.js';
import { refuse } from './problem.js';

const all = (...decorators: readonly PropertyDecorator[]): PropertyDecorator => (target, property) => {
  for (const decorate of decorators) decorate(target, property);
};

const Must = (name: string, say: string, check: (value: unknown) => boolean): PropertyDecorator =>
  ValidateBy({ name, validator: { validate: check, defaultMessage: () => `$property ${say}` } });

// Not IsOptional, which lets null through as well.
const Given = (): PropertyDecorator => ValidateIf((_query, value) => value !== undefined);

/** An optional id to filter by. */
export const OptionalId = (description: string): PropertyDecorator =>
  all(ApiPropertyOptional({ description, type: String, maxLength: LIMITS.id }), Given(), Must('id', `must be an id of 1 to ${LIMITS.id} characters, given once`, isId));

/** An id that must be given. */
export const Id = (description: string): PropertyDecorator =>
  all(ApiProperty({ description, type: String, maxLength: LIMITS.id }), Must('id', `must be an id of 1 to ${LIMITS.id} characters`, isId));

/** An optional choice of some words. */
export const OptionalChoice = (description: string, words: readonly string[]): PropertyDecorator =>
  all(ApiPropertyOptional({ description, enum: words }), Given(), IsIn(words, { message: `$property must be one of ${words.join(', ')}` }));

/** A choice of some words that must be given. */
export const Choice = (description: string, words: readonly string[]): PropertyDecorator =>
  all(ApiProperty({ description, enum: words }), IsIn(words, { message: `$property must be one of ${words.join(', ')}` }));

/** An optional whole number within bounds, in a body: nothing else is taken for one. */
export const OptionalInteger = (description: string, min: number, max: number, fallback?: number): PropertyDecorator => {
  const message = `$property must be a whole number from ${min} to ${max}`;
  const documented = { description, type: Number, minimum: min, maximum: max, ...(fallback !== undefined && { default: fallback }) };
  return all(ApiPropertyOptional(documented), Given(), IsInt({ message }), Min(min, { message }), Max(max, { message }));
};

const asNumber = ({ value }: TransformFnParams): unknown => (typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value);

/** An optional whole number within bounds, in an address, where all there is is text. */
export const QueryInteger = (...args: Parameters<typeof OptionalInteger>): PropertyDecorator => all(Transform(asNumber), OptionalInteger(...args));

/** An optional ISO 8601 time or date; read it with `timeOf`. */
export const OptionalTime = (description: string): PropertyDecorator => {
  const say = 'must be an ISO 8601 time with its offset, or a date (2026-03-01)';
  return all(ApiPropertyOptional({ description, type: String, example: '2026-03-01' }), Given(), Must('time', say, (value) => parseIsoTime(value) !== undefined));
};

/** A text for people, of 1 to `max` characters. */
export const Text = (description: string, max: number): PropertyDecorator =>
  all(
    ApiProperty({ description, type: String, minLength: 1, maxLength: max }),
    Must('text', `must be text of 1 to ${max} characters`, (value) => typeof value === 'string' && value.trim().length > 0 && value.length <= max),
  );

/** An optional text for people, of 1 to `max` characters. */
export const OptionalText = (description: string, max: number): PropertyDecorator =>
  all(
    ApiPropertyOptional({ description, type: String, minLength: 1, maxLength: max }),
    Given(),
    Must('text', `must be text of 1 to ${max} characters`, (value) => typeof value === 'string' && value.trim().length > 0 && value.length <= max),
  );

const isText = (max: number) => (value: unknown): boolean => typeof value === 'string' && value.length <= max;

/** Text as somebody has written it, blank or not, of at most `max` characters. */
export const AnyText = (description: string, max: number): PropertyDecorator =>
  all(ApiProperty({ description, type: String, maxLength: max }), Must('text', `must be text of at most ${max} characters`, isText(max)));

/** The same, where it is given. */
export const OptionalAnyText = (description: string, max: number): PropertyDecorator =>
  all(ApiPropertyOptional({ description, type: String, maxLength: max }), Given(), Must('text', `must be text of at most ${max} characters`, isText(max)));

/** An optional yes or no. */
export const OptionalFlag = (description: string): PropertyDecorator =>
  all(ApiPropertyOptional({ description, type: Boolean, default: false }), Given(), IsBoolean({ message: '$property must be true or false' }));

/** A yes or no that must be given. */
export const Flag = (description: string): PropertyDecorator => all(ApiProperty({ description, type: Boolean }), IsBoolean({ message: '$property must be true or false' }));

/** An optional list of ids. */
export const OptionalIds = (description: string, max: number): PropertyDecorator =>
  all(
    ApiPropertyOptional({ description, type: [String], maxItems: max }),
    Given(),
    Must('ids', `must be a list of 1 to ${max} ids`, (value) => Array.isArray(value) && value.length > 0 && value.length <= max && value.every(isId)),
  );

const isTexts = (value: unknown, max: number): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length <= 20 && Object.values(value).every((text) => typeof text === 'string' && text.length <= max);

/** An optional object of texts, each of at most `max` characters. */
export const OptionalTexts = (description: string, max: number): PropertyDecorator =>
  all(
    ApiPropertyOptional({ description, type: 'object', additionalProperties: { type: 'string', maxLength: max } }),
    Given(),
    Must('texts', `must be an object of texts of at most ${max} characters`, (value) => isTexts(value, max)),
  );

/** An optional version of a rule: its number, or "live". */
export const OptionalVersion = (description: string): PropertyDecorator =>
  all(
    ApiPropertyOptional({ description, oneOf: [{ type: 'integer', minimum: 1 }, { type: 'string', enum: ['live'] }] }),
    Given(),
    Must('version', 'must be the number of a version, or "live"', (value) => value === 'live' || (Number.isSafeInteger(value) && Number(value) >= 1)),
  );

/** Epoch milliseconds of a validated time. */
export const timeOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : parseIsoTime(text));

/** Lets ids through that can exist; others are not found, and endless ones refused. */
@Injectable()
export class IdPipe implements PipeTransform<string, string> {
  transform(id: string): string {
    if (id.length > LIMITS.id) throw refuse('uri-too-long', `Ids have at most ${LIMITS.id} characters; this one has ${id.length}.`);
    if (!isId(id)) throw refuse('not-found', 'No id looks like this one.');
    return id;
  }
}

/** One or more of some words. */
export const Choices = (description: string, words: readonly string[]): PropertyDecorator =>
  all(
    ApiProperty({ description, isArray: true, enum: words, minItems: 1 }),
    Must('choices', `must be a list of one or more of ${words.join(', ')}`, (value) => Array.isArray(value) && value.length > 0 && value.every((one) => words.includes(one as string))),
  );

/** An optional list of ids, any of which may end in "*" for all that begin so. */
export const OptionalPatterns = (description: string, max: number): PropertyDecorator =>
  all(
    ApiPropertyOptional({ description, type: [String], maxItems: max }),
    Given(),
    Must('patterns', `must be a list of at most ${max} ids, a "*" at the end for all that begin so`, (value) => Array.isArray(value) && value.length <= max && value.every((one) => isId(one) && !one.slice(0, -1).includes('*'))),
  );
