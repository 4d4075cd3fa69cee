import type { components } from './schema.d.ts';

/* What the server answers with, by the names that the pages use. `schema.d.ts` is made from the OpenAPI document (`npm run openapi`). */

type Schemas = components['schemas'];

export type Problem = Schemas['Problem'];
export type Me = Schemas['WhoView'];
export type GrowthPath = Schemas['GrowthPathView'];
export type EarnedBadge = Schemas['EarnedView'];
export type BadgeInReach = Schemas['ReachView'];
export type CriterionProgress = Schemas['CriterionProgress'];
export type Pathway = Schemas['Pathway'];
export type PathwayStop = Schemas['PathwayStop'];
export type PathwayPlace = Schemas['PathwayPlace'];
export type PathwayStep = Schemas['PathwayStep'];
export type NextStep = Schemas['NextStep'];
export type OwnCollection = Schemas['OwnCollection'];
export type TimelinePage = Schemas['EntryViewPage'];
export type TimelineEntry = Schemas['EntryView'];
export type AwardDetail = Schemas['AwardDetail'];
export type ShownCredential = Schemas['ShownCredential'];
export type Explanation = Schemas['ExplanationView'];
export type Profile = Schemas['LearnerProfile'];
export type Erased = Schemas['Erased'];
export type EngagementPage = Schemas['BadgeEngagementPage'];
export type BadgeEngagement = Schemas['BadgeEngagement'];
export type BadgesReport = Schemas['BadgesReport'];
export type CoursesReport = Schemas['CoursesReport'];
export type Summary = Schemas['SummaryReport'];
export type AwardsOverTime = Schemas['AwardsOverTime'];
export type AwardPage = Schemas['AwardViewPage'];
export type Readiness = Schemas['ReadinessReport'];
export type Followers = Schemas['FollowersView'];
export type ReadModelState = Schemas['ProjectionState'];
export type LetterPage = Schemas['LetterViewPage'];
export type Letter = Schemas['LetterView'];
export type LetterDetail = Schemas['LetterDetail'];
export type LetterReason = Schemas['DeadLetterReason'];
export type LetterState = Schemas['LetterState'];
export type Replayed = Schemas['ReplayResult'];
export type ReplayAccount = Schemas['ReplayAccount'];
export type ApiKey = Schemas['KeyView'];
export type ShownKey = Schemas['ShownKey'];
export type NewKey = Schemas['KeyBody'];
/** The keys of programs, the latest first. */
export interface ApiKeyList {
  readonly items: readonly ApiKey[];
}
/** What can be earned. */
export interface BadgeList {
  readonly items: readonly Schemas['BadgeView'][];
}
