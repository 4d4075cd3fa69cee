import { Body, Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { Command, CommandBus, CommandHandler, Query, QueryBus, QueryHandler, type ICommandHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ApiConflictResponse, ApiForbiddenResponse, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags, ApiUnprocessableEntityResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Principal } from '#access/principal.js';
import { checkRules } from '#awarding/check-rules.js';
import { assertConfirmed, inTurn } from '#awarding/publish-rules.js';
import { approveProposal, readProposals, readRuleState, rejectProposal } from '#awarding/rule-proposals.js';
import { readRuleVersions, type RuleVersions } from '#awarding/rule-versions.js';
import { rule as ruleDecider, type Proposal } from '#domain/rule-event.js';
import { isoTime } from '#projections/timeline-view.js';
import type { Diagnostic } from '#rules/diagnostic.js';
import type { RuleChange } from '#rules/rule-changes.js';
import { ADMIN_KEY_ID } from './access/authentication.js';
import { DoerNames } from './access/doer-names.js';
import { May } from './access/permission.js';
import { Who } from './access/who.js';
import type { Engine } from '../engine.js';
import { whileConnected } from './connection.js';
import { InjectEngine } from './engine-token.js';
import { IdPipe, OptionalText, Text } from './fields.js';
import { refuse } from './problem.js';
import { RulePreviews, SOURCE_FILE, type RulePreview } from './rule-previews.js';
import { optionsOf } from './rule-publishing.js';

class ApproveBody {
  @OptionalText('Where it judges what is on record: `confirm` of the preview that the answer without it gives.', 100)
  confirm?: string;
}

class RejectBody {
  @Text('Why, for the record; no names.', 500)
  reason!: string;
}

interface ProposalView {
  readonly badge: string;
  readonly proposal: string;
  readonly change: 'publish' | 'retire';
  readonly proposedBy: string;
  /** Login or label, for who administers or audits. */
  readonly proposedByName?: string;
  readonly proposedAt: string;
  /** The live version that it was meant for, 0 for none. */
  readonly liveVersion: number;
  /** Another version went live: it can only be rejected. */
  readonly stale: boolean;
  /** Of a retirement. */
  readonly reason?: string;
  readonly hash?: string;
  readonly source?: string;
  readonly backfill?: true;
  /** With a backfill: how many awards it would have changed, and how, when it was proposed. */
  readonly effects?: Readonly<Record<string, number>>;
  /** What differs from the newest version now. */
  readonly changes?: readonly RuleChange[];
  readonly decidesAtOnce?: boolean;
  /** What is wrong with it by now, or may be. */
  readonly diagnostics?: readonly Diagnostic[];
}

/** What would come of approving it, with what was expected when it was proposed. */
type ApprovalPreview = RulePreview & { readonly proposal: string; readonly proposedEffects?: Readonly<Record<string, number>> };
type Approved = { readonly badge: string; readonly proposal: string } & Awaited<ReturnType<typeof approveProposal>>;

class FindProposals extends Query<{ readonly items: readonly ProposalView[] }> {
  constructor(readonly who: Principal) {
    super();
  }
}

class ApproveRule extends Command<Approved | ApprovalPreview> {
  constructor(
    readonly badge: string,
    readonly proposal: string,
    readonly confirm: string | undefined,
    readonly who: Principal,
    readonly signal: AbortSignal,
  ) {
    super();
  }
}

interface Rejected {
  readonly badge: string;
  readonly proposal: string;
  readonly outcome: 'rejected';
  readonly position: number;
}

class RejectRule extends Command<Rejected> {
  constructor(
    readonly badge: string,
    readonly proposal: string,
    readonly reason: string,
    readonly who: Principal,
  ) {
    super();
  }
}

const contentView = (proposal: Proposal, versions: RuleVersions): Partial<ProposalView> => {
  if (proposal.type === 'RetirementProposed') return { change: 'retire', reason: proposal.reason };
  const { hash, source, backfill, effects } = proposal;
  const { checked: [checked], diagnostics } = checkRules([{ file: SOURCE_FILE, text: source }], versions);
  return {
    change: 'publish', hash, source, ...(backfill && { backfill }), ...(effects && { effects }),
    ...(checked && { changes: checked.changes, decidesAtOnce: checked.decidesAtOnce }), diagnostics: [...diagnostics, ...(checked?.warnings ?? [])],
  };
};

/** Proposals that nobody has decided about. */
@QueryHandler(FindProposals)
export class FindProposalsHandler implements IQueryHandler<FindProposals> {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly names: DoerNames,
  ) {}

  async execute({ who }: FindProposals): Promise<{ readonly items: readonly ProposalView[] }> {
    const { store, config: { tenant } } = this.engine;
    const [open, versions] = [await readProposals(store, tenant), await readRuleVersions(store, tenant)];
    const names = await this.names.of(who, open.map(({ by }) => by));
    const items = open.map((one): ProposalView => {
      const { badge, proposal, by, proposedAt, liveVersion, stale = false } = one;
      const name = names.get(by);
      return { badge, proposal, change: 'publish', proposedBy: by, ...(name !== undefined && { proposedByName: name }), proposedAt: isoTime(proposedAt), liveVersion, stale, ...contentView(one, versions) };
    });
    return { items };
  }
}

