import { APP_GUARD } from '@nestjs/core';
import { Module, type DynamicModule } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import type { Engine } from '../engine.js';
import { AnalyticsReads } from './analytics-reads.js';
import { AnalyticsController, GetReportHandler } from './analytics.js';
import { ArtefactsController } from './artefacts.js';
import { AuditController, AuditRecords } from './audit.js';
import { AwardsController, FindAwardsHandler, GetAwardHandler, ReviewAwardHandler } from './awards.js';
import { Backtests } from './backtests.js';
import { BadgeImagesController } from './badge-images.js';
import { BadgePictures } from './badge-pictures.js';
import { Batches, BatchesController } from './batches.js';
import { Badges, BadgesController, FindBadgesHandler, GetBadgeHandler } from './badges.js';
import { Certificates } from './certificates.js';
import { CredentialDocumentsController } from './credential-documents.js';
import { CourseProgress } from './course-places.js';
import { CoursesController } from './course-progress.js';
import { Courses } from './courses.js';
import {
  DeadLettersController,
  FindDeadLettersHandler,
  GetDeadLetterHandler,
  ReplayDeadLetterHandler,
  ReplayDeadLettersHandler,
} from './dead-letters.js';
import { ENGINE_TOKEN } from './engine-token.js';
import { Engagement } from './engagement/engagement.js';
import { EngagementAnalyticsController, FindCredentialEngagementHandler, FindEngagementHandler } from './engagement/engagement-analytics.js';
import { EngagementReads } from './engagement/engagement-reads.js';
import { EventsController, SubmitEventsHandler } from './events.js';
import { ExplainBadgeHandler, ExplanationsController } from './explanations.js';
import { HealthController, Readiness, Startup } from './health.js';
import { LearnerChanges, LearnerChangesController } from './learner-changes.js';
import { FindGrowthPathHandler, FindTimelineHandler, GrowthPaths, LearnersController } from './learners.js';
import { IssuedCredentials } from './issued-credentials.js';
import { IssuerDocumentsController } from './issuer-documents.js';
import { IssuersController } from './issuers.js';
import { LiveRules } from './live-rules.js';
import { Metrics, MetricsController } from './metrics.js';
import { GetFollowersHandler, ProjectionsController, RebuildProjectionHandler } from './projections.js';
import { Reads } from './reads.js';
import { RuleTests } from './rule-tests.js';
import { LintRuleHandler, RuleToolsController, TestRuleHandler } from './rule-tools.js';
import { BacktestRuleHandler, RuleBacktestController } from './rule-backtest.js';
import { ApproveRuleHandler, FindProposalsHandler, RejectRuleHandler, RuleProposalsController } from './rule-proposals.js';
import { MakeCaseHandler, RuleCases, RuleCasesController } from './rule-cases.js';
import { GetFileCasesHandler, RuleFileCasesController } from './rule-file-cases.js';
import { DiscardDraftHandler, FindDraftsHandler, GetDraftHandler, RuleDraftsController, SaveDraftHandler } from './rule-drafts.js';
import { FindRuleNamesHandler, RuleNamesController } from './rule-names.js';
import { RulePreviews } from './rule-previews.js';
import { GetRuleDiagnosticsHandler, PublishRuleHandler, RetireRuleHandler, RulePublishingController } from './rule-publishing.js';
import { FindRulesHandler, FindRuleVersionsHandler, GetRuleHandler, RulesController } from './rules.js';
import { PrivacyController } from './privacy.js';
import { PrivateArtefacts } from './private-artefacts.js';
import { MissedCodes } from './missed-codes.js';
import { Verification } from './verification.js';
import { VerifyController } from './verify.js';
import { VerifyPagesController } from './verify-pages.js';
import { CollectionPagesController } from './collection-pages.js';
import { CollectionsController } from './sharing/collections.js';
import { LearnerCredentials } from './sharing/learner-credentials.js';
import { OEmbedController } from './sharing/oembed.js';
import { OpenBadges2Controller } from './sharing/open-badges-2.js';
import { OpenBadgesApiController } from './sharing/open-badges-api.js';
import { SharedCredentialsController } from './sharing/shared-credentials.js';
import { TranscriptsController } from './sharing/transcripts.js';
import { RoleGuard } from './role-guard.js';
import { AccessGuard } from './access/access-guard.js';
import { Accounts } from './access/accounts.js';
import { ActionLog } from './access/action-log.js';
import { ApiKeyCheck } from './access/api-key-check.js';
import { ApiKeysController } from './access/api-keys.js';
import { Approvers } from './access/approvers.js';
import { Authentication } from './access/authentication.js';
import { DoerNames } from './access/doer-names.js';
import { FirstAdministrator } from './access/first-administrator.js';
import { LocalPeople } from './access/local-people.js';
import { PeopleController } from './access/people.js';
import { OidcSignInController } from './access/oidc-sign-in.js';
import { Providers } from './access/providers.js';
import { RequestLimits } from './access/request-limits.js';
import { SessionCookie } from './access/session-cookie.js';
import { SignInController } from './access/sign-in.js';
import { Tokens, TokensController } from './access/tokens.js';
import { Targets } from './access/targets.js';
import { FigureReads } from './figures/figure-reads.js';
import { FiguresController, GetFiguresHandler } from './figures/figures.js';
import { KeptReads } from './kept-reads.js';
import { HeldBadges } from './skills/held-badges.js';
import { RoleReads } from './skills/role-reads.js';
import { FindOnTheWayHandler, GetRolesHandler, RolesController } from './skills/roles.js';
import { SkillReads } from './skills/skill-reads.js';
import { FindSkilledLearnersHandler, GetSkillsHandler, SkillsController } from './skills/skills.js';
import { SmallGroups } from './small-groups.js';
import { BareAddressController } from './bare-address.js';
import { WebPages, WebPagesController } from './web-pages.js';

