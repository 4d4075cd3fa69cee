import { Readable } from 'node:stream';
import { Body, Controller, Delete, Get, HttpCode, Injectable, Logger, Param, Post, Query as QueryParams, Res, StreamableFile, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import {
  ApiAcceptedResponse, ApiBody, ApiConflictResponse, ApiConsumes, ApiCreatedResponse, ApiNoContentResponse, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiProduces, ApiResponse, ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Principal } from '#access/principal.js';
import { BATCH_FIELDS, readMapping, type Mapping } from '#credentials/batch/mapping.js';
import { LANGUAGES, TEMPLATES, type Language, type Template } from '#credentials/certificate/certificate.js';
import { ProofmarkError } from '#domain/errors.js';
import { LIMITS } from '#intake/field-values.js';
import { isoTime } from '#projections/timeline-view.js';
import { Approvers } from './access/approvers.js';
import { DoerNames } from './access/doer-names.js';
import { May } from './access/permission.js';
import { Who } from './access/who.js';
import { BatchDesk, BatchRefusal, type BatchView, type DamagedBatchView } from '../batches/desk.js';
import type { IssueSettings } from '../batches/issue-batch.js';
import type { Engine } from '../engine.js';
import { CSV_BODY } from './bodies.js';
import { InjectEngine } from './engine-token.js';
import { OptionalChoice, OptionalId, OptionalText, OptionalTexts, OptionalTime, timeOf } from './fields.js';
import { refuse } from './problem.js';

const FIELDS = Object.entries(BATCH_FIELDS).map(([field, what]) => `${field}: ${what}`).join('; ');
const MAPPING = `Which column says what, by the columns' names, where the guess is wrong; "" takes one out. ${FIELDS}.`;
const MAX_COLUMN = 10_000;
/** As long as an attribute of an event. */
const MAX_REASON = LIMITS.attributeText;

class UploadQuery {
  @OptionalId('The badge to give; its rule has the criterion "approval".')
  badge?: string;
}

class LookBody {
  @OptionalTexts(MAPPING, MAX_COLUMN)
  mapping?: Record<string, string>;
}

class IssueBody {
  @OptionalTexts(MAPPING, MAX_COLUMN)
  mapping?: Record<string, string>;

  @OptionalText('Why, for rows that do not say; it becomes part of the badge.', MAX_REASON)
  reason?: string;

  @OptionalTime('When it was achieved, for rows that do not say; now where absent.')
  date?: string;

  @OptionalChoice("Design of the certificates; the issuer's where absent.", TEMPLATES)
  template?: Template;

  @OptionalChoice("Language of the certificates, for rows that do not say; the badge's where absent.", LANGUAGES)
  language?: Language;
}

/** Who gives it; [] while nobody does. */
const byOf = (batch: BatchView | DamagedBatchView): readonly string[] => ('by' in batch && batch.by !== undefined ? [batch.by] : []);

const batchView = (batch: BatchView | DamagedBatchView, names: ReadonlyMap<string, string>) => {
  const { createdAt, removedAt, ...rest } = batch;
  const [byName] = byOf(batch).flatMap((by) => names.get(by) ?? []);
  return { ...rest, ...(byName !== undefined && { byName }), createdAt: isoTime(createdAt), removedAt: isoTime(removedAt) };
};
type BatchAnswer = ReturnType<typeof batchView>;

const mappingOf = (mapping: Readonly<Record<string, string>> | undefined): Mapping => readMapping(Object.entries(mapping ?? {}));

const settingsOf = ({ reason, date, template, language }: IssueBody, by: string): IssueSettings => {
  const time = timeOf(date);
  if (reason !== undefined && /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(reason)) throw refuse('bad-request', 'reason must be text of one line.');
  if (time !== undefined && time > Date.now()) throw refuse('bad-request', 'date must not be in the future.');
  return { by, ...(reason !== undefined && { reason }), ...(time !== undefined && { time }), ...(template && { template }), ...(language && { language }) };
};

/** What is refused becomes a problem of the request. */
const told = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    if (error instanceof BatchRefusal) throw refuse(error.kind, error.message);
    if (error instanceof ProofmarkError && error.code === 'USAGE') throw refuse('bad-request', error.message);
    throw error;
  }
};

/** The desk of this engine, for as long as the server runs. */
@Injectable()
export class Batches implements OnApplicationBootstrap, OnModuleDestroy {
  readonly desk: BatchDesk;

  constructor(@InjectEngine() engine: Engine) {
    const log = new Logger('batches');
    this.desk = new BatchDesk(engine, Date.now, (line) => log.error(line));
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.desk.sweep();
  }

  async onModuleDestroy(): Promise<void> {
    await this.desk.close();
  }
}

/** A badge for everybody in a file. */
@ApiTags('batches')
@May('batch:issue')
@Controller('v1/batches')
export class BatchesController {
  constructor(
    private readonly batches: Batches,
    private readonly approvers: Approvers,
    private readonly names: DoerNames,
  ) {}

