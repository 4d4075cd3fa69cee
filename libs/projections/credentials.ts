import type { ErasureEvent } from '#domain/erasure-event.js';
import { forgetLearner } from './forget-learner.js';
import type { Projection } from './projection.js';
import type { Collection, Write } from './read-model.js';

/** Each credential as it stands now. What was signed is in the log, in the stream of its award's credentials. */
export const CREDENTIAL: Collection = {
  name: 'credential',
  columns: {
    code: 'text',
    tenant: 'text',
    issuer: 'text',
    award: 'text',
    /** Counts from 1 within the award. */
    serial: 'integer',
    learner: 'text',
    badge: 'text',
    /** active, suspended or revoked; whether it has expired is in the document. */
    status: 'text',
    /** Which status list of its issuer, and which entry of that. */
    list: 'integer',
    place: 'integer',
    /** Language tags of its editions, the badge's own first. */
    languages: 'json',
    /** The key that signed it. */
    kid: 'text',
    issuedAt: 'integer',
    /** When it last changed. */
    changedAt: 'integer',
    /** Log position of the last change. */
    position: 'integer',
  },
  key: ['code'],
  indexes: [
    ['tenant', 'learner', 'issuedAt'],
    ['tenant', 'badge', 'issuedAt'],
    ['award', 'serial'],
    ['tenant', 'issuer', 'list', 'status'],
  ],
};

const NOTHING: Write[] = [];

/** The register of credentials, by their codes. */
export const credentials: Projection = {
  name: 'credential-register',
  version: 1,
  collections: [CREDENTIAL],
  project: (entries) =>
    entries.flatMap(({ event, recorded: { position }, erased }): Write[] => {
      if (erased) return NOTHING;
      switch (event.type) {
        case 'LearnerErased':
          return [...forgetLearner(event, CREDENTIAL), ...placesOf(event, position)];
        case 'LearnerErasureCompleted':
          return placesOf(event, position);
        case 'CredentialIssued': {
          const { code, tenant, issuer, award, serial, learner, badge, status: { list, index: place }, editions, kid, at } = event;
          const row = {
            code, tenant, issuer, award, serial, learner, badge, status: 'active', list, place, languages: Object.keys(editions), kid, issuedAt: at, changedAt: at, position,
          };
          return [{ op: 'put', collection: 'credential', row }];
        }
        case 'CredentialRenewed':
          return [changed(event, position, { kid: event.kid, languages: Object.keys(event.editions) })];
        case 'CredentialSuspended':
          return [changed(event, position, { status: 'suspended' })];
        case 'CredentialReinstated':
          return [changed(event, position, { status: 'active' })];
        case 'CredentialRevoked':
          return [changed(event, position, { status: 'revoked' })];
        default:
          return NOTHING;
      }
    }),
};

/**
 * An erased learner's credential is nothing but a place in a status list that stays revoked: whoever holds a copy finds that
 * there. Its row has no code that could be asked for.
 */
const placesOf = ({ tenant, credentials: gone, at }: ErasureEvent, position: number): Write[] =>
  gone.map(({ issuer, list, index }) => {
    const row = {
      code: `erased:${issuer}:${list}:${index}`, tenant, issuer, award: '', serial: 0, learner: '', badge: '', status: 'revoked', list, place: index, languages: [], kid: '',
      issuedAt: at, changedAt: at, position,
    };
    return { op: 'put', collection: 'credential', row };
  });

const changed = ({ code, at }: { readonly code: string; readonly at: number }, position: number, set: object): Write => ({
  op: 'patch', collection: 'credential', key: { code }, set: { ...set, changedAt: at, position },
});
