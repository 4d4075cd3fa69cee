import { Controller, Get, Injectable, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { reachOf } from '#access/decide.js';
import type { Principal } from '#access/principal.js';
import { ForEverybody } from './access/permission.js';
import { MaybeWho } from './access/who.js';
import type { Engine } from '../engine.js';
import { InjectEngine } from './engine-token.js';
import { AskedOf } from './role-guard.js';
import { withoutDirectory } from './without-directory.js';

/** What the start of the engine has come to. */
@Injectable()
export class Startup {
  /** Position of the last rule that was published at start; undefined until the rules are published. */
  rulesAt: number | undefined;
}

interface ReadinessCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly detail?: string;
}

/** Whether the engine can do its work. */
@Injectable()
export class Readiness {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly startup: Startup,
  ) {}

  /** Every check with what is not well. */
  async checks(): Promise<readonly ReadinessCheck[]> {
    const found: readonly ReadinessCheck[] = [this.#store(), ...this.#deliveries(), ...this.#followers(), this.#credentials(), ...this.#audit(), await this.#rules()];
    return found.map((check) => ({ ...check, ...(check.detail !== undefined && { detail: withoutDirectory(check.detail, this.engine.config.dataDir) }) }));
  }

  #store(): ReadinessCheck {
    const health = this.engine.store.health();
    return health.writable ? { name: 'store', ok: true } : { name: 'store', ok: false, detail: health.reason };
  }

  #deliveries(): readonly ReadinessCheck[] {
    const status = this.engine.deliveries?.status();
    if (!status) return [];
    const { learning, course } = status;
    if (course && !course.caughtUp) return [{ name: 'kafka', ok: false, detail: course.reason ?? 'What courses offer is being read.' }];
    return [learning.state === 'reading' ? { name: 'kafka', ok: true } : { name: 'kafka', ok: false, detail: learning.reason ?? `It is ${learning.state}.` }];
  }

  /** Awards that cannot be signed hold nobody else up: the engine is ready, and says so. */
  #credentials(): ReadinessCheck {
    const { unsignedCount } = this.engine.followers.status().issuing;
    const found = { name: 'credentials', ok: true };
    if (unsignedCount === 0) return found;
    return { ...found, detail: `${unsignedCount} awards have no credential that says what they are, since it cannot be signed; "issuing" at /v1/projections says which and why. Mend their badges and publish them with a backfill.` };
  }

  /** What keeps checkpoints from being signed or copied holds nobody up; a log that is not what was recorded does. */
  #audit(): readonly ReadinessCheck[] {
    const { audit } = this.engine.followers.status();
    if (!audit) return [];
    const detail = [audit.reason, audit.copyProblem && `Checkpoints are not copied: ${audit.copyProblem}`].filter((why) => why !== undefined).join(' ');
    return [{ name: 'audit', ok: audit.state !== 'parked', ...(detail !== '' && { detail }) }];
  }

  #followers(): readonly ReadinessCheck[] {
    const { awarding, issuing, projections } = this.engine.followers.status();
    const check = (name: string, ok: boolean, reason: string | undefined): ReadinessCheck => (ok ? { name, ok } : { name, ok, detail: reason ?? 'It does not follow the log.' });
    return [
      check('awarding', awarding.state === 'running', awarding.reason),
      check('issuing', issuing.state === 'running', issuing.reason),
      ...projections
        .filter(({ state }) => state === 'live')
        .map(({ projection, status, message }) => check(`projection ${projection}`, status === 'following', message)),
    ];
  }

  async #rules(): Promise<ReadinessCheck> {
    const { rulesAt } = this.startup;
    if (rulesAt === undefined) return { name: 'rules', ok: false, detail: 'The rules are being published.' };
    const shown = await this.engine.readModels.checkpoint('rulebook');
    return Math.max(0, shown) >= rulesAt ? { name: 'rules', ok: true } : { name: 'rules', ok: false, detail: 'The published rules are not loaded yet.' };
  }
}

interface ReadinessReport {
  readonly status: 'ready' | 'not ready';
  readonly checks: readonly ReadinessCheck[];
}

/** For whatever runs the engine: does it live, can it work. */
@ApiTags('operation')
@AskedOf('any')
@ForEverybody()
@Controller('health')
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  /** The process answers. */
  @Get('live')
  @ApiOperation({ summary: 'Is the process alive' })
  @ApiOkResponse({ description: 'It is.' })
  live(): { readonly status: 'live' } {
    return { status: 'live' };
  }

  /** The engine can take events in, decide and show. */
  @Get('ready')
  @ApiOperation({ summary: 'Can the engine work', description: 'The log can be written, nothing that follows it is parked, and the rules are loaded. To operators it says what is not well, and what to do.' })
  @ApiOkResponse({ description: 'It can.' })
  @ApiServiceUnavailableResponse({ description: 'It cannot; `checks` names what is not well.', schema: { $ref: getSchemaPath('ReadinessReport') } })
  async ready(@MaybeWho() who: Principal | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<ReadinessReport> {
    const found = await this.readiness.checks();
    // What is not well may name a learner's stream or a directory: that is for who runs the engine.
    const checks = who && reachOf(who, 'projection:read').includes('all') ? found : found.map(({ name, ok }) => ({ name, ok }));
    const ready = checks.every(({ ok }) => ok);
    reply.code(ready ? 200 : 503);
    return { status: ready ? 'ready' : 'not ready', checks };
  }
}
