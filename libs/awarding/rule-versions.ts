import type { RuleReference } from '#domain/award.js';
import type { RulePublished } from '#domain/rule-event.js';
import type { Rule } from '#rules/rule.js';
import { createRulebook, type LiveRule, type Rulebook } from '#rules/rulebook.js';

/** Every published rule version of one tenant: the live ones, and those that awards still name. */
export interface RuleVersions {
  /** All versions: superseded ones grant nothing any more, but the awards that name them are still judged by them. */
  readonly rulebook: Rulebook;
  /** The version that grants its badge now. */
  readonly live: (badge: string) => LiveRule | undefined;
  /** These versions and one more; the highest version of a badge is its live one. */
  readonly with: (published: RulePublished) => RuleVersions;
}

const key = (badge: string, version: number): string => `${badge} ${version}`;

const ruleVersions = (versions: ReadonlyMap<string, LiveRule>): RuleVersions => {
  const live = new Map<string, LiveRule>();
  for (const candidate of versions.values()) {
    const { badge, version } = candidate.reference;
    if ((live.get(badge)?.reference.version ?? 0) < version) live.set(badge, candidate);
  }
  let rulebook: Rulebook | undefined;
  return {
    // Built when it is asked for: many versions may be published in a row.
    get rulebook() {
      return (rulebook ??= createRulebook([...versions.values()]));
    },
    live: (badge) => live.get(badge),
    with: ({ badge, version, hash, document, backfill }) => {
      const reference: RuleReference = { badge, version, hash };
      // The stream holds only rules that the parser let through, so the shape is known.
      return ruleVersions(new Map(versions).set(key(badge, version), { rule: document as Rule, reference, ...(backfill && { backfill }) }));
    },
  };
};

/** No rule was published yet. */
export const noRules: RuleVersions = ruleVersions(new Map());
