import { createSecretKey, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Controller, Get, HttpCode, Query as QueryParams, Req, Res } from '@nestjs/common';
import { ApiForbiddenResponse, ApiNotFoundResponse, ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Allow } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { errors, jwtVerify, SignJWT } from 'jose';
import type { OidcProvider, PendingSignIn } from '#access/oidc.js';
import type { Engine } from '../../engine.js';
import { InjectEngine } from '../engine-token.js';
import { refuse } from '../problem.js';
import { Accounts } from './accounts.js';
import { cookieOf } from './cookie.js';
import { ownPath, rootOf } from './own-path.js';
import { ForEverybody } from './permission.js';
import { Providers } from './providers.js';
import { SessionCookie } from './session-cookie.js';

class GoQuery {
  static readonly ignoresOthers = true;

  @ApiPropertyOptional({ description: 'Where to go on afterwards, a path of this server.', type: String })
  @Allow()
  to?: unknown;
}

class BackQuery {
  static readonly ignoresOthers = true;

  @ApiPropertyOptional({ type: String })
  @Allow()
  code?: unknown;

  @ApiPropertyOptional({ type: String })
  @Allow()
  state?: unknown;
}

const PENDING_S = 600;
const [ALGORITHM, TYPE] = ['HS256', 'proofmark-pending+jwt'];

const fresh = (): string => randomBytes(32).toString('base64url');
const same = (one: string, other: string): boolean => {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
};

/** Signing in with an OpenID Connect provider: the authorization code flow with PKCE. */
@ApiTags('access')
@ForEverybody()
@Controller('sign-in/oidc')
export class OidcSignInController {
  readonly #name: string;

  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly providers: Providers,
    private readonly accounts: Accounts,
    private readonly cookies: SessionCookie,
  ) {
    this.#name = `__Host-proofmark-pending-${engine.config.tenant}`;
  }

  /** Off to the provider. */
  @Get()
  @HttpCode(303)
  @ApiOperation({ summary: 'Sign in with the provider' })
  @ApiNotFoundResponse({ description: 'No provider is set.' })
  async go(@QueryParams() { to }: GoQuery, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    const pending: PendingSignIn = { state: fresh(), nonce: fresh(), verifier: fresh(), to: ownPath(to) };
    const address = await this.#provider.signInAddress(pending, this.#redirect);
    reply.headers({ location: address, 'cache-control': 'no-store', 'set-cookie': this.#cookie(await this.#seal(pending), PENDING_S) });
  }

  /** Back from the provider. */
  @Get('callback')
  @HttpCode(303)
  @ApiOperation({ summary: 'Back from the provider' })
  @ApiForbiddenResponse({ description: 'The sign-in was not begun here, took too long, or the person has no role.' })
  async back(@QueryParams() { code, state }: BackQuery, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    const provider = this.#provider;
    const pending = await this.#open(cookieOf(request.headers.cookie, this.#name) ?? '');
    if (!pending || typeof state !== 'string' || !same(pending.state, state)) throw refuse('forbidden', 'This sign-in was not begun in this browser, or more than ten minutes ago. Begin again at /sign-in.');
    reply.header('set-cookie', this.#cookie('', 0));
    const identity = typeof code === 'string' ? await provider.identify(code, pending, this.#redirect) : undefined;
    if (!identity) throw refuse('forbidden', 'The provider did not say who you are. Begin again at /sign-in.');
    const account = this.providers.accountOf(identity);
    const roles = await this.providers.rolesOf(identity);
    if (roles.roles.length === 0) throw refuse('forbidden', 'You have signed in, and have no role here. Ask who administers Proofmark at your school.');
    const known = this.engine.access.account(account);
    if (known?.status === 'closed') throw refuse('forbidden', 'This account is closed. Ask who administers Proofmark at your school.');
    const act = { account, by: account };
    if (!known) await this.accounts.open(act, roles);
    else if (!isDeepStrictEqual({ roles: known.roles, courses: known.courses, learner: known.learner }, { learner: undefined, ...roles })) await this.accounts.change(act, roles);
    await this.cookies.give(reply, { account, session: randomUUID() });
    reply.header('location', `${rootOf(this.engine.config.publicUrl)}${pending.to}`);
  }

  get #provider(): OidcProvider {
    const { provider } = this.providers;
    if (!provider) throw refuse('not-found', 'No sign-in provider is set (PROOFMARK_OIDC_ISSUER).');
    return provider;
  }

  /** As it is registered with the provider. */
  get #redirect(): string {
    return `${this.engine.config.publicUrl}/sign-in/oidc/callback`;
  }

  #cookie(value: string, seconds: number): string {
    return `${this.#name}=${value}; Path=/; Max-Age=${seconds}; Secure; HttpOnly; SameSite=Lax`;
  }

  async #seal(pending: PendingSignIn): Promise<string> {
    return new SignJWT({ ...pending }).setProtectedHeader({ alg: ALGORITHM, typ: TYPE }).setExpirationTime(`${PENDING_S}s`).setIssuedAt().sign(await this.#key());
  }

  async #open(token: string): Promise<PendingSignIn | undefined> {
    try {
      const { payload } = await jwtVerify(token, await this.#key(), { algorithms: [ALGORITHM], typ: TYPE, requiredClaims: ['exp', 'state', 'nonce', 'verifier', 'to'] });
      return payload as unknown as PendingSignIn;
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }

  async #key() {
    return createSecretKey(await this.engine.keys.mac('session', JSON.stringify(['pending', this.engine.config.tenant])));
  }
}
