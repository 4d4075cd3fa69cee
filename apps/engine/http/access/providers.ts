import { Injectable } from '@nestjs/common';
import { PERSON_ROLES } from '#access/actions.js';
import { OidcProvider, type Identity } from '#access/oidc.js';
import type { Person } from '#access/principal.js';
import type { AccountRoles } from '#domain/account.js';
import { hashId } from '#domain/ids.js';
import { learnerIdOf } from '#domain/recipient.js';
import { isId } from '#intake/field-values.js';
import type { Engine } from '../../engine.js';
import { InjectEngine } from '../engine-token.js';
import { providerRequests } from './provider-requests.js';

const MAX_COURSES = 1_000;

const textsIn = (claim: unknown): readonly string[] => {
  const given: unknown[] = Array.isArray(claim) ? claim : typeof claim === 'string' ? claim.split(/[\s,]+/) : [];
  return given.filter((one): one is string => typeof one === 'string' && isId(one)).slice(0, MAX_COURSES);
};

/** The sign-in provider of the tenant, and what its people are here. */
@Injectable()
export class Providers {
  /** Absent where none is set. */
  readonly provider: OidcProvider | undefined;

  constructor(@InjectEngine() private readonly engine: Engine) {
    const { oidc } = engine.config;
    this.provider = oidc && new OidcProvider(oidc, providerRequests(oidc.issuer), Date.now);
  }

  /** The id of their account: it tells nothing of who they are. */
  accountOf({ issuer, subject }: Identity): string {
    return hashId('oidc-account', this.engine.config.tenant, issuer, subject);
  }

  /** What the provider says they are; roles that are not known here are none. */
  async rolesOf({ claims }: Identity): Promise<AccountRoles> {
    const { keys, config: { oidc, tenant } } = this.engine;
    if (!oidc) return { roles: [], courses: [] };
    const [roles, courses, learner] = [textsIn(claims[oidc.claims.roles]), textsIn(claims[oidc.claims.courses]), claims[oidc.claims.learner]];
    return { roles: PERSON_ROLES.filter((role) => roles.includes(role)), courses, ...(typeof learner === 'string' && isId(learner) && { learner: await learnerIdOf(keys, tenant, learner) }) };
  }

  /** Whom an access token stands for; undefined for one that is not good here. */
  async personOf(token: string): Promise<Person | undefined> {
    const identity = await this.provider?.readAccessToken(token);
    if (!identity) return undefined;
    const id = this.accountOf(identity);
    if (this.engine.access.account(id)?.status === 'closed') return undefined;
    const { roles, ...rest } = await this.rolesOf(identity);
    return { kind: 'person', id, tenant: this.engine.config.tenant, roles: PERSON_ROLES.filter((role) => roles.includes(role)), ...rest };
  }
}
