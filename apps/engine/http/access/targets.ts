import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Target } from '#access/decide.js';
import type { BadgeDraft } from '#awarding/rule-drafts.js';
import { readRuleState } from '#awarding/rule-proposals.js';
import { readRuleVersions } from '#awarding/rule-versions.js';
import { readCode } from '#credentials/code.js';
import { learnerIdOf } from '#domain/recipient.js';
import type { Row } from '#projections/read-model.js';
import { reachesOutsiders } from '#rules/outsiders.js';
import { parseRule } from '#rules/parse.js';
import type { Rule } from '#rules/rule.js';
import type { Engine } from '../../engine.js';
import { InjectEngine } from '../engine-token.js';
import type { TargetOf } from './permission.js';

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const membersOf = (value: unknown): Readonly<Record<string, unknown>> => (typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {});

/** Finds what requests act upon, for those who may not act upon everything. */
@Injectable()
export class Targets {
  constructor(@InjectEngine() private readonly engine: Engine) {}

  /**
   * What a request acts upon; who may do it has to be allowed for each. [] where it touches nothing of anybody; undefined where it names
   * what is not there.
   */
  async of(of: TargetOf | undefined, request: FastifyRequest): Promise<readonly Target[] | undefined> {
    const parameters = membersOf(request.params);
    if (of === undefined) return [this.#whole];
    if ('learner' in of) return [await this.#learner(textOf(parameters[of.learner]) ?? '')];
    if ('course' in of) return [{ tenant: this.engine.config.tenant, courses: [textOf(parameters[of.course]) ?? ''] }];
    if ('award' in of) return this.#award(await this.engine.readModels.get('award', { award: textOf(parameters[of.award]) ?? '' }));
    if ('proposal' in of) return this.#proposal(textOf(parameters[of.badge]) ?? '', textOf(parameters[of.proposal]) ?? '');
    if ('badge' in of) return this.#badge(textOf(parameters[of.badge]) ?? '');
    if ('ruleOf' in of) return this.#ruleOf(textOf(parameters[of.ruleOf]) ?? '');
    if ('code' in of) return this.#code(textOf(membersOf(request.body)['code']) ?? '');
    if ('draftOf' in of) return this.#draftOf(textOf(parameters[of.draftOf]) ?? '', textOf(membersOf(request.body)['course']));
    if ('eachEvent' in of || 'eachDraft' in of || 'eachCourse' in of) return [];
    if ('query' in of) {
      const { learner, ...others } = membersOf(request.query);
      return this.#query({ learner, ...(of.query === true && others) });
    }
    return this.#rule(membersOf(request.body));
  }

  /** What each of some drafts touches. */
  async ofDrafts(drafts: readonly BadgeDraft[]): Promise<readonly (readonly Target[])[]> {
    const { store, config: { tenant } } = this.engine;
    const versions = await readRuleVersions(store, tenant);
    return drafts.map(({ badge, course }) => this.#drafting(versions.of(badge), [course]));
  }

  /** All of the tenant: only who may act upon everything is allowed. */
  get #whole(): Target {
    return { tenant: this.engine.config.tenant };
  }

  async #learner(given: string): Promise<Target> {
    const { readModels, keys, config: { tenant } } = this.engine;
    const learner = await learnerIdOf(keys, tenant, given);
    const rows = await readModels.find('roster', { where: { tenant, learner } });
    return { tenant, learner, courses: rows.map(({ course }) => course as string) };
  }

  #award(row: Row | undefined): readonly Target[] | undefined {
    const { tenant } = this.engine.config;
    return row?.['tenant'] === tenant ? [{ tenant, learner: row['learner'] as string, courses: [row['course'] as string] }] : undefined;
  }

