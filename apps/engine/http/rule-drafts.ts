import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { Command, CommandBus, CommandHandler, Query, QueryBus, QueryHandler, type ICommandHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ApiConflictResponse, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { decide } from '#access/decide.js';
import type { Principal } from '#access/principal.js';
import { discardDraft, readDrafts, saveDraft, type BadgeDraft } from '#awarding/rule-drafts.js';
import { readRuleState } from '#awarding/rule-proposals.js';
import { isoTime } from '#projections/timeline-view.js';
import { DoerNames } from './access/doer-names.js';
import { May } from './access/permission.js';
import { Targets } from './access/targets.js';
import { Who } from './access/who.js';
import type { Engine } from '../engine.js';
import { InjectEngine } from './engine-token.js';
import { AnyText, IdPipe, OptionalAnyText, OptionalInteger } from './fields.js';
import { refuse } from './problem.js';
import { optionsOf } from './rule-publishing.js';

const MAX_TEXT = 100_000;
const MAX_COURSE = 200;
/** As rules name badges: what has another name can never be published. */
const BADGE = /^[a-z0-9][a-z0-9-]{0,63}$/;
const SEEN = 'The `revision` that its author has seen, 0 for none: where it is another one by now, nothing is done.';

class DraftBody {
  @AnyText('The course that it is for; "" for none.', MAX_COURSE) course!: string;
  @AnyText('What its author has written, as it is: it need not be a rule. It stays in the log; no names of people.', MAX_TEXT) source!: string;
  @OptionalAnyText('The text of its example cases; it has none where absent.', MAX_TEXT) cases?: string;
  @OptionalInteger(SEEN, 0, Number.MAX_SAFE_INTEGER) expectedRevision?: number;
}

class DiscardBody {
  @OptionalInteger(SEEN, 0, Number.MAX_SAFE_INTEGER) expectedRevision?: number;
}

interface DraftSaved {
  readonly badge: string;
  /** The course that it is for; "" for none. */
  readonly course: string;
  readonly savedAt: string;
  /** Who saved it last. */
  readonly by: string;
  /** Login or label, for who administers or audits. */
  readonly byName?: string;
  /** The version that was live when it was begun, 0 for none. */
  readonly basedOn: number;
}

/** A draft in a list. */
interface ListedDraft extends DraftSaved {
  /** Another version is live by now. */
  readonly stale: boolean;
}

/** A draft with its text. */
interface DraftView extends DraftSaved {
  /** Null where it was published or discarded. */
  readonly source: string | null;
  /** Where it was published or discarded, those of the last draft that was published; null where there are none. */
  readonly cases: string | null;
  /** How often it was saved or discarded; it goes back as `expectedRevision`. */
  readonly revision: number;
}

class FindDrafts extends Query<{ readonly items: readonly ListedDraft[] }> {
  constructor(readonly who: Principal) {
    super();
  }
}

class GetDraft extends Query<DraftView> {
  constructor(
    readonly badge: string,
    readonly who: Principal,
  ) {
    super();
  }
}

class SaveDraft extends Command<void> {
  constructor(
    readonly badge: string,
    readonly body: DraftBody,
    readonly who: Principal,
  ) {
    super();
  }
}

class DiscardDraft extends Command<void> {
  constructor(
    readonly badge: string,
    readonly expectedRevision: number | undefined,
    readonly who: Principal,
  ) {
    super();
  }
}

const savedView = ({ badge, course, savedAt, by, basedOn }: Omit<BadgeDraft, 'liveVersion' | 'revision'>, names: ReadonlyMap<string, string>): DraftSaved => {
  const name = names.get(by);
  return { badge, course, savedAt: isoTime(savedAt), by, ...(name !== undefined && { byName: name }), basedOn };
};

/** What is being written, as far as somebody may see it. */
@QueryHandler(FindDrafts)
export class FindDraftsHandler implements IQueryHandler<FindDrafts> {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly targets: Targets,
    private readonly names: DoerNames,
  ) {}

  async execute({ who }: FindDrafts): Promise<{ readonly items: readonly ListedDraft[] }> {
    const { store, config: { tenant } } = this.engine;
    const drafts = await readDrafts(store, tenant);
    const touched = await this.targets.ofDrafts(drafts);
    const seen = drafts.filter((_draft, i) => (touched[i] ?? []).every((target) => decide(who, 'rule:try', target).allowed));
    const names = await this.names.of(who, seen.map(({ by }) => by));
    return { items: seen.map((draft) => ({ ...savedView(draft, names), stale: draft.basedOn !== draft.liveVersion })) };
  }
}

