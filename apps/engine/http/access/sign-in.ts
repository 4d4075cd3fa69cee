import { randomUUID } from 'node:crypto';
import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query as QueryParams, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiForbiddenResponse, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiProduces, ApiPropertyOptional, ApiTags, ApiTooManyRequestsResponse, ApiUnauthorizedResponse } from '@nestjs/swagger';
import { Allow } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PERSON_ROLES, type PersonRole } from '#access/actions.js';
import type { Principal } from '#access/principal.js';
import type { AccountRoles } from '#domain/account.js';
import { hashId } from '#domain/ids.js';
import type { Engine } from '../../engine.js';
import { FORM_BODY } from '../bodies.js';
import { InjectEngine } from '../engine-token.js';
import { Choice, OptionalId, Text } from '../fields.js';
import { preferredLanguage, type Language } from '../languages.js';
import { below } from '../page.html.js';
import { refuse } from '../problem.js';
import { Accounts } from './accounts.js';
import { isForeign } from './foreign.js';
import { LocalPeople } from './local-people.js';
import { ownPath, rootOf } from './own-path.js';
import { ForEverybody } from './permission.js';
import { SessionCookie } from './session-cookie.js';
import { signInPage, welcomePage } from './sign-in-page.html.js';
import { MaybeWho } from './who.js';

class SignInQuery {
  static readonly ignoresOthers = true;

  @ApiPropertyOptional({ description: 'en or ko; what the browser prefers where absent.', type: String })
  @Allow()
  lang?: unknown;

  @ApiPropertyOptional({ description: 'Where to go on afterwards, a path of this server.', type: String })
  @Allow()
  to?: unknown;

  @ApiPropertyOptional({ description: 'In the demo: which learner to be.', type: String })
  @Allow()
  learner?: unknown;
}

class WelcomeQuery extends SignInQuery {
  @ApiPropertyOptional({ description: 'The invitation.', type: String })
  @Allow()
  token?: unknown;
}

class PasswordBody {
  @Text('Login.', 254)
  login!: string;

  @Text('Password.', 256)
  password!: string;

  @ApiPropertyOptional({ description: 'Where to go on afterwards, a path of this server.', type: String })
  @Allow()
  to?: unknown;
}

class WelcomeBody {
  @Text('The invitation.', 2_000)
  token!: string;

  @Text('Login.', 254)
  login!: string;

  @Text('Password.', 256)
  password!: string;
}

class DemoBody {
  @Choice('Which role to take.', PERSON_ROLES)
  role!: PersonRole;

  @OptionalId('Which learner to be, in the role of one.')
  learner?: string;

  @ApiPropertyOptional({ description: 'Where to go on afterwards, a path of this server.', type: String })
  @Allow()
  to?: unknown;
}

const languageOf = ({ lang }: Pick<SignInQuery, 'lang'>, accepted: string | undefined): Language => (lang === 'ko' || lang === 'en' ? lang : preferredLanguage(accepted));

/** Who somebody is in the demo where they name no learner. */
const DEMO_LEARNER = 'hb-0013';

const demoRoles = (role: PersonRole, learner: string): AccountRoles => ({
  roles: [role],
  courses: role === 'instructor' ? ['sql-*'] : [],
  ...(role === 'learner' && { learner }),
});

/** What somebody sees of themselves. */
const whoView = (who: Principal) =>
  who.kind === 'person'
    ? { id: who.id, kind: who.kind, tenant: who.tenant, roles: who.roles, courses: who.courses, ...(who.learner !== undefined && { learner: who.learner }) }
    : { id: who.id, kind: who.kind, tenant: who.tenant, actions: who.actions, ...(who.courses && { courses: who.courses }), ...(who.sources && { sources: who.sources }) };

