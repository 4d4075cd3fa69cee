import type { JsonObject } from '../json-ld/json.js';

/** Where the Open Badges 3.0 API begins on every server. */
export const OB_API = 'ims/ob/v3p0';

const SCOPES = 'https://purl.imsglobal.org/spec/ob/v3p0/scope';
/** What an access token may allow (OB 3.0, section 6.2.1). */
const SCOPE_TEXTS: Readonly<Record<string, string>> = {
  [`${SCOPES}/credential.readonly`]: 'Permission to read OpenBadgeCredentials for the authenticated entity.',
  [`${SCOPES}/credential.upsert`]: 'Permission to create or update OpenBadgeCredentials for the authenticated entity.',
  [`${SCOPES}/profile.readonly`]: 'Permission to read the profile for the authenticated entity.',
  [`${SCOPES}/profile.update`]: 'Permission to update the profile for the authenticated entity.',
};

/** What the service says of itself. */
export interface ServiceFacts {
  /** The engine's public address, without a slash at its end. */
  readonly base: string;
  readonly name: string;
  readonly version: string;
}

const query = (name: string, type: 'integer' | 'string', description: string, more: JsonObject = {}): JsonObject => ({
  name, in: 'query', description, required: false, schema: { type, ...more },
});

const answers = (description: string, schema: JsonObject): JsonObject => ({
  '200': { description, content: { 'application/json': { schema } } },
  default: { description: 'The request was invalid or cannot be served.', content: { 'application/json': { schema: { $ref: '#/components/schemas/Imsx_StatusInfo' } } } },
});

const LEARNER = query('learner', 'string', 'Whose they are. It stands in for the access token as long as there is no sign-in.');

/**
 * The Service Description Document: OpenAPI 3.0 with the security scheme and the scopes of the specification (OB 3.0,
 * section 6.3). Only what reads is offered yet.
 */
export const serviceDescription = ({ base, name, version }: ServiceFacts): JsonObject => ({
  openapi: '3.0.1',
  info: {
    title: `${name}: Open Badges 3.0 API`,
    version,
    description:
      'Read-only, and without sign-in for now: the learner is named in the address. Nothing answers at the addresses for registration and tokens yet; they are where it will be.',
    termsOfService: `${base}/`,
    'x-imssf-privacyPolicyUrl': `${base}/`,
  },
  servers: [{ url: `${base}/${OB_API}` }],
  paths: {
    '/discovery': { get: { operationId: 'getServiceDescription', summary: 'The service description', responses: answers('This document.', { type: 'object' }) } },
    '/credentials': {
      get: {
        operationId: 'getCredentials',
        summary: 'The credentials of a learner',
        parameters: [
          LEARNER,
          query('limit', 'integer', 'The maximum number of credentials to return per page.', { minimum: 1 }),
          query('offset', 'integer', 'The index of the first credential to return.', { minimum: 0 }),
          query('since', 'string', 'Only credentials that were issued after this time.', { format: 'date-time' }),
        ],
        responses: answers('The credentials.', { $ref: '#/components/schemas/GetOpenBadgeCredentialsResponse' }),
        security: [{ OAuth2ACG: [`${SCOPES}/credential.readonly`] }],
      },
    },
    '/profile': {
      get: {
        operationId: 'getProfile',
        summary: 'The profile of a learner',
        parameters: [LEARNER],
        responses: answers('The profile.', { $ref: '#/components/schemas/Profile' }),
        security: [{ OAuth2ACG: [`${SCOPES}/profile.readonly`] }],
      },
    },
  },
  components: {
    securitySchemes: {
      OAuth2ACG: {
        type: 'oauth2',
        description: 'OAuth 2.0 Authorization Code Grant authorization',
        'x-imssf-name': name,
        'x-imssf-privacyPolicyUrl': `${base}/`,
        'x-imssf-termsOfServiceUrl': `${base}/`,
        'x-imssf-registrationUrl': `${base}/${OB_API}/oauth/register`,
        flows: {
          authorizationCode: {
            authorizationUrl: `${base}/${OB_API}/oauth/authorize`,
            tokenUrl: `${base}/${OB_API}/oauth/token`,
            refreshUrl: `${base}/${OB_API}/oauth/token`,
            scopes: SCOPE_TEXTS,
          },
        },
      },
    },
    schemas: {
      GetOpenBadgeCredentialsResponse: {
        type: 'object',
        required: ['credential', 'compactJwsString'],
        properties: { credential: { type: 'array', items: { type: 'object' } }, compactJwsString: { type: 'array', items: { type: 'string' } } },
      },
      Profile: { type: 'object', required: ['id', 'type'], properties: { id: { type: 'string', format: 'uri' }, type: { type: 'array', items: { type: 'string' } } } },
      Imsx_StatusInfo: {
        type: 'object',
        required: ['imsx_codeMajor', 'imsx_severity'],
        properties: { imsx_codeMajor: { type: 'string' }, imsx_severity: { type: 'string' }, imsx_description: { type: 'string' }, imsx_codeMinor: { type: 'object' } },
      },
    },
  },
});
