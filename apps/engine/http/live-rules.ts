import { Injectable } from '@nestjs/common';
import type { Rule } from '#rules/rule.js';
import type { LiveRule } from '#rules/rulebook.js';
import type { Engine } from '../engine.js';
import { InjectEngine } from './engine-token.js';

/** A row of the `rule` collection: the live version of a badge's rule. */
export interface RuleRow {
  readonly badge: string;
  readonly version: number;
  readonly hash: string;
  /** The collection holds only rules that the parser let through. */
  readonly document: Rule;
  readonly source: string;
  readonly publishedAt: number;
}

/** The rules that are live now. */
@Injectable()
export class LiveRules {
  constructor(@InjectEngine() private readonly engine: Engine) {}

  /** The rows of all live rules, by badge. */
  async rows(): Promise<readonly RuleRow[]> {
    const { readModels, config } = this.engine;
    return (await readModels.find('rule', { where: { tenant: config.tenant } })) as unknown as readonly RuleRow[];
  }

  /** The live rules as the evaluator takes them. */
  async all(): Promise<readonly LiveRule[]> {
    return (await this.rows()).map(({ document, badge, version, hash }) => ({ rule: document, reference: { badge, version, hash } }));
  }
}