  /** Takes a file; nothing is issued yet. */
  @Post()
  @RouteConfig(CSV_BODY)
  @ApiOperation({
    summary: 'Upload a batch',
    description:
      'A CSV file whose first line names the columns (UTF-8, UTF-16 or CP949; commas, semicolons or tabs; at most 50 MB and 100,000 rows). The ' +
      'answer says which column seems to say what, and what issuing would do. The file holds names: it is removed with the batch, or after 24 hours.',
  })
  @ApiConsumes('text/csv')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiCreatedResponse({ description: 'The batch with its `id`, `mapping` and `preview`; `problem` where no column says who gets the badge.' })
  @ApiNotFoundResponse({ description: 'There is no such badge.' })
  @ApiResponse({ status: 400, description: 'The file cannot be read, or people cannot give this badge; `detail` says why.' })
  @ApiResponse({ status: 413, description: 'The file is larger than 50 MB.' })
  @ApiResponse({ status: 429, description: 'Too many batches are kept.' })
  async upload(@QueryParams() { badge }: UploadQuery, @Body() body: unknown, @Who() who: Principal): Promise<BatchAnswer> {
    if (badge === undefined) throw refuse('bad-request', 'badge must be given: POST /v1/batches?badge=…');
    if (!(body instanceof Readable)) throw refuse('unsupported-media-type', 'Send the file as the body, with the content type text/csv.');
    return this.#told(who, this.batches.desk.receive(badge, body));
  }

  /** What is kept. */
  @Get()
  @ApiOperation({ summary: 'Batches', description: 'All that are kept, the newest first; at most 50.' })
  @ApiOkResponse({ description: '`items`: batches as `GET /v1/batches/{id}` tells them.' })
  async list(@Who() who: Principal): Promise<{ readonly items: readonly BatchAnswer[] }> {
    const items = await this.batches.desk.list();
    const names = await this.names.of(who, items.flatMap(byOf));
    return { items: items.map((one) => batchView(one, names)) };
  }

  /** How far it is. */
  @Get(':id')
  @ApiOperation({ summary: 'A batch', description: '`state`: uploaded, waiting, issuing (with `progress`), done (with `result`), failed (with `problem`), interrupted: the engine stopped meanwhile, and issuing it again goes on, or damaged: a crash or the disk has left nothing that can be read, and `DELETE` removes it.' })
  @ApiOkResponse({ description: 'The batch.' })
  @ApiNotFoundResponse({ description: 'There is no such batch, or no more.' })
  async get(@Param('id') id: string, @Who() who: Principal): Promise<BatchAnswer> {
    return this.#told(who, this.batches.desk.get(id));
  }

  /** Shows what other columns would give. */
  @Post(':id/preview')
  @HttpCode(200)
  @ApiOperation({ summary: 'Look at a batch with other columns', description: 'The batch remembers them.' })
  @ApiOkResponse({ description: 'The batch with its `preview`.' })
  @ApiNotFoundResponse({ description: 'There is no such batch, or no more.' })
  @ApiConflictResponse({ description: 'It is being issued, or done.' })
  async look(@Param('id') id: string, @Body() { mapping }: LookBody, @Who() who: Principal): Promise<BatchAnswer> {
    return this.#told(who, this.#look(id, mapping, who));
  }

  async #look(id: string, mapping: LookBody['mapping'], who: Principal): Promise<BatchView> {
    return this.batches.desk.look(id, mappingOf(mapping), this.approvers.of(who));
  }

  /** Starts it. */
  @Post(':id/issue')
  @HttpCode(202)
  @ApiOperation({ summary: 'Issue a batch', description: 'Gives the badge to everybody in the file and draws their certificates; batches are issued one after another. A repeated row issues nothing twice.' })
  @ApiAcceptedResponse({ description: 'It is under way; `GET` says how far.' })
  @ApiNotFoundResponse({ description: 'There is no such batch, or no more.' })
  @ApiConflictResponse({ description: 'It is being issued, or done.' })
  async issue(@Param('id') id: string, @Body() body: IssueBody, @Who() who: Principal): Promise<BatchAnswer> {
    return this.#told(who, this.#issue(id, body, who));
  }

  async #issue(id: string, body: IssueBody, who: Principal): Promise<BatchView> {
    return this.batches.desk.issue(id, mappingOf(body.mapping), settingsOf(body, this.approvers.of(who)));
  }

  async #told(who: Principal, work: Promise<BatchView | DamagedBatchView>): Promise<BatchAnswer> {
    const batch = await told(work);
    return batchView(batch, await this.names.of(who, byOf(batch)));
  }

  /** The ZIP file. */
  @Get(':id/archive')
  @ApiOperation({ summary: 'Certificates of a batch', description: 'A ZIP file: certificates as PDF and PNG, credentials as JSON, and index.csv. It holds names.' })
  @ApiProduces('application/zip')
  @ApiOkResponse({ description: 'The file.' })
  @ApiNotFoundResponse({ description: 'There is no such batch, or no more.' })
  @ApiConflictResponse({ description: 'It is not issued yet.' })
  async archive(@Param('id') id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<StreamableFile> {
    const { stream, length } = await told(this.batches.desk.archive(id));
    reply.header('content-disposition', `attachment; filename="batch-${id}.zip"`);
    return new StreamableFile(stream, { type: 'application/zip', length });
  }

  /** Removes it. */
  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a batch', description: 'Its file and its archive are removed; what it has issued stays.' })
  @ApiNoContentResponse({ description: 'It is gone.' })
  @ApiNotFoundResponse({ description: 'There is no such batch, or no more.' })
  @ApiConflictResponse({ description: 'It is being issued.' })
  async remove(@Param('id') id: string): Promise<void> {
    await told(this.batches.desk.remove(id));
  }
}
