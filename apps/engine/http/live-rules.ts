import { Injectable } from '@nestjs/common';
import type { RuleReference } from '#domain/award.js';
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

const versionKey = ({ badge, version }: Pick<RuleReference, 'badge' | 'version'>): string => `${version}/${badge}`;

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

  /** Finds the rules of these versions: among the newest, which are at hand, or else in the past. */
  async versions(references: readonly RuleReference[], newest: readonly LiveRule[]): Promise<(reference: RuleReference) => Rule | undefined> {
    const known = new Map(newest.map(({ rule, reference }) => [versionKey(reference), rule]));
    const past = references.filter((reference) => !known.has(versionKey(reference)));
    if (past.length > 0) {
      const { readModels, config } = this.engine;
      const [badges, versions] = [new Set(past.map(({ badge }) => badge)), new Set(past.map(({ version }) => version))];
      const where = { tenant: config.tenant, badge: { in: [...badges] }, version: { in: [...versions] } };
      for (const { badge, version, document } of (await readModels.find('rule_version', { where })) as unknown as readonly RuleRow[]) known.set(versionKey({ badge, version }), document);
    }
    return (reference) => known.get(versionKey(reference));
  }

  /** The newest rules as the evaluator takes them, and the badges of those that were retired. */
  async all(): Promise<{ readonly rules: readonly LiveRule[]; readonly retired: ReadonlySet<string> }> {
    const rows = await this.newest();
    return {
      rules: rows.map(({ document, badge, version, hash }) => ({ rule: document, reference: { badge, version, hash } })),
      retired: new Set(rows.filter(({ retiredAt }) => retiredAt !== null).map(({ badge }) => badge)),
    };
  }
}
