import { randomUUID } from 'node:crypto';
import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { PERSON_ROLES } from '#access/actions.js';
import type { KnownAccount } from '#access/directory.js';
import type { Principal } from '#access/principal.js';
import type { AccountRoles } from '#domain/account.js';
import { learnerIdOf } from '#domain/recipient.js';
import { isoTime } from '#projections/timeline-view.js';
import type { Engine } from '../../engine.js';
import { InjectEngine } from '../engine-token.js';
import { Choices, IdPipe, OptionalId, OptionalPatterns, Text } from '../fields.js';
import { refuse } from '../problem.js';
import { Accounts } from './accounts.js';
import { LocalPeople } from './local-people.js';
import { May } from './permission.js';
import { Who } from './who.js';

const [MAX_COURSES, MAX_REASON] = [1_000, 500];
/** Accounts that are made here have random ids; those of a provider's people follow from what it says. */
const MADE_HERE = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

class RolesBody {
  @Choices('What the person is.', PERSON_ROLES)
  roles!: string[];

  @OptionalPatterns('Courses that an instructor teaches; one that ends in "*" is the beginning of many.', MAX_COURSES)
  courses?: string[];

  @OptionalId('Who they are among the learners.')
  learner?: string;
}

class CloseBody {
  @Text('Why, for the record; no names.', MAX_REASON)
  reason!: string;
}

interface AccountView {
  readonly id: string;
  readonly status: KnownAccount['status'];
  readonly roles: readonly string[];
  readonly courses: readonly string[];
  readonly learner?: string;
  /** There for who signs in with a password. */
  readonly login?: string;
  readonly openedAt: string;
  /** They were invited here; others sign in with the school's provider, which says what they are. */
  readonly invited: boolean;
}

interface PeopleList {
  readonly items: readonly AccountView[];
  /** The OpenID Connect provider of the school: what it says of its people takes the place of their roles here at each sign-in. */
  readonly provider?: string;
}

interface InvitedAccount extends AccountView {
  /** The link, for the person and nobody else. */
  readonly invitation: string;
}

/** The people who sign in here. */
@ApiTags('access')
@Controller('v1/access/people')
export class PeopleController {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly accounts: Accounts,
    private readonly people: LocalPeople,
  ) {}

  /** All accounts. */
  @May('access:read')
  @Get()
  @ApiOperation({ summary: 'People who sign in', description: 'The latest first, closed accounts included. `login` is there for those who sign in with a password.' })
  @ApiOkResponse({ description: 'The accounts.' })
  async list(): Promise<PeopleList> {
    const { oidc } = this.engine.config;
    const known = this.engine.access.accounts(this.engine.config.tenant);
    const logins = await this.people.logins(known.map(({ account }) => account));
    return { items: known.map((one, i) => this.#view(one, logins[i])), ...(oidc && { provider: oidc.issuer }) };
  }

  /** A new account, with an invitation to it. */
  @May('access:manage')
  @Post()
  @HttpCode(201)
  @ApiOperation({ summary: 'Invite somebody', description: 'The answer holds a link, good for a week and once: whoever opens it chooses login and password. Give it to the person and to nobody else.' })
  @ApiCreatedResponse({ description: 'The account and the link.' })
  async invite(@Body() body: RolesBody, @Who() who: Principal): Promise<InvitedAccount> {
    const account = randomUUID();
    await this.accounts.open({ account, by: who.id }, await this.#rolesOf(body));
    return { ...this.#view(this.#ours(account), undefined), invitation: await this.#link(account) };
  }

  /** What somebody is from now on. */
  @May('access:manage')
  @Post(':id/roles')
  @HttpCode(200)
  @ApiOperation({ summary: "Change somebody's roles", description: 'It holds with their next request.' })
  @ApiOkResponse({ description: 'The account.' })
  @ApiNotFoundResponse({ description: 'There is no such account, or it is closed.' })
  async change(@Param('id', IdPipe) id: string, @Body() body: RolesBody, @Who() who: Principal): Promise<AccountView> {
    this.#ours(id);
    await this.accounts.change({ account: id, by: who.id }, await this.#rolesOf(body));
    return this.#shown(id);
  }

  /** Another way in, for who has lost theirs. */
  @May('access:manage')
  @Post(':id/invite')
  @HttpCode(200)
  @ApiOperation({ summary: 'Invite somebody again', description: 'For who has forgotten the password, or let the link get old. Their password and earlier links are good no more, and they are signed out everywhere.' })
  @ApiOkResponse({ description: 'The account and the link.' })
  @ApiNotFoundResponse({ description: 'There is no such account, or it is closed.' })
  async again(@Param('id', IdPipe) id: string, @Who() who: Principal): Promise<InvitedAccount> {
    this.#ours(id);
    // First, so that nobody signs in with the old password after the sessions have ended.
    const invitation = await this.#link(id);
    await this.accounts.endSessions({ account: id, by: who.id });
    return { ...(await this.#shown(id)), invitation };
  }

  /** The end of an account. */
  @May('access:manage')
  @Post(':id/close')
  @HttpCode(200)
  @ApiOperation({ summary: 'Close an account', description: 'The person signs in no more, and is signed out everywhere; login and password are forgotten.' })
  @ApiOkResponse({ description: 'The account.' })
  @ApiNotFoundResponse({ description: 'There is no such account.' })
  async close(@Param('id', IdPipe) id: string, @Body() { reason }: CloseBody, @Who() who: Principal): Promise<AccountView> {
    this.#ours(id);
    await this.accounts.close({ account: id, by: who.id }, reason);
    await this.people.forget(id);
    return this.#shown(id);
  }

  async #rolesOf({ roles, courses = [], learner }: RolesBody): Promise<AccountRoles> {
    const { keys, config: { tenant } } = this.engine;
    return { roles: [...new Set(roles)], courses, ...(learner !== undefined && { learner: await learnerIdOf(keys, tenant, learner) }) };
  }

  /** An account of another tenant is as absent as one that never was. */
  #ours(id: string): KnownAccount {
    const known = this.engine.access.account(id);
    if (known?.tenant !== this.engine.config.tenant) throw refuse('not-found', `There is no account "${id}".`);
    return known;
  }

  async #shown(id: string): Promise<AccountView> {
    const [login] = await this.people.logins([id]);
    return this.#view(this.#ours(id), login);
  }

  #view({ account, status, roles, courses, learner, openedAt }: KnownAccount, login: string | undefined): AccountView {
    return { id: account, status, roles, courses, ...(learner !== undefined && { learner }), ...(login !== undefined && { login }), openedAt: isoTime(openedAt), invited: MADE_HERE.test(account) };
  }

  async #link(account: string): Promise<string> {
    return `${this.engine.config.publicUrl}/welcome?token=${await this.people.invite(account)}`;
  }
}
