import { Injectable } from '@nestjs/common';
import { EFFECTS, type BackfillEffects } from '#awarding/backfill-effects.js';
import { checkRules, type CheckedRule } from '#awarding/check-rules.js';
import { confirmationOf } from '#awarding/publish-rules.js';
import { readRuleVersions } from '#awarding/rule-versions.js';
import type { Diagnostic } from '#rules/diagnostic.js';
import type { RuleChange } from '#rules/rule-changes.js';
import type { Engine } from '../engine.js';
import { differenceView } from './backtest-view.js';
import { Backtests } from './backtests.js';
import { InjectEngine } from './engine-token.js';
import { problem, ProblemException, refuse } from './problem.js';

/** What diagnostics call the text of a request. */
export const SOURCE_FILE = 'source';
const LISTED = 20;

/** What publishing a rule for the past would do. */
export interface RulePreview {
  readonly outcome: 'preview';
  readonly badge: string;
  /** The version that it would be, and the one that is live now; 0 for none. */
  readonly version: number;
  readonly liveVersion: number;
  /** The log position that the preview shows. */
  readonly position: number;
  readonly changes: readonly RuleChange[];
  readonly warnings: readonly Diagnostic[];
  /** Against the newest version, on the same history. */
  readonly difference?: ReturnType<typeof differenceView>;
  /** What would become of the awards on record. */
  readonly backfill: BackfillEffects;
  /** Send it back as `confirm` to publish exactly this. */
  readonly confirm: string;
}

/** How many awards would change, and how, without whose they are. */
export const countsOf = (effects: BackfillEffects): Readonly<Record<string, number>> => Object.fromEntries(EFFECTS.map((effect) => [effect, effects[effect]]));

/** What is known of a rule before it is published. */
@Injectable()
export class RulePreviews {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly backtests: Backtests,
  ) {}

  /** @throws a problem: rule-invalid, with what is wrong and where */
  async check(source: string): Promise<CheckedRule> {
    const { store, config } = this.engine;
    const { checked: [checked], diagnostics } = checkRules([{ file: SOURCE_FILE, text: source }], await readRuleVersions(store, config.tenant));
    if (checked) return checked;
    throw new ProblemException(problem('rule-invalid', 'Nothing was published; `diagnostics` says what is wrong and where.', { diagnostics }));
  }

  /** What publishing it for the past would change; who approves a proposal gets a confirmation of their own. @throws a problem: version-moved, busy, unavailable */
  async of(checked: CheckedRule, { signal, expectedVersion, proposal }: { readonly signal: AbortSignal; readonly expectedVersion?: number | undefined; readonly proposal?: string }): Promise<RulePreview> {
    const { rule, hash, version, liveVersion, changes, warnings } = checked;
    const { store, config: { tenant } } = this.engine;
    if (expectedVersion !== undefined && expectedVersion !== liveVersion) {
      throw refuse('version-moved', `The live version of "${rule.badge}" is ${liveVersion}, not ${expectedVersion}. Nothing was published.`);
    }
    const against = (await readRuleVersions(store, tenant)).version(rule.badge, version - 1)?.rule;
    const result = await this.backtests.start({ tenant, rule, limit: LISTED, now: Date.now(), backfill: { version, hash }, ...(against && { against }) }, signal);
    const { position, complete, difference, backfill } = result;
    if (!complete || !backfill) throw refuse('unavailable', 'The preview was ended before it was complete. Nothing was published.');
    return {
      outcome: 'preview',
      badge: rule.badge,
      version,
      liveVersion,
      position,
      changes,
      warnings,
      ...(difference && { difference: differenceView(difference) }),
      backfill,
      confirm: confirmationOf(tenant, checked, position, proposal),
    };
  }
}
