import { dateTime, listOf, object, oneOrList, url, type Schema } from './schema-parts.js';

/** The context with which every credential of VC Data Model 2.0 begins. */
export const BASE_CONTEXT = 'https://www.w3.org/ns/credentials/v2';

const typeName = { type: 'string', minLength: 1 } as const;
const types = oneOrList(typeName, 1);
const withId = (required: readonly string[]): Schema => object(required, { id: url, type: types });
/** A text, in one language or several (VCDM 2.0, section 11.1). */
const languageText = {
  if: { type: 'string' },
  then: {},
  else: oneOrList(object(['@value'], { '@value': { type: 'string' }, '@language': { type: 'string' }, '@direction': { enum: ['ltr', 'rtl'] } })),
} as const;

/** What every verifiable credential is held to: VC Data Model 2.0, section 4. */
export const BASE_SCHEMA: Schema = {
  $schema: 'https://json-schema.org/draft/2019-09/schema',
  type: 'object',
  required: ['@context', 'type', 'issuer', 'credentialSubject'],
  properties: {
    '@context': {
      type: 'array',
      minItems: 1,
      items: [{ const: BASE_CONTEXT }],
      additionalItems: { if: { type: 'string' }, then: url, else: { type: 'object' } },
    },
    id: url,
    type: { if: { type: 'string' }, then: { const: 'VerifiableCredential' }, else: { ...listOf(typeName, 1), contains: { const: 'VerifiableCredential' } } },
    name: languageText,
    description: languageText,
    issuer: { if: { type: 'string' }, then: url, else: object(['id'], { id: url, name: languageText, description: languageText }) },
    validFrom: dateTime,
    validUntil: dateTime,
    credentialSubject: oneOrList({ type: 'object', minProperties: 1, properties: { id: url } }, 1),
    credentialStatus: oneOrList(withId(['type'])),
    credentialSchema: oneOrList(withId(['id', 'type'])),
    refreshService: oneOrList(withId(['type'])),
    termsOfUse: oneOrList(withId(['type'])),
    evidence: oneOrList(withId(['type'])),
    proof: oneOrList(object(['type'], { type: types }), 1),
  },
};