/** Every page and route of the engine. To add a topic: write its file and name its controller and handlers here. */
@Module({})
export class HttpModule {
  /** The module around a running engine. */
  static of(engine: Engine): DynamicModule {
    return {
      module: HttpModule,
      imports: [CqrsModule.forRoot()],
      controllers: [
        BareAddressController,
        WebPagesController,
        EventsController,
        LearnersController,
        LearnerChangesController,
        PrivacyController,
        AwardsController,
        AuditController,
        BadgesController,
        BatchesController,
        CoursesController,
        AnalyticsController,
        EngagementAnalyticsController,
        SkillsController,
        RolesController,
        FiguresController,
        ExplanationsController,
        RuleBacktestController,
        RulePublishingController,
        RuleProposalsController,
        RuleFileCasesController,
        RuleNamesController,
        RuleDraftsController,
        RulesController,
        RuleToolsController,
        RuleCasesController,
        CredentialDocumentsController,
        SharedCredentialsController,
        OEmbedController,
        CollectionsController,
        CollectionPagesController,
        OpenBadges2Controller,
        OpenBadgesApiController,
        TranscriptsController,
        IssuerDocumentsController,
        IssuersController,
        VerifyController,
        VerifyPagesController,
        ArtefactsController,
        BadgeImagesController,
        DeadLettersController,
        ProjectionsController,
        SignInController,
        OidcSignInController,
        ApiKeysController,
        TokensController,
        PeopleController,
        HealthController,
        MetricsController,
      ],
      providers: [
        { provide: ENGINE_TOKEN, useValue: engine },
        { provide: APP_GUARD, useClass: RoleGuard },
        { provide: APP_GUARD, useClass: AccessGuard },
        ...[Authentication, SessionCookie, Providers, Accounts, Targets, ActionLog, RequestLimits, ApiKeyCheck, Tokens, LocalPeople, FirstAdministrator, Approvers, DoerNames],
        ...[Reads, LiveRules, Courses, CourseProgress, GrowthPaths, SmallGroups, Badges, AnalyticsReads, Backtests, RulePreviews, RuleTests, RuleCases, Startup, Readiness, Metrics],
        ...[IssuedCredentials, Verification, MissedCodes, BadgePictures, Certificates, PrivateArtefacts, Engagement, EngagementReads, LearnerCredentials, Batches, AuditRecords, WebPages, LearnerChanges],
        ...[KeptReads, HeldBadges, SkillReads, GetSkillsHandler, FindSkilledLearnersHandler, RoleReads, GetRolesHandler, FindOnTheWayHandler, FigureReads, GetFiguresHandler],
        ...[SubmitEventsHandler, FindGrowthPathHandler, FindTimelineHandler],
        ...[FindAwardsHandler, GetAwardHandler, ReviewAwardHandler, FindBadgesHandler, GetBadgeHandler, GetReportHandler],
        ...[FindEngagementHandler, FindCredentialEngagementHandler],
        ...[FindRulesHandler, GetRuleHandler, FindRuleVersionsHandler, FindRuleNamesHandler, GetFileCasesHandler, ExplainBadgeHandler],
        ...[FindDraftsHandler, GetDraftHandler, SaveDraftHandler, DiscardDraftHandler],
        ...[LintRuleHandler, TestRuleHandler, MakeCaseHandler],
        ...[BacktestRuleHandler, PublishRuleHandler, RetireRuleHandler, GetRuleDiagnosticsHandler, FindProposalsHandler, ApproveRuleHandler, RejectRuleHandler],
        ...[FindDeadLettersHandler, GetDeadLetterHandler, ReplayDeadLetterHandler, ReplayDeadLettersHandler],
        ...[GetFollowersHandler, RebuildProjectionHandler],
      ],
    };
  }
}