/** A second person approves what was proposed. */
@CommandHandler(ApproveRule)
export class ApproveRuleHandler implements ICommandHandler<ApproveRule> {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly previews: RulePreviews,
  ) {}

  async execute({ badge, proposal, confirm, who, signal }: ApproveRule): Promise<Approved | ApprovalPreview> {
    const found = await this.#open(badge, proposal, who);
    if (found.type === 'RuleProposed') {
      if (confirm !== undefined && !found.backfill) throw refuse('bad-request', '"confirm" belongs to a proposal that judges what is on record.');
      if (found.backfill && confirm === undefined) {
        const preview = await this.previews.of(await this.previews.check(found.source), { signal, proposal });
        return { ...preview, proposal, ...(found.effects && { proposedEffects: found.effects }) };
      }
    } else if (confirm !== undefined) throw refuse('bad-request', 'A retirement has no preview to confirm.');
    const options = optionsOf(this.engine);
    const done = await inTurn(options, async () => {
      if (found.type === 'RuleProposed') {
        // Other rules may have changed: it must still be right beside them, and be read as it was.
        const checked = await this.previews.check(found.source);
        if (checked.hash !== found.hash) throw refuse('version-moved', 'The text that was proposed is read as another rule by this version of the program. Reject it and propose it again.');
        if (confirm !== undefined) assertConfirmed(options.tenant, checked, confirm, proposal);
      }
      return approveProposal({ badge, proposal, by: who.id }, options);
    });
    const image = found.type === 'RuleProposed' ? (await this.previews.check(found.source)).rule.design.image : undefined;
    await this.engine.artwork.fetch(image === undefined ? [] : [image]);
    return { badge, proposal, ...done };
  }

  /** The proposal, where this person may approve it. @throws a problem: not-found, second-approver, version-moved */
  async #open(badge: string, proposal: string, who: Principal): Promise<Proposal> {
    const { store, config: { tenant } } = this.engine;
    const state = await readRuleState(store, tenant, badge);
    const found = state.proposals.find((one) => one.proposal === proposal);
    if (!found) throw refuse('not-found', `There is no open proposal ${proposal} for the rule of "${badge}": nobody made it, or somebody has decided about it.`);
    if (who.kind === 'machine' || who.id === ADMIN_KEY_ID) throw refuse('second-approver', 'A person who has signed in approves this: of a key nobody knows whose hand it is in.');
    ruleDecider.decide({ type: 'Approve', badge, proposal, by: who.id, at: Date.now() }, state); // refuses before anything is worked out
    return found;
  }
}

/** Somebody turns a proposal down, or takes theirs back. */
@CommandHandler(RejectRule)
export class RejectRuleHandler implements ICommandHandler<RejectRule> {
  constructor(@InjectEngine() private readonly engine: Engine) {}

  async execute({ badge, proposal, reason, who }: RejectRule): Promise<Rejected> {
    const { position } = await rejectProposal({ badge, proposal, reason, by: who.id }, optionsOf(this.engine));
    return { badge, proposal, outcome: 'rejected', position };
  }
}

/** Changes of rules of high stakes, which take two people. */
@ApiTags('rules')
@Controller('v1/rules')
export class RuleProposalsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
  ) {}

  /** What waits for a second person. */
  @May('rule:read')
  @Get('proposals')
  @ApiOperation({ summary: 'Open proposals', description: 'Changes of rules with `stakes: high` that wait for a second person, the oldest first, each with what differs from the newest version.' })
  @ApiOkResponse({ description: 'The proposals.' })
  find(@Who() who: Principal): Promise<{ readonly items: readonly ProposalView[] }> {
    return this.queries.execute(new FindProposals(who));
  }

  /** Approves one: it goes live. */
  @May('rule:publish', { proposal: 'proposal', badge: 'badge' })
  @Post(':badge/proposals/:proposal/approve')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Approve a proposal',
    description:
      'Publishes, or retires, exactly what was proposed. Somebody approves who has signed in, may publish the rule, and is neither who proposed it nor ' +
      'has been shown a secret of the key that did. One that judges what is on record answers with a preview first; its `confirm` approves.',
  })
  @ApiOkResponse({ description: 'Published or retired (`outcome`), or the preview.' })
  @ApiForbiddenResponse({ description: 'A second person has to (`second-approver`).' })
  @ApiNotFoundResponse({ description: 'There is no such open proposal.' })
  @ApiConflictResponse({ description: 'Another version is live than it was meant for, or than the preview showed.' })
  @ApiUnprocessableEntityResponse({ description: 'The rule is wrong by now; `diagnostics` says what and where.' })
  approve(@Param('badge', IdPipe) badge: string, @Param('proposal', IdPipe) proposal: string, @Body() { confirm }: ApproveBody, @Who() who: Principal, @Res({ passthrough: true }) reply: FastifyReply): Promise<Approved | ApprovalPreview> {
    return this.commands.execute(new ApproveRule(badge, proposal, confirm, who, whileConnected(reply)));
  }

  /** Turns one down, or takes it back. */
  @May('rule:publish', { proposal: 'proposal', badge: 'badge' })
  @Post(':badge/proposals/:proposal/reject')
  @HttpCode(200)
  @ApiOperation({ summary: 'Reject a proposal', description: 'Whoever may publish the rule turns it down; who proposed it takes it back.' })
  @ApiOkResponse({ description: 'It is closed.' })
  @ApiNotFoundResponse({ description: 'There is no such open proposal.' })
  reject(@Param('badge', IdPipe) badge: string, @Param('proposal', IdPipe) proposal: string, @Body() { reason }: RejectBody, @Who() who: Principal): Promise<Rejected> {
    return this.commands.execute(new RejectRule(badge, proposal, reason, who));
  }
}
