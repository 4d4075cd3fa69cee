import { randomBytes, randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ACTIONS, PEOPLE_ONLY } from '#access/actions.js';
import type { KnownKey } from '#access/directory.js';
import { overlap } from '#access/patterns.js';
import type { Principal } from '#access/principal.js';
import { freshKey, type FreshKey } from '#access/secret.js';
import { showWebhookSecret } from '#access/webhook-signature.js';
import { apiKey, type ApiKeyCommand } from '#domain/api-key.js';
import { apiKeyStream } from '#domain/streams.js';
import { execute } from '#event-store/execute.js';
import { isoTime } from '#projections/timeline-view.js';
import type { Engine } from '../../engine.js';
import { InjectEngine } from '../engine-token.js';
import { Choices, IdPipe, OptionalInteger, OptionalPatterns, Text } from '../fields.js';
import { refuse } from '../problem.js';
import { ApiKeyCheck } from './api-key-check.js';
import { May } from './permission.js';
import { Who } from './who.js';

const MAX_PATTERNS = 1_000;
const [MAX_LABEL, MAX_REASON] = [100, 500];
const [DAY_MINUTES, WEEK_MINUTES] = [1_440, 10_080];

class KeyBody {
  @Text('What it is for: the name of the program that uses it, and nobody\'s name.', MAX_LABEL)
  label!: string;

  @Choices('What it may do.', ACTIONS.filter((action) => !PEOPLE_ONLY.includes(action)))
  actions!: string[];

  @OptionalPatterns('Courses that it may touch; one that ends in "*" is the beginning of many. All where absent.', MAX_PATTERNS)
  courses?: string[];

  @OptionalPatterns('In the name of which sources it may send events; all where absent.', MAX_PATTERNS)
  sources?: string[];
}

class RotateKeyBody {
  @OptionalInteger('For how many minutes the secret before stays good.', 0, WEEK_MINUTES, DAY_MINUTES)
  overlapMinutes?: number;
}

class RevokeKeyBody {
  @Text('Why, for the record.', MAX_REASON)
  reason!: string;
}

const keyView = ({ key, status, grant, issuedAt, issuedBy, previous }: KnownKey) => ({
  id: key,
  status,
  ...grant,
  issuedAt: isoTime(issuedAt),
  issuedBy,
  ...(previous && { previousUntil: isoTime(previous.until) }),
});

type KeyView = ReturnType<typeof keyView>;

/** A key with what is shown this one time. */
type ShownKey = KeyView & { readonly secret: string; readonly signingSecret: string };

/** The keys of programs. A key is shown once, when it is made. */
@ApiTags('access')
@Controller('v1/access/keys')
export class ApiKeysController {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly check: ApiKeyCheck,
  ) {}

  /** All keys of the tenant. */
  @May('access:read')
  @Get()
  @ApiOperation({ summary: 'API keys', description: 'The latest first, revoked ones included; never the keys themselves.' })
  @ApiOkResponse({ description: 'The keys.' })
  list() {
    return { items: this.engine.access.keys(this.engine.config.tenant).map(keyView) };
  }

  /** A new key. */
  @May('access:manage')
  @Post()
  @HttpCode(201)
  @ApiOperation({ summary: 'Make an API key', description: 'The answer holds the key, this one time: only its hash is kept. `signingSecret` is for senders that sign instead of showing the key (Standard Webhooks), and for messages in Kafka.' })
  @ApiCreatedResponse({ description: 'The key and what it may do.' })
  async create(@Body() { label, actions, courses, sources }: KeyBody, @Who() who: Principal): Promise<ShownKey> {
    this.#checkSources(actions, courses, sources);
    const fresh = freshKey(randomBytes);
    const grant = { label, actions: [...new Set(actions)], ...(courses && { courses }), ...(sources && { sources }) };
    await this.#do({ type: 'Issue', ...this.#about(fresh.id, who), hash: fresh.hash, ...grant });
    return this.#shown(fresh);
  }

  /** Another secret for a key. */
  @May('access:manage')
  @Post(':id/rotate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Change the secret of an API key', description: 'The one before stays good for a while, so that programs can change over.' })
  @ApiOkResponse({ description: 'The key with its new secret, this one time.' })
  @ApiNotFoundResponse({ description: 'There is no such key, or it is revoked.' })
  async rotate(@Param('id', IdPipe) id: string, @Body() { overlapMinutes = DAY_MINUTES }: RotateKeyBody, @Who() who: Principal): Promise<ShownKey> {
    this.#ours(id);
    const fresh = freshKey(randomBytes, id);
    const about = this.#about(id, who);
    await this.#do({ type: 'Rotate', ...about, hash: fresh.hash, previousUntil: about.at + overlapMinutes * 60_000 });
    return this.#shown(fresh);
  }

  /** The end of a key. */
  @May('access:manage')
  @Post(':id/revoke')
  @HttpCode(200)
  @ApiOperation({ summary: 'Revoke an API key', description: 'It opens nothing any more, from the moment of the answer.' })
  @ApiOkResponse({ description: 'The key.' })
  @ApiNotFoundResponse({ description: 'There is no such key.' })
  async revoke(@Param('id', IdPipe) id: string, @Body() { reason }: RevokeKeyBody, @Who() who: Principal) {
    this.#ours(id);
    await this.#do({ type: 'Revoke', ...this.#about(id, who), reason });
    return this.#view(id);
  }

  /**
   * Facts are told apart by their source, and a correction reaches every fact of its own. So a key that is kept to some courses must have
   * sources that no key for other courses has.
   */
  #checkSources(actions: readonly string[], courses: readonly string[] | undefined, sources: readonly string[] | undefined): void {
    if (!actions.includes('event:send')) return;
    if (courses && actions.includes('learner:read')) throw refuse('bad-request', 'A key that sends events about some courses only cannot read growth paths: whom it enrols in one of them it could read whole. Make a key for each.');
    if (courses && !sources) throw refuse('bad-request', 'A key that sends events about some courses only has to name its sources, so that it cannot correct what others have said.');
    const others = this.engine.access.keys(this.engine.config.tenant).filter(({ status, grant }) => status === 'active' && grant.actions.includes('event:send'));
    const rival = others.find(({ grant }) => sources && grant.sources && (courses ?? grant.courses) && !isDeepStrictEqual(grant.courses, courses) && overlap(grant.sources, sources));
    if (rival) throw refuse('conflict', `The key "${rival.grant.label}" sends for one of these sources about other courses. Give each a source of its own.`);
  }

  #about(key: string, who: Principal) {
    return { tenant: this.engine.config.tenant, key, by: who.id, at: Date.now() };
  }

  /** A key of another tenant is as absent as one that never was. */
  #ours(id: string): KnownKey {
    const known = this.engine.access.key(id);
    if (known?.tenant !== this.engine.config.tenant) throw refuse('not-found', `There is no API key "${id}".`);
    return known;
  }

  /** The key with what is shown this one time: its text, and with what its owner signs. */
  async #shown({ id, text }: FreshKey): Promise<ShownKey> {
    return { ...this.#view(id), secret: text, signingSecret: showWebhookSecret(await this.check.secretOf(this.#ours(id))) };
  }

  #view(id: string) {
    return keyView(this.#ours(id));
  }

  async #do(command: ApiKeyCommand): Promise<void> {
    const { store, access } = this.engine;
    const { position } = await execute(store, apiKey, apiKeyStream(command.tenant, command.key), command, { newId: randomUUID });
    await access.reached(position);
  }
}
