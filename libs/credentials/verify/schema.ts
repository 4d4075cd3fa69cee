import type { ErrorObject, ValidateFunction } from 'ajv/dist/2019.js';
import type { JsonObject } from '../json-ld/json.js';
import { isIriText } from '../json-ld/canonical.js';
import { BASE_SCHEMA } from './base-schema.js';
import { OPEN_BADGE_SCHEMA } from './open-badge-schema.js';

const isAbsoluteUrl = (text: string): boolean => isIriText(text) && /^[A-Za-z][A-Za-z0-9+.-]*:./.test(text) && URL.canParse(text);

/** The schemas, ready to be asked. */
interface Validators {
  readonly base: ValidateFunction;
  readonly openBadges: ValidateFunction;
}

const compiled = async (): Promise<Validators> => {
  const [{ Ajv2019 }, addFormats] = await Promise.all([import('ajv/dist/2019.js'), import('ajv-formats')]);
  // The first error is enough: to look for all of them is work that a hostile document could multiply.
  const ajv = new Ajv2019({ strict: false, allErrors: false, ownProperties: true, validateFormats: true });
  addFormats.default.default(ajv, ['date-time', 'date']);
  ajv.addFormat('absolute-url', isAbsoluteUrl);
  return { base: ajv.compile(BASE_SCHEMA), openBadges: ajv.compile(OPEN_BADGE_SCHEMA) };
};

let made: Promise<Validators> | undefined;
// Compiling takes longer than anything else at a start, and is for who verifies.
const validators = (): Promise<Validators> => (made ??= compiled());

const pathOf = (pointer: string): string => {
  const path = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((before, step) => (/^\d+$/.test(step) ? `${before}[${step}]` : before === '' ? step : `${before}.${step}`), '');
  return path === '' ? 'the credential' : path;
};

const typesOf = (schema: unknown): string => (Array.isArray(schema) ? schema.join(' or ') : String(schema));

const words = ({ instancePath, keyword, params, message = 'is wrong' }: ErrorObject): string => {
  const path = pathOf(instancePath);
  const given = params as Readonly<Record<string, unknown>>;
  switch (keyword) {
    case 'required':
      return `${path} has no "${String(given['missingProperty'])}"`;
    case 'additionalProperties':
      return `${path} must not have "${String(given['additionalProperty'])}"`;
    case 'const':
      return `${path} must be "${String(given['allowedValue'])}"`;
    case 'enum':
      return `${path} must be one of ${(given['allowedValues'] as readonly unknown[]).map(String).join(', ')}`;
    case 'contains':
      return `${path} does not name the type that belongs there`;
    case 'type':
      return `${path} must be of type ${typesOf(given['type'])}`;
    case 'format':
      return `${path} must be ${given['format'] === 'absolute-url' ? 'a URL' : `a ${String(given['format'])}`}`;
    default:
      return `${path} ${message}`;
  }
};

// An "if" only says that what it leads to failed; what failed stands beside it.
const flaw = (validate: ValidateFunction, document: JsonObject): string | undefined => {
  if (validate(document)) return undefined;
  const errors = validate.errors ?? [];
  const first = errors.find(({ keyword }) => keyword !== 'if') ?? errors[0];
  return first ? words(first) : 'the credential is wrong';
};

/** What is wrong with a document as a verifiable credential (VC Data Model 2.0), with its path; undefined where nothing is. */
export const baseFlaw = async (document: JsonObject): Promise<string | undefined> => flaw((await validators()).base, document);

/** What is wrong with a document as an Open Badges 3.0 AchievementCredential; undefined where nothing is. */
export const openBadgeFlaw = async (document: JsonObject): Promise<string | undefined> => {
  const { base, openBadges } = await validators();
  return flaw(base, document) ?? flaw(openBadges, document);
};
