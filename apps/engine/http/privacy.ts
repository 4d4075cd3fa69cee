import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Body, Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiProduces, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { ValidateBy, ValidateIf } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { reachOf } from '#access/decide.js';
import type { Principal } from '#access/principal.js';
import { createZip } from '#credentials/batch/zip.js';
import { learnerSubject } from '#vault/profiles.js';
import { learnerIdOf } from '#domain/recipient.js';
import { learnerStream } from '#domain/streams.js';
import { CONSENTS, type ConsentTo } from '#domain/consent.js';
import { ProofmarkError } from '#domain/errors.js';
import { eraseLearner } from '../privacy/erase-learner.js';
import { exportLearner } from '../privacy/export-learner.js';
import { changeConsent, changeProfile, learnerProfile, type LearnerProfile } from '../privacy/learner-profile.js';
import type { Engine } from '../engine.js';
import { May } from './access/permission.js';
import { Who } from './access/who.js';
import { InjectEngine } from './engine-token.js';
import { Choice, Flag, IdPipe, Text } from './fields.js';
import { refuse } from './problem.js';

const MAX_TEXT = 254;

/** A text to keep, or null to take it away. */
const Kept = (description: string): PropertyDecorator => (target, property) => {
  ApiPropertyOptional({ description: `${description} null takes it away.`, type: String, nullable: true, maxLength: MAX_TEXT })(target, property);
  ValidateIf((_body, value) => value !== undefined)(target, property);
  ValidateBy({ name: 'kept', validator: { validate: (value) => value === null || (typeof value === 'string' && value.trim() !== '' && value.length <= MAX_TEXT), defaultMessage: () => `$property must be text of 1 to ${MAX_TEXT} characters, or null` } })(target, property);
};

const CONSENT_TEXT =
  'Each use has its own; all are withdrawn until they are given, and what was withdrawn ends with the answer. `public-name`: the name stands on the public pages of the learner\'s badges and in ' +
  'their JSON, while a badge counts. `linkedin`: with it, the name also stands in the preview that LinkedIn fetches of such a page, of which it keeps a copy; the button "Add to profile" needs no consent, since it names ' +
  'nobody and the learner presses it. `cohort-statistics`: being counted in figures about cohorts that are published; there are none, so it is recorded and changes nothing. Analytics for the ' +
  'school are not published, rest on the school\'s own task, and leave out small groups.';

class ProfileBody {
  @Kept('The name.')
  name?: string | null;

  @Kept('The e-mail address.')
  email?: string | null;

  @Kept('The preferred language, like ko.')
  language?: string | null;
}

class ConsentBody {
  @Choice('To what.', CONSENTS)
  to!: ConsentTo;

  @Flag('Whether the learner consents.')
  given!: boolean;
}

class EraseBody {
  @Text('The id of the learner once more, so that nobody is erased by a slip.', MAX_TEXT)
  confirm!: string;

  @Text('Why, for the record; no names.', 500)
  reason!: string;
}

/** A learner's own data: to see, to change, to take away and to erase. */
@ApiTags('privacy')
@May('learner:own', { learner: 'id' })
@Controller('v1/learners/:id')
export class PrivacyController {
  constructor(@InjectEngine() private readonly engine: Engine) {}

  /** What is kept about them beside the record. */
  @Get('profile')
  @ApiOperation({ summary: 'Profile and consents', description: 'From the vault: the log holds no name and no address.' })
  @ApiOkResponse({ description: 'What is kept.' })
  async profile(@Param('id', IdPipe) id: string): Promise<LearnerProfile> {
    await this.#known(id);
    return learnerProfile(this.engine, this.#tenant, id);
  }

  /** Changes it. */
  @Post('profile')
  @HttpCode(200)
  @ApiOperation({ summary: 'Change the profile', description: 'What is not named stays.' })
  @ApiOkResponse({ description: 'What is kept now.' })
  @ApiNotFoundResponse({ description: 'The learner is erased.' })
  async change(@Param('id', IdPipe) id: string, @Body() { name, email, language }: ProfileBody): Promise<LearnerProfile> {
    await this.#known(id);
    try {
      await changeProfile(this.engine, this.#tenant, id, { ...(name !== undefined && { name }), ...(email !== undefined && { email }), ...(language !== undefined && { language }) });
    } catch (error) {
      if (error instanceof ProofmarkError && error.code === 'USAGE') throw refuse('bad-request', error.message);
      throw error;
    }
    return this.profile(id);
  }

  /** Gives or withdraws a consent. */
  @Post('consents')
  @HttpCode(200)
  @ApiOperation({ summary: 'Give or withdraw a consent', description: CONSENT_TEXT })
  @ApiOkResponse({ description: 'What is kept now.' })
  @ApiNotFoundResponse({ description: 'The learner is erased.' })
  async consent(@Param('id', IdPipe) id: string, @Body() { to, given }: ConsentBody): Promise<LearnerProfile> {
    await this.#known(id);
    await changeConsent(this.engine, this.#tenant, id, to, given, Date.now());
    return this.profile(id);
  }

  /** Everything about them, to take away. */
  @Get('export')
  @ApiOperation({ summary: 'Everything that is kept about a learner', description: 'A ZIP file of JSON, with a README in English and Korean.' })
  @ApiProduces('application/zip')
  @ApiOkResponse({ description: 'The file.' })
  async export(@Param('id', IdPipe) id: string, @Res() reply: FastifyReply): Promise<void> {
    await this.#known(id);
    // It is put together beside the data and not in memory; what is there after an error or at the end is removed.
    const dir = await mkdtemp(join(tmpdir(), 'proofmark-export-'));
    const remove = (): Promise<void> => rm(dir, { recursive: true, force: true });
    const file = join(dir, 'export.zip');
    try {
      await exportLearner(this.engine, { tenant: this.#tenant, learner: id, now: Date.now() }, await createZip(file));
    } catch (error) {
      await remove();
      throw error;
    }
    const content = createReadStream(file);
    content.once('close', () => void remove());
    await reply.headers({ 'content-type': 'application/zip', 'content-disposition': 'attachment; filename="proofmark-export.zip"', 'cache-control': 'no-store' }).send(content);
  }

  /** Erases them for good. */
  @Post('erase')
  @HttpCode(200)
  @ApiOperation({ summary: 'Erase a learner', description: 'Names, addresses, dead letters, batches, awards, credentials and pages: all that docs/data-protection.md names. It cannot be undone. Asked again, it goes on where it was left.' })
  @ApiOkResponse({ description: 'What went, in numbers.' })
  async erase(@Param('id', IdPipe) id: string, @Body() { confirm, reason }: EraseBody, @Who() who: Principal) {
    await this.#known(id);
    if (confirm !== id) throw refuse('bad-request', '"confirm" must be the id of the learner.');
    return eraseLearner(this.engine, { tenant: this.#tenant, learner: id, by: who.id, reason, byName: reachOf(who, 'learner:own').includes('all'), now: Date.now() });
  }

  /** @throws a problem: not found, for somebody of whom nothing was ever recorded or kept */
  async #known(id: string): Promise<void> {
    const { store, vault, keys, erased } = this.engine;
    const learner = await learnerIdOf(keys, this.#tenant, id);
    if (erased.has(this.#tenant, learner)) return;
    const [recorded] = await store.readStream(learnerStream(this.#tenant, learner), { limit: 1 });
    if (!recorded && !(await vault.get(learnerSubject(this.#tenant, learner)))) throw refuse('not-found', `Nothing is recorded about a learner "${id}".`);
  }

  get #tenant(): string {
    return this.engine.config.tenant;
  }
}
