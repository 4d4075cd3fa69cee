import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBadRequestResponse, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray, ValidateBy } from 'class-validator';
import { collectionAddress } from '#credentials/document/addresses.js';
import { isId, LIMITS } from '#intake/field-values.js';
import { isoTime } from '#projections/timeline-view.js';
import { May } from '../access/permission.js';
import type { Engine } from '../../engine.js';
import { isWornOut, readCollection, showCollection, withdrawCollection } from '../../privacy/shared-collection.js';
import { InjectEngine } from '../engine-token.js';
import { LearnerPipe } from '../learner-pipe.js';
import { refuse } from '../problem.js';

/** More are no choice. */
const MOST_AWARDS = 50;
/** So long an answer waits until the link works. */
const WAIT_MS = 2_000;

class CollectionBody {
  @ApiProperty({ description: 'Ids of the awards, in the order in which they are shown.', type: [String], minItems: 1, maxItems: MOST_AWARDS, maxLength: LIMITS.id, uniqueItems: true })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_AWARDS)
  @ArrayUnique()
  @ValidateBy({ name: 'ids', validator: { validate: (awards) => Array.isArray(awards) && awards.every(isId), defaultMessage: () => '$property must be ids of awards' } })
  awards!: string[];
}

/** What a learner shows to whoever has the link. */
interface OwnCollection {
  readonly shared: boolean;
  /** In the order in which they are shown; empty where nothing is. */
  readonly awards: readonly string[];
  /** The page, where it is shown; whoever knows this address sees it. */
  readonly url?: string;
  readonly sharedAt?: string;
  readonly changedAt?: string;
}

/** A learner's own choice of awards, to show under one link. Nobody else makes, changes or withdraws it, administrators and programs neither. */
@ApiTags('sharing')
@May('collection:share', { learner: 'id' })
@Controller('v1/learners/:id/collection')
export class CollectionsController {
  constructor(@InjectEngine() private readonly engine: Engine) {}

  /** What is shown now. */
  @Get()
  @ApiOperation({ summary: 'The collection that a learner shows', description: 'For the learner alone. Nothing is shown before they say so.' })
  @ApiOkResponse({ description: 'What is shown, and where.' })
  async own(@Param('id', LearnerPipe) id: string): Promise<OwnCollection> {
    const found = await readCollection(this.engine, id);
    if (found.status === 'none') return { shared: false, awards: [] };
    const { code, awards, sharedAt, changedAt } = found;
    return { shared: true, awards, url: collectionAddress(this.engine.config.publicUrl, code), sharedAt: isoTime(sharedAt), changedAt: isoTime(changedAt) };
  }

  /** Shows a choice, or another one under the same link. */
  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Show a choice of own awards',
    description:
      'Under a link that nobody can guess; a choice that is changed keeps it. It may name own awards that count, and such as it showed before: one that is suspended or revoked meanwhile is shown as that. ' +
      "Whoever has the link sees the badges, when they were awarded, by whom, and how they stand, and the learner's name only with the consent `public-name`.",
  })
  @ApiOkResponse({ description: 'What is shown now.' })
  @ApiBadRequestResponse({ description: 'An award is not theirs, or does not count.' })
  @ApiNotFoundResponse({ description: 'The learner is erased.' })
  async show(@Param('id', LearnerPipe) id: string, @Body() { awards }: CollectionBody): Promise<OwnCollection> {
    const { config: { tenant }, readModels, erased } = this.engine;
    if (erased.has(tenant, id)) throw refuse('not-found', 'This learner is erased; nothing is kept about them any more.');
    if (await isWornOut(this.engine, id)) throw refuse('conflict', 'This was changed too often to be changed again. What is shown stays, and can be withdrawn.');
    const before = await readCollection(this.engine, id);
    const shown = new Set(before.status === 'shared' ? before.awards : []);
    const own = new Map((await readModels.find('award', { where: { tenant, learner: id } })).map((row) => [row['award'], row['status']]));
    const wrong = awards.find((award) => !own.has(award) || (own.get(award) !== 'active' && !shown.has(award)));
    if (wrong !== undefined) throw refuse('bad-request', `The award "${wrong}" cannot be shown: it is not one of yours, or does not count now.`);
    await this.#reached(await showCollection(this.engine, id, awards, Date.now()));
    return this.own(id);
  }

  /** Shows nothing any more. */
  @Post('withdraw')
  @HttpCode(200)
  @ApiOperation({ summary: 'Show the collection no more', description: 'The link is dead with the answer, for good; what is shown later has another one.' })
  @ApiOkResponse({ description: 'Nothing is shown.' })
  async withdraw(@Param('id', LearnerPipe) id: string): Promise<OwnCollection> {
    await withdrawCollection(this.engine, id, Date.now());
    return this.own(id);
  }

  /** Where the read model is late, the link works a moment after the answer. */
  async #reached(position: number): Promise<void> {
    await this.engine.followers.waitFor(['shared-collections'], position, WAIT_MS);
  }
}