/** How people come in and go out. */
@ApiTags('access')
@ForEverybody()
@Controller()
export class SignInController {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly accounts: Accounts,
    private readonly cookies: SessionCookie,
    private readonly people: LocalPeople,
  ) {}

  /** The page on which people sign in. */
  @Get('sign-in')
  @ApiOperation({ summary: 'Sign-in page' })
  @ApiProduces('text/html')
  @ApiOkResponse({ description: 'The page.' })
  page(@QueryParams() { lang, to }: SignInQuery, @Headers('accept-language') accepted: string | undefined, @Res({ passthrough: true }) reply: FastifyReply): string {
    this.#html(reply);
    const language = languageOf({ lang }, accepted);
    const { demo = false, oidc, publicUrl } = this.engine.config;
    return below(rootOf(publicUrl), signInPage({ language, to: ownPath(to), demo, provider: oidc !== undefined }));
  }

  /** Sign in with login and password. */
  @Post('sign-in')
  @HttpCode(303)
  @RouteConfig(FORM_BODY)
  @ApiOperation({ summary: 'Sign in with login and password', description: 'Answers with the page again where they open nothing.' })
  @ApiProduces('text/html')
  @ApiTooManyRequestsResponse({ description: 'This login was tried too often.' })
  async signIn(@Body() { login, password, to }: PasswordBody, @QueryParams() query: SignInQuery, @Headers('accept-language') accepted: string | undefined, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    this.#fromHere(request);
    const account = await this.people.find(login, password, request.ip);
    if (account !== undefined) return this.#enter(account, ownPath(to), reply);
    const { oidc, publicUrl } = this.engine.config;
    this.#html(reply);
    reply.status(401);
    return below(rootOf(publicUrl), signInPage({ language: languageOf(query, accepted), to: ownPath(to), demo: false, provider: oidc !== undefined, wrong: true }));
  }

  /** Where somebody who was invited chooses how they sign in. */
  @Get('welcome')
  @ApiOperation({ summary: 'Page of an invitation' })
  @ApiProduces('text/html')
  @ApiOkResponse({ description: 'The page.' })
  async welcome(@QueryParams() query: WelcomeQuery, @Headers('accept-language') accepted: string | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    this.#html(reply);
    const token = typeof query.token === 'string' && (await this.people.invited(query.token)) !== undefined ? query.token : undefined;
    if (token === undefined) reply.status(404);
    return below(rootOf(this.engine.config.publicUrl), welcomePage({ language: languageOf(query, accepted), ...(token !== undefined && { token }) }));
  }

  /** Login and password of somebody who was invited. */
  @Post('welcome')
  @HttpCode(303)
  @RouteConfig(FORM_BODY)
  @ApiOperation({ summary: 'Follow an invitation', description: 'Keeps login and password, and signs in. The invitation is used up.' })
  @ApiProduces('text/html')
  async begin(@Body() { token, login, password }: WelcomeBody, @QueryParams() query: SignInQuery, @Headers('accept-language') accepted: string | undefined, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    this.#fromHere(request);
    const chosen = (await this.people.invited(token)) === undefined ? 'invitation' : await this.people.choose(token, login, password);
    if (typeof chosen === 'object') return this.#enter(chosen.account, '/', reply);
    this.#html(reply);
    reply.status(chosen === 'invitation' ? 404 : 400);
    return below(rootOf(this.engine.config.publicUrl), welcomePage({ language: languageOf(query, accepted), login, ...(chosen !== 'invitation' && { token, wrong: chosen }) }));
  }

  /** In the demo: take a role. */
  @Post('sign-in/demo')
  @HttpCode(303)
  @RouteConfig(FORM_BODY)
  @ApiOperation({ summary: 'Take a role in the demo' })
  @ApiNotFoundResponse({ description: 'This is not the demo.' })
  demo(@Body() { role, learner, to }: DemoBody, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    return this.#take(role, learner ?? DEMO_LEARNER, ownPath(to), reply);
  }

  /** In the demo: take a role by a link, as the engine prints it at its start. */
  @Get('sign-in/demo/:role')
  @HttpCode(303)
  @ApiOperation({ summary: 'Take a role in the demo, by a link' })
  @ApiNotFoundResponse({ description: 'This is not the demo, or there is no such role.' })
  demoLink(@Param('role') role: string, @QueryParams() { to, learner }: SignInQuery, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    const known = PERSON_ROLES.find((one) => one === role);
    if (!known) throw refuse('not-found', `There is no role "${role.slice(0, 40)}"; there are ${PERSON_ROLES.join(', ')}.`);
    return this.#take(known, typeof learner === 'string' && /^[\w-]{1,64}$/.test(learner) ? learner : DEMO_LEARNER, ownPath(to), reply);
  }

  /** Ends the session. */
  @Post('sign-out')
  @HttpCode(303)
  @RouteConfig(FORM_BODY)
  @ApiOperation({ summary: 'Sign out', description: 'The session is over, also for who copied its cookie.' })
  async signOut(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    const session = await this.cookies.read(request);
    if (session && this.engine.access.account(session.account)?.status === 'open') await this.accounts.endSessions({ account: session.account, by: session.account }, session.session);
    this.cookies.take(reply);
    reply.header('location', `${rootOf(this.engine.config.publicUrl)}/sign-in`);
  }

  /** Who one is here. */
  @Get('v1/me')
  @ApiOperation({ summary: 'Who I am', description: 'The roles of a person, or what an API key may do.' })
  @ApiOkResponse({ description: 'Who sent the request.' })
  @ApiUnauthorizedResponse({ description: 'The request does not say.' })
  @ApiForbiddenResponse({ description: 'Of another tenant.' })
  me(@MaybeWho() who: Principal | undefined) {
    if (!who || who.tenant !== this.engine.config.tenant) throw refuse('unauthenticated', 'Sign in, or send an API key: "Authorization: Bearer pmk_…".');
    return whoView(who);
  }

  async #take(role: PersonRole, learner: string, to: string, reply: FastifyReply): Promise<void> {
    const { demo, tenant } = this.engine.config;
    if (!demo) throw refuse('not-found', 'Roles are to be chosen in the demo alone (npm start -- --demo).');
    const account = hashId('demo-account', tenant, role, role === 'learner' ? learner : '');
    await this.accounts.open({ account, by: account }, demoRoles(role, learner));
    await this.#enter(account, to, reply);
  }

  async #enter(account: string, to: string, reply: FastifyReply): Promise<string> {
    await this.cookies.give(reply, { account, session: randomUUID() });
    reply.header('location', `${rootOf(this.engine.config.publicUrl)}${to}`);
    return '';
  }

  /** A page of another site cannot sign a visitor in to an account of its own choice. */
  #fromHere(request: FastifyRequest): void {
    if (isForeign(request)) throw refuse('cross-site', 'A page of another site sent this form; open the sign-in page of this server instead.');
  }

  #html(reply: FastifyReply): void {
    reply.headers({ 'content-type': 'text/html; charset=utf-8', vary: 'accept-language', 'cache-control': 'no-store' });
  }
}