/** What somebody is writing for a badge. */
@QueryHandler(GetDraft)
export class GetDraftHandler implements IQueryHandler<GetDraft> {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly names: DoerNames,
  ) {}

  async execute({ badge, who }: GetDraft): Promise<DraftView> {
    const { store, config: { tenant } } = this.engine;
    const { draft } = await readRuleState(store, tenant, badge);
    if (!draft) throw refuse('not-found', `Nobody has saved a draft for a badge "${badge}".`);
    const { source = null, cases = null, revision } = draft;
    return { ...savedView({ ...draft, badge }, await this.names.of(who, [draft.by])), source, cases, revision };
  }
}

/** Keeps what somebody is writing. */
@CommandHandler(SaveDraft)
export class SaveDraftHandler implements ICommandHandler<SaveDraft> {
  constructor(@InjectEngine() private readonly engine: Engine) {}

  async execute({ badge, body, who }: SaveDraft): Promise<void> {
    if (!BADGE.test(badge)) throw refuse('bad-request', 'The id of a badge has lower-case letters, digits and hyphens, at most 64.');
    const { course, source, cases, expectedRevision } = body;
    await saveDraft({ badge, course, source, by: who.id, ...(cases !== undefined && { cases }), ...(expectedRevision !== undefined && { expectedRevision }) }, optionsOf(this.engine));
  }
}

/** Discards what somebody is writing. */
@CommandHandler(DiscardDraft)
export class DiscardDraftHandler implements ICommandHandler<DiscardDraft> {
  constructor(@InjectEngine() private readonly engine: Engine) {}

  async execute({ badge, expectedRevision, who }: DiscardDraft): Promise<void> {
    await discardDraft({ badge, by: who.id, ...(expectedRevision !== undefined && { expectedRevision }) }, optionsOf(this.engine));
  }
}

/** Rules that somebody is writing; they decide nothing. */
@ApiTags('rules')
@Controller('v1/rules')
export class RuleDraftsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
  ) {}

  /** What is being written. */
  @May('rule:try', { eachDraft: true })
  @Get('drafts')
  @ApiOperation({ summary: 'Drafts', description: 'What is being written and neither published nor discarded, the latest first: of an instructor, in the courses that they teach.' })
  @ApiOkResponse({ description: 'The drafts.' })
  find(@Who() who: Principal): Promise<{ readonly items: readonly ListedDraft[] }> {
    return this.queries.execute(new FindDrafts(who));
  }

  /** What somebody is writing for a badge. */
  @May('rule:try', { draftOf: 'badge' })
  @Get(':badge/draft')
  @ApiOperation({ summary: 'The draft of a rule', description: 'What was saved last, with its example cases. Where it was published or discarded, the cases of the last draft that was published.' })
  @ApiOkResponse({ description: 'The draft.' })
  @ApiNotFoundResponse({ description: 'There never was one.' })
  get(@Param('badge', IdPipe) badge: string, @Who() who: Principal): Promise<DraftView> {
    return this.queries.execute(new GetDraft(badge, who));
  }

  /** Keeps what somebody is writing. */
  @May('rule:try', { draftOf: 'badge' })
  @Post(':badge/draft')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Save a draft',
    description:
      'Keeps any text, also one that is no rule; it decides nothing. There is one draft for a badge, for all who may write its rule. It ends when it is published word for word. ' +
      'Saving what is saved already changes nothing. An instructor teaches the course that is named, that of the saved draft, and those of all versions.',
  })
  @ApiOkResponse({ description: 'The draft as it is now.' })
  @ApiConflictResponse({ description: 'It was saved or discarded in between (`draft-moved`).' })
  async save(@Param('badge', IdPipe) badge: string, @Body() body: DraftBody, @Who() who: Principal): Promise<DraftView> {
    await this.commands.execute(new SaveDraft(badge, body, who));
    return this.queries.execute(new GetDraft(badge, who));
  }

  /** Discards what somebody is writing. */
  @May('rule:try', { draftOf: 'badge' })
  @Post(':badge/draft/discard')
  @HttpCode(200)
  @ApiOperation({ summary: 'Discard a draft', description: 'Twice is as once. It stays in the log.' })
  @ApiOkResponse({ description: 'What is left: the cases of the last draft that was published.' })
  @ApiNotFoundResponse({ description: 'There never was one.' })
  @ApiConflictResponse({ description: 'It was saved in between (`draft-moved`).' })
  async discard(@Param('badge', IdPipe) badge: string, @Body() { expectedRevision }: DiscardBody, @Who() who: Principal): Promise<DraftView> {
    await this.commands.execute(new DiscardDraft(badge, expectedRevision, who));
    return this.queries.execute(new GetDraft(badge, who));
  }
}
