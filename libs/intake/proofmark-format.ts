import { validateSync, type ValidationError } from 'class-validator';
import type { LearningEvent } from '#domain/learning-event.js';
import { CHANGE_FIELDS, EVENT_FIELDS, keptAs } from '#domain/event-fields.js';
import { parseIsoTime } from '#domain/iso-time.js';
import { ChangesDto, FIELD, LearningEventDto } from './learning-event.dto.js';
import { fieldName, invalid, isObject, malformed, parseJson, type FieldProblem, type Mapped } from './mapped.js';

const MAX_PROBLEMS = 20;

type Members = Record<string, unknown>;

const EVENT_KEYS: ReadonlySet<string> = new Set(['type', ...EVENT_FIELDS]);
const CHANGE_KEYS: ReadonlySet<string> = new Set(CHANGE_FIELDS);

/** Copies the known members, so that no name with a meaning to JavaScript ever gets near an object of ours. */
const takeKnown = (to: object, from: Readonly<Members>, known: ReadonlySet<string>, path: string): FieldProblem[] => {
  const problems: FieldProblem[] = [];
  for (const key of Object.keys(from)) {
    if (known.has(key)) {
      (to as Members)[key] = from[key];
    } else if (problems.length < MAX_PROBLEMS) {
      const field = path + (key.length > 60 ? `${key.slice(0, 60)}…` : key);
      problems.push({ field, message: `${fieldName(field)}: is not a field of ${path ? 'changes' : 'a learning event'}` });
    }
  }
  return problems;
};

const problemsOf = (error: ValidationError, path: string): FieldProblem[] => {
  const constraints = error.constraints ?? {};
  const ofField = constraints[FIELD];
  const messages = ofField === undefined ? [...new Set(Object.values(constraints))] : [ofField];
  const field = path + error.property;
  return [
    ...messages.map((message) => ({ field, message: path + message })),
    ...(error.children ?? []).flatMap((child) => problemsOf(child, `${field}.`)),
  ];
};

const validate = (dto: object): FieldProblem[] =>
  validateSync(dto, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    validationError: { target: false, value: false },
  }).flatMap((error) => problemsOf(error, ''));

const sortedMembers = (value: object): object =>
  Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));

const canonicalValue = (field: string, value: unknown): unknown => {
  switch (field) {
    case 'time':
    case 'due':
    case 'submitted':
    case 'start':
      return parseIsoTime(value);
    case 'tags':
      // Tags are a set: a source that lists them in another order says nothing else.
      return [...new Set(value as readonly string[])].sort();
    case 'attributes':
      return sortedMembers(value as object);
    case 'changes':
      return canonicalMembers(value as object, CHANGE_FIELDS);
    default:
      return value;
  }
};

const canonicalMembers = (dto: object, fields: readonly string[], to: Members = {}): Members => {
  for (const field of fields) {
    const value = (dto as Members)[field];
    if (value !== undefined) to[keptAs(field)] = canonicalValue(field, value);
  }
  return to;
};

/**
 * Reads one learning event in Proofmark's own JSON format: text, bytes, or the parsed value. Never throws. Equal
 * content gives an event of equal JSON text, whatever order the sender's keys had.
 */
export const readProofmark = (delivery: unknown): Mapped => {
  const parsed = parseJson(delivery);
  if (!parsed.ok) return malformed(parsed.detail);
  if (!isObject(parsed.value)) return malformed('a learning event must be one JSON object');

  const dto = new LearningEventDto();
  const unknown = takeKnown(dto, parsed.value, EVENT_KEYS, '');
  const changes: unknown = dto.changes;
  if (isObject(changes)) {
    dto.changes = new ChangesDto();
    unknown.push(...takeKnown(dto.changes, changes, CHANGE_KEYS, 'changes.'));
    if (Object.keys(changes).length === 0) {
      unknown.push({ field: 'changes', message: 'changes: must be an object with at least one new value' });
    }
  } else if (changes !== undefined) {
    Object.assign(dto, { changes: null }); // no foreign array or scalar is walked through
  }
  const problems = [...unknown, ...validate(dto)];
  if (problems.length > 0) return invalid(problems.slice(0, MAX_PROBLEMS));
  const event = canonicalMembers(dto, EVENT_FIELDS, { type: dto.type });
  return { ok: true, events: [event as unknown as LearningEvent] };
};
