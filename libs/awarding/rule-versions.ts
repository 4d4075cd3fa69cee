import type { RuleReference } from '#domain/award.js';
import { readLogEvent } from '#domain/log-event.js';
import { isRuleChanged, isRuleDraft, type RuleChanged, type RuleEvent } from '#domain/rule-event.js';
import { parseStream } from '#domain/streams.js';
import type { EventStore } from '#event-store/event-store.js';
import { asksForBadges, circularVersions, type Circular } from '#rules/prerequisites.js';
import type { Rule } from '#rules/rule.js';
import { createRulebook, type LiveRule, type Rulebook } from '#rules/rulebook.js';

const PAGE = 1000;

/** Every published rule version of one tenant: the live ones, and those that awards still name. */
export interface RuleVersions {
  /**
   * All versions but circular ones: superseded and retired ones grant nothing any more, but the awards that name them are
   * still judged by them.
   */
  readonly rulebook: Rulebook;
  /** The version that grants its badge now: the one that is published, unless it is circular. */
  readonly live: (badge: string) => LiveRule | undefined;
  /** The version that was published last, unless it is retired. */
  readonly published: (badge: string) => LiveRule | undefined;
  /**
   * Versions that neither grant nor judge, since they would close a circle of badges that ask for each other: published
   * ones for which that was not known, because another was published at the same time, and superseded ones whose badge
   * others ask for now. Of published versions the later one gives way, and superseded ones give way to them.
   */
  readonly circular: readonly Circular<LiveRule>[];
  /** The highest version, live or retired. */
  readonly newest: (badge: string) => LiveRule | undefined;
  readonly version: (badge: string, version: number) => LiveRule | undefined;
  /** Every version of a badge's rule, in the order of their publication. */
  readonly of: (badge: string) => readonly Rule[];
  /** The first version of each badge, in the order in which badges came to be. */
  readonly firsts: () => readonly Rule[];
  /** The highest version of each badge. */
  readonly all: () => readonly LiveRule[];
  /** These versions and one more, or without one that is live: the highest version of a badge is its live one until it is retired. */
  readonly with: (event: RuleChanged) => RuleVersions;
}

const key = (badge: string, version: number): string => `${badge} ${version}`;

const ruleVersions = (versions: ReadonlyMap<string, LiveRule>, retired: ReadonlySet<string>): RuleVersions => {
  const newest = new Map<string, LiveRule>();
  for (const candidate of versions.values()) {
    const { badge, version } = candidate.reference;
    if ((newest.get(badge)?.reference.version ?? 0) < version) newest.set(badge, candidate);
  }
  const published = (badge: string): LiveRule | undefined => (retired.has(badge) ? undefined : newest.get(badge));
  const isPublished = (version: LiveRule): boolean => published(version.rule.badge) === version;
  // Both are worked out when they are asked for: many versions may be published in a row.
  let rulebook: Rulebook | undefined;
  let circular: readonly Circular<LiveRule>[] | undefined;
  const circularOnes = (): readonly Circular<LiveRule>[] => {
    if (circular) return circular;
    const asking = [...versions.values()].filter(({ rule }) => asksForBadges(rule));
    const inOrder = [...asking.filter(isPublished), ...asking.filter((one) => !isPublished(one)).reverse()];
    return (circular = circularVersions(inOrder, [...newest.values()].map(({ rule }) => rule)));
  };
  const isCircular = (version: LiveRule): boolean => asksForBadges(version.rule) && circularOnes().some((one) => one.version === version);
  return {
    get rulebook() {
      return (rulebook ??= createRulebook([...versions.values()].filter((version) => !isCircular(version))));
    },
    live: (badge) => {
      const version = published(badge);
      return version && isCircular(version) ? undefined : version;
    },
    published,
    get circular() {
      return circularOnes();
    },
    newest: (badge) => newest.get(badge),
    version: (badge, version) => versions.get(key(badge, version)),
    of: (badge) => [...versions.values()].flatMap(({ rule }) => (rule.badge === badge ? [rule] : [])),
    firsts: () => [...versions.values()].flatMap(({ rule, reference }) => (reference.version === 1 ? [rule] : [])),
    all: () => [...newest.values()],
    with: (event) => {
      const { badge, version } = event;
      const others = new Set(retired);
      if (event.type === 'RuleRetired') return ruleVersions(versions, others.add(badge));
      others.delete(badge);
      const reference: RuleReference = { badge, version, hash: event.hash };
      // The stream holds only rules that the parser let through, so the shape is known.
      const rule = event.document as Rule;
      return ruleVersions(new Map(versions).set(key(badge, version), { rule, reference, ...(event.backfill && { backfill: true }) }), others);
    },
  };
};

/** No rule was published yet. */
export const noRules: RuleVersions = ruleVersions(new Map(), new Set());

/** The rule versions of a tenant as the log has them. */
export const readRuleVersions = async (store: EventStore, tenant: string): Promise<RuleVersions> => {
  let versions = noRules;
  for (let after = 0; ; ) {
    const page = await store.readAll({ after, limit: PAGE, categories: ['rule'] });
    for (const { stream, type, schema, json } of page) {
      if (parseStream(stream)?.tenant !== tenant || isRuleDraft(type)) continue;
      const event = readLogEvent(type, schema, json) as RuleEvent;
      if (isRuleChanged(event)) versions = versions.with(event);
    }
    const last = page.at(-1);
    if (!last) return versions;
    after = last.position;
  }
};
