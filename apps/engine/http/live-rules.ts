import { Injectable } from '@nestjs/common';
import type { Rule } from '#rules/rule.js';
import type { LiveRule } from '#rules/rulebook.js';
import type { Engine } from '../engine.js';
import { InjectEngine } from './engine-token.js';

/** A row of the `rule` collection: the newest version of a badge's rule. */
export interface RuleRow {
  readonly badge: string;
  readonly version: number;
  readonly hash: string;
  /** The collection holds only rules that the parser let through. */
  readonly document: Rule;
  readonly source: string;
  readonly publishedAt: number;
  readonly publishedBy: string | null;
  readonly approvedBy: string | null;
  /** Null while it is live. */
  readonly retiredAt: number | null;
  readonly retiredBy: string | null;
  readonly retirementApprovedBy: string | null;
  readonly retiredBecause: string | null;
}

const liveRuleOf = ({ document, badge, version, hash }: Pick<RuleRow, 'document' | 'badge' | 'version' | 'hash'>): LiveRule => ({ rule: document, reference: { badge, version, hash } });

/** The rules that are live now, and those that were. */
@Injectable()
export class LiveRules {
  constructor(@InjectEngine() private readonly engine: Engine) {}

  /** The rows of all live rules, by badge. */
  async rows(): Promise<readonly RuleRow[]> {
    return (await this.newest()).filter(({ retiredAt }) => retiredAt === null);
  }

  /** The newest version of every rule, retired ones included, by badge. */
  async newest(): Promise<readonly RuleRow[]> {
    const { readModels, config } = this.engine;
    return (await readModels.find('rule', { where: { tenant: config.tenant } })) as unknown as readonly RuleRow[];
  }

  /** The first version of every rule, in the order in which badges came to be. */
  async firsts(): Promise<readonly Rule[]> {
    const { readModels, config } = this.engine;
    const rows = await readModels.find('rule_version', { where: { tenant: config.tenant, version: 1 }, orderBy: ['position'] });
    return rows.map(({ document }) => document as Rule);
  }

  /** The versions of some badges' rules before the newest. */
  async before(newest: readonly LiveRule[], badges: readonly string[]): Promise<readonly LiveRule[]> {
    const asked = new Set(badges);
    const revised = new Map(newest.flatMap(({ reference: { badge, version } }) => (version > 1 && asked.has(badge) ? [[badge, version]] : [])));
    if (revised.size === 0) return [];
    const { readModels, config } = this.engine;
    const rows = (await readModels.find('rule_version', { where: { tenant: config.tenant, badge: { in: [...revised.keys()] } } })) as unknown as readonly RuleRow[];
    return rows.filter(({ badge, version }) => version !== revised.get(badge)).map(liveRuleOf);
  }

  /** The newest rules as the evaluator takes them, and the badges of those that were retired. */
  async all(): Promise<{ readonly rules: readonly LiveRule[]; readonly retired: ReadonlySet<string> }> {
    const rows = await this.newest();
    return {
      rules: rows.map(liveRuleOf),
      retired: new Set(rows.filter(({ retiredAt }) => retiredAt !== null).map(({ badge }) => badge)),
    };
  }
}
