import type { Diagnostic } from '#rules/diagnostic.js';
import { parseRule, ruleHash } from '#rules/parse.js';
import { findCycle, requiredBadges } from '#rules/prerequisites.js';
import type { Rule } from '#rules/rule.js';
import { ruleChanges, type RuleChange } from '#rules/rule-changes.js';
import { isTimed } from '#rules/rulebook.js';
import { namesOf } from './names.js';
import type { RuleVersions } from './rule-versions.js';

/** A rule file as it was read. */
export interface RuleFile {
  /** Its name, for diagnostics. */
  readonly file: string;
  readonly text: string;
}

/** A rule that may be published, and what that would do. */
export interface CheckedRule extends RuleFile {
  readonly rule: Rule;
  readonly hash: string;
  /** unchanged: it is live as it is; retired: publishing it brings the badge back. */
  readonly standing: 'new' | 'unchanged' | 'changed' | 'retired';
  /** The version that is published now; 0 where none is. */
  readonly liveVersion: number;
  /** The version that it would be; the present one where it is unchanged. */
  readonly version: number;
  /**
   * Publishing it decides about everybody at once, without a backfill, too: a first version does, and one to which time
   * matters. Any other decides about each learner from their next event on.
   */
  readonly decidesAtOnce: boolean;
  /** Its stakes are high, or those of the newest version: over HTTP a second person has to approve it. */
  readonly highStakes: boolean;
  /** What differs from the newest version. */
  readonly changes: readonly RuleChange[];
  readonly warnings: readonly Diagnostic[];
}

/** What is right and what is wrong with some rule files. */
export interface Checks {
  readonly checked: readonly CheckedRule[];
  /** Errors: these files cannot be published. */
  readonly diagnostics: readonly Diagnostic[];
}

type Parsed = RuleFile & { readonly rule: Rule; readonly hash: string; readonly warnings: readonly Diagnostic[] };

const finding = (file: string, message: string, expected: string): Diagnostic => ({ file, line: 1, column: 1, message, expected });

/** The files that are right by themselves, one for each badge; whatever else there is goes into the diagnostics. */
const parseAll = (files: readonly RuleFile[], versions: RuleVersions, diagnostics: Diagnostic[]): readonly Parsed[] => {
  const firstFile = new Map<string, string>();
  const parsed = files.flatMap(({ file, text }): readonly RuleFile[] => {
    const result = parseRule(text, file);
    if (!result.ok) {
      diagnostics.push(...result.diagnostics);
      return [];
    }
    const { badge } = result.rule;
    const other = firstFile.get(badge);
    if (other !== undefined) {
      diagnostics.push(finding(file, `badge "${badge}" has a rule in ${other} already`, 'one rule for each badge'));
      return [];
    }
    firstFile.set(badge, file);
    return [{ file, text }];
  });
  const badges = [...firstFile.keys(), ...versions.all().map(({ rule }) => rule.badge)];
  return parsed.flatMap((one): readonly Parsed[] => {
    const result = parseRule(one.text, one.file, { badges }); // once more: only now it is known which badges there are
    return result.ok ? [{ ...one, rule: result.rule, hash: result.hash, warnings: result.warnings }] : [];
  });
};

/** Leaves out what would ask for itself by way of other badges. */
const withoutCycles = (parsed: readonly Parsed[], versions: RuleVersions, diagnostics: Diagnostic[]): readonly Parsed[] => {
  const live = versions.all().flatMap(({ rule }) => versions.live(rule.badge)?.rule ?? []);
  let accepted = parsed;
  for (;;) {
    const rules = new Map([...live, ...accepted.map(({ rule }) => rule)].map((rule) => [rule.badge, rule]));
    const cycle = findCycle([...rules.values()]);
    const wrong = cycle && accepted.find(({ rule }) => cycle.includes(rule.badge));
    if (!wrong) return accepted;
    const from = cycle.indexOf(wrong.rule.badge);
    const way = [...cycle.slice(from), ...cycle.slice(0, from), wrong.rule.badge];
    diagnostics.push(finding(wrong.file, `badge "${wrong.rule.badge}" asks for itself: ${way.join(' asks for ')}`, 'badges that do not ask for each other in a circle'));
    accepted = accepted.filter((one) => one !== wrong);
  }
};

const retirementWarnings = ({ file, rule }: Parsed, versions: RuleVersions): readonly Diagnostic[] =>
  [...requiredBadges(rule, versions.all().map((one) => one.rule))].flatMap((badge) =>
    versions.newest(badge) && !versions.published(badge)
      ? [{ file, line: 1, column: 1, message: `badge "${badge}" is retired: only who holds it already meets this`, severity: 'warning' as const }]
      : [],
  );

const standingOf = (parsed: Parsed, versions: RuleVersions): CheckedRule => {
  const { rule, hash, warnings } = parsed;
  const newest = versions.newest(rule.badge);
  const live = versions.published(rule.badge);
  // As it reads now: what was published in an earlier shape has another hash on record.
  const unchanged = live !== undefined && ruleHash(live.rule) === hash;
  const names = namesOf([], versions.all().map((one) => one.rule));
  return {
    ...parsed,
    standing: !newest ? 'new' : !live ? 'retired' : unchanged ? 'unchanged' : 'changed',
    liveVersion: live?.reference.version ?? 0,
    version: (newest?.reference.version ?? 0) + (unchanged ? 0 : 1),
    highStakes: rule.stakes === 'high' || newest?.rule.stakes === 'high',
    decidesAtOnce: !newest || (!unchanged && isTimed(rule)),
    changes: newest ? ruleChanges(newest.rule, rule, names) : [],
    warnings: [...warnings, ...retirementWarnings(parsed, versions)],
  };
};

/** Checks rule files against each other and against what is live: everything that can be known before publishing. */
export const checkRules = (files: readonly RuleFile[], versions: RuleVersions): Checks => {
  const diagnostics: Diagnostic[] = [];
  const right = withoutCycles(parseAll(files, versions, diagnostics), versions, diagnostics);
  return { checked: right.map((parsed) => standingOf(parsed, versions)), diagnostics };
};
