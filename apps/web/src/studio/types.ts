import type { components } from '../api/schema.d.ts';

/* What the server says of rules, by the names that the studio uses. */

type Schemas = components['schemas'];

export type Lint = Schemas['Lint'];
export type Finding = Schemas['Finding'];
export type Diagnostic = Schemas['Diagnostic'];
export type RuleRow = Schemas['RuleView'];
export type RuleDetail = Schemas['RuleDetail'];
export type Backtest = Schemas['BacktestView'];
export type BacktestLine = Schemas['BacktestLine'];
export type BacktestProgress = Schemas['BacktestProgress'];
export type NearMiss = Schemas['NearMiss'];
export type Changed = Schemas['ChangedView'];
export type RuleTest = Schemas['RuleTest'];
export type RulePreview = Schemas['RulePreview'];
export type RuleChange = Schemas['RuleChange'];
export type Proposal = Schemas['ProposalView'];
export type Diagnostics = Schemas['RuleDiagnostics'];
export type Words = Schemas['Words'];
/** What came of retiring. */
export type Retired = Schemas['Retired'];
/** What came of publishing. */
export type Submitted = Schemas['PublishedView'] | Schemas['ProposedView'] | RulePreview;
export type PublishBody = Schemas['PublishBody'];
/** Example cases with one more, made of what is recorded of a learner. */
export type CaseTaken = Schemas['CaseView'];
/** A draft as it was saved. */
export type Draft = Schemas['DraftView'];
/** The drafts that somebody may see. */
export type DraftRow = Schemas['ListedDraft'];