  /** Every course in which the badge ever was: its awards are there. */
  async #badge(badge: string): Promise<readonly Target[] | undefined> {
    const rules = await this.#versionsOf(badge);
    return rules.length === 0 ? undefined : [...new Set(rules.map(({ course }) => course))].map((course) => ({ tenant: this.engine.config.tenant, courses: [course] }));
  }

  /** As `#badge`; everything where a version of the rule could be met by anybody: it has awards that follow what becomes of the rule. */
  async #ruleOf(badge: string): Promise<readonly Target[] | undefined> {
    return (await this.#versionsOf(badge)).some(reachesOutsiders) ? [this.#whole] : this.#badge(badge);
  }

  /** Whatever the text says, and whether it says anything: what a draft touches is the course that it was saved for, the one that it is to be saved for, and those of the rule. One that was given up touches nothing more. */
  async #draftOf(badge: string, named: string | undefined): Promise<readonly Target[]> {
    const { store, config: { tenant } } = this.engine;
    const { draft } = await readRuleState(store, tenant, badge);
    return this.#drafting(await this.#versionsOf(badge), [draft?.source === undefined ? undefined : draft.course, named].flatMap((course) => course ?? []));
  }

  /** All of the tenant where there is no course, or a version could be met by anybody. */
  #drafting(versions: readonly Rule[], named: readonly string[]): readonly Target[] {
    const courses = [...new Set([...named, ...versions.map(({ course }) => course)])];
    if (courses.includes('') || versions.some(reachesOutsiders)) return [this.#whole];
    return courses.map((course) => ({ tenant: this.engine.config.tenant, courses: [course] }));
  }

  async #versionsOf(badge: string): Promise<readonly Rule[]> {
    const { store, config: { tenant } } = this.engine;
    return (await readRuleVersions(store, tenant)).of(badge);
  }

  async #code(typed: string): Promise<readonly Target[] | undefined> {
    const { readModels, config: { tenant } } = this.engine;
    const code = readCode(typed);
    const row = code === undefined ? undefined : await readModels.get('credential', { code });
    return row?.['tenant'] === tenant ? this.#award(await readModels.get('award', { award: row['award'] })) : undefined;
  }

  async #query({ learner, course, badge }: Readonly<Record<string, unknown>>): Promise<readonly Target[] | undefined> {
    const { tenant } = this.engine.config;
    const named = textOf(course);
    const whom = textOf(learner) === undefined ? undefined : await this.#learner(textOf(learner) ?? '');
    if (named !== undefined) return [{ tenant, ...(whom?.learner !== undefined && { learner: whom.learner }), courses: [named] }];
    if (whom) return [whom];
    return textOf(badge) === undefined ? [this.#whole] : this.#badge(textOf(badge) ?? '');
  }

  /** The course that the text names, and the one in which the badge is already: who teaches the one may not take the badge of the other. */
  async #rule({ source, badge }: Readonly<Record<string, unknown>>): Promise<readonly Target[] | undefined> {
    if (textOf(source) === undefined) return textOf(badge) === undefined ? [] : this.#ruleOf(textOf(badge) ?? '');
    const parsed = parseRule(textOf(source) ?? '', 'rule');
    // What is no rule touches nothing; its author is told what is wrong with it.
    return parsed.ok ? this.#publishing(parsed.rule) : [];
  }

  async #publishing(rule: Rule): Promise<readonly Target[]> {
    // Whom badges or approvals alone can make earn it may be anybody of the tenant.
    if (reachesOutsiders(rule)) return [this.#whole];
    return [{ tenant: this.engine.config.tenant, courses: [rule.course] }, ...((await this.#ruleOf(rule.badge)) ?? [])];
  }

  /** What publishing, or retiring, what is proposed touches. */
  async #proposal(badge: string, id: string): Promise<readonly Target[] | undefined> {
    const { store, config: { tenant } } = this.engine;
    const found = (await readRuleState(store, tenant, badge)).proposals.find(({ proposal }) => proposal === id);
    if (!found) return undefined;
    return found.type === 'RuleProposed' ? this.#publishing(found.document as Rule) : this.#ruleOf(badge);
  }
}
