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
import type { ColumnSample } from '../batches/columns.js';
import type { IssueSettings } from '../batches/issue-batch.js';
import type { PreviewedRow } from '../batches/preview.js';
import type { Engine } from '../engine.js';
import { CSV_BODY } from './bodies.js';
import { InjectEngine } from './engine-token.js';
import { OptionalChoice, OptionalId, OptionalText, OptionalTexts, OptionalTime, QueryInteger, Text, timeOf } from './fields.js';
import { refuse } from './problem.js';

const FIELDS = Object.entries(BATCH_FIELDS).map(([field, what]) => `${field}: ${what}`).join('; ');
const MAPPING = `Which column says what, by the columns' names, where the guess is wrong; "" takes one out. ${FIELDS}.`;
const [MAX_COLUMN, MAX_SOUGHT, MOST_ROWS, ROWS_AT_FIRST] = [10_000, 200, 500, 50];
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

class RowsQuery {
  @OptionalChoice('Only rows that stand so.', ['new', 'has', 'approved', 'stopped', 'bad'])
  standing?: PreviewedRow['standing'];

  @OptionalText('Only rows whose line, person, name or problems contain this.', MAX_SOUGHT)
  text?: string;

  @QueryInteger('How many rows at most.', 1, MOST_ROWS, ROWS_AT_FIRST)
  limit?: number;

  @QueryInteger('Only rows below this line: the last one of the page before.', 0, Number.MAX_SAFE_INTEGER)
  after?: number;
}

class IssueBody {
  @Text('`confirm` of the preview that was looked at: exactly that is issued.', 100)
  confirm!: string;

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

type Timed<T> = Omit<T, 'createdAt' | 'removedAt' | 'settings'> & { readonly createdAt: string; readonly removedAt: string };

/** What was said besides the rows, as it is sent. */
type SettingsAnswer = Omit<NonNullable<BatchView['settings']>, 'time'> & { readonly date?: string };

interface WholeBatchAnswer extends Timed<BatchView> {
  /** The login of who approves, for who may know it. */
  readonly byName?: string;
  /** As it was last issued, besides the rows. */
  readonly settings?: SettingsAnswer;
}

type BatchAnswer = WholeBatchAnswer | Timed<DamagedBatchView>;

const settingsAnswer = ({ time, ...rest }: NonNullable<BatchView['settings']>): SettingsAnswer => ({ ...rest, ...(time !== undefined && { date: isoTime(time) }) });

const batchAnswer = (batch: BatchView | DamagedBatchView, names: ReadonlyMap<string, string>): BatchAnswer => {
  const times = { createdAt: isoTime(batch.createdAt), removedAt: isoTime(batch.removedAt) };
  if (batch.state === 'damaged') return { ...batch, ...times };
  const { settings, ...rest } = batch;
  const [byName] = byOf(batch).flatMap((by) => names.get(by) ?? []);
  return { ...rest, ...(byName !== undefined && { byName }), ...(settings && { settings: settingsAnswer(settings) }), ...times };
};

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
    return this.#told(who, this.batches.desk.receive(badge, body, this.approvers.behind(who).at(-1)));
  }

  /** What is kept. */
  @Get()
  @ApiOperation({ summary: 'Batches', description: 'All that are kept, the newest first; at most 50.' })
  @ApiOkResponse({ description: '`items`: batches as `GET /v1/batches/{id}` tells them.' })
  async list(@Who() who: Principal): Promise<{ readonly items: readonly BatchAnswer[] }> {
    const items = await this.batches.desk.list();
    const names = await this.names.of(who, items.flatMap(byOf));
    return { items: items.map((one) => batchAnswer(one, names)) };
  }

  /** How far it is. */
  @Get(':id')
  @ApiOperation({ summary: 'A batch', description: '`state`: uploaded, waiting, issuing (with `progress`), done (with `result`), failed (with `problem`), cancelled, interrupted: the engine stopped meanwhile, and issuing it again goes on, or damaged: a crash or the disk has left nothing that can be read, and `DELETE` removes it.' })
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
  @ApiOperation({ summary: 'Issue a batch', description: 'Gives the badge to everybody in the file and draws their certificates, as the preview has shown it that `confirm` names; batches are issued one after another. A repeated row issues nothing twice.' })
  @ApiAcceptedResponse({ description: 'It is under way; `GET` says how far.' })
  @ApiNotFoundResponse({ description: 'There is no such batch, or no more.' })
  @ApiConflictResponse({ description: 'It is being issued, or done; or it is not what the preview has shown that `confirm` names (`preview-moved`).' })
  async issue(@Param('id') id: string, @Body() body: IssueBody, @Who() who: Principal): Promise<BatchAnswer> {
    return this.#told(who, this.#issue(id, body, who));
  }

  async #issue(id: string, body: IssueBody, who: Principal): Promise<BatchView> {
    return this.batches.desk.issue(id, body.confirm, settingsOf(body, this.approvers.of(who)));
  }

  /** Stops it. */
  @Post(':id/cancel')
  @HttpCode(202)
  @ApiOperation({ summary: 'Stop a batch', description: 'It ends as soon as it can (`state`: cancelled). Who is approved by then keeps that and gets the badge; issuing it again goes on.' })
  @ApiAcceptedResponse({ description: 'It is told to stop; `GET` says when it has.' })
  @ApiNotFoundResponse({ description: 'There is no such batch, or no more.' })
  @ApiConflictResponse({ description: 'It is not being issued.' })
  async cancel(@Param('id') id: string, @Who() who: Principal): Promise<BatchAnswer> {
    return this.#told(who, this.batches.desk.cancel(id));
  }

  /** Row by row. */
  @Get(':id/rows')
  @ApiOperation({ summary: 'Rows of a batch', description: 'What issuing it does to each row, as the preview has it, in the order of the file: new, has (the badge), approved (before, and something else is missing), stopped (taken away before), bad (with the problems, in English and Korean). They hold names.' })
  @ApiOkResponse({ description: '`items`: rows; `next`: the line to go on `after`, null at the end.' })
  @ApiNotFoundResponse({ description: 'There is no such batch, or no more.' })
  @ApiConflictResponse({ description: 'There is no preview yet.' })
  async rows(@Param('id') id: string, @QueryParams() { standing, text, limit = ROWS_AT_FIRST, after = 0 }: RowsQuery): Promise<{ readonly items: readonly PreviewedRow[]; readonly next: number | null }> {
    const found = await told(this.batches.desk.rows(id, { after, limit: limit + 1, ...(standing && { standing }), ...(text !== undefined && { text: text.trim() }) }));
    const items = found.slice(0, limit);
    return { items, next: found.length > limit ? (items.at(-1)?.line ?? null) : null };
  }

  /** What its columns hold. */
  @Get(':id/columns')
  @ApiOperation({ summary: 'Columns of a batch', description: 'Each column of the file with its first cells, to tell which says what. They hold names.' })
  @ApiOkResponse({ description: '`items`: columns, in the order of the file.' })
  @ApiNotFoundResponse({ description: 'There is no such batch, or no more.' })
  @ApiConflictResponse({ description: 'It is damaged.' })
  async columns(@Param('id') id: string): Promise<{ readonly items: readonly ColumnSample[] }> {
    return { items: await told(this.batches.desk.columns(id)) };
  }

  async #told(who: Principal, work: Promise<BatchView | DamagedBatchView>): Promise<BatchAnswer> {
    const batch = await told(work);
    return batchAnswer(batch, await this.names.of(who, byOf(batch)));
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
