import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import { checkRules, type CheckedRule } from '#awarding/check-rules.js';
import { publishRule, retireRule, type PublishOptions } from '#awarding/publish-rules.js';
import { readRuleVersions, type RuleVersions } from '#awarding/rule-versions.js';
import { ProofmarkError } from '#domain/errors.js';
import { openEngine } from '#engine/composition.js';
import type { EngineConfig } from '#engine/config.js';
import type { Engine } from '#engine/engine.js';
import { formatDiagnostic } from '#rules/diagnostic.js';
import { backfillLines, changeLines, differenceLines } from './backtest-report.js';
import { requireData } from './data-directory.js';
import { EXIT } from './exit-codes.js';
import { untilInterrupted } from './interrupt.js';
import { readRuleFile } from './rule-argument.js';
import { backtestInView } from './rules-backtest.js';

const LISTED = 10;

export interface RulesPublishOptions {
  readonly config: EngineConfig;
  readonly files: readonly string[];
  readonly backfill: boolean;
  /** Does not ask. */
  readonly yes: boolean;
  readonly by?: string;
}

const print = (lines: readonly string[]): void => {
  for (const text of lines) console.log(text);
};

/** An engine that writes; one that runs on the data already has to be asked over HTTP. */
const openToWrite = async (config: EngineConfig): Promise<Engine> => {
  requireData(config);
  try {
    return await openEngine(config);
  } catch (error) {
    if (!(error instanceof ProofmarkError) || error.code !== 'STORE_LOCKED') throw error;
    throw new ProofmarkError('STORE_LOCKED', `${error.message} Or publish and retire through that engine: POST /v1/rules, POST /v1/rules/{badge}/retire.`);
  }
};

const publishOptions = ({ store, config }: Engine): PublishOptions => ({ store, tenant: config.tenant, newId: randomUUID, now: Date.now });

/** What publishing a rule would be; with backfill, what differs comes with what that changes. */
const plan = ({ rule, standing, version, changes, decidesAtOnce, file }: CheckedRule, backfill: boolean): readonly string[] => {
  const differs = backfill ? [] : changeLines(changes);
  const scope = backfill
    ? 'it will also judge what is on record'
    : decidesAtOnce
      ? 'time matters to it, so it will decide about everybody at once; awards of earlier versions stay theirs'
      : 'it will decide about each learner from their next event on';
  switch (standing) {
    case 'new':
      return [`${file}: a new badge, ${rule.badge} version 1; whoever has earned it already gets it`];
    case 'unchanged':
      return [`${file}: ${rule.badge} version ${version} is live as it is`];
    case 'changed':
      return [`${file}: ${rule.badge} version ${version}; ${scope}`, ...differs];
    case 'retired':
      return [`${file}: ${rule.badge} was retired and comes back as version ${version}; ${scope}`, ...differs];
  }
};

/** Shows what publishing a version for the past would change. Returns false where that was interrupted. */
const preview = async (checked: CheckedRule, engine: Engine, versions: RuleVersions): Promise<boolean> => {
  const { rule, hash, version } = checked;
  const newest = versions.newest(rule.badge);
  const against = newest?.rule;
  const input = { tenant: engine.config.tenant, rule, limit: LISTED, now: Date.now(), backfill: { version, hash }, ...(against && { against }) };
  const result = await untilInterrupted((signal) => backtestInView(input, engine, false, signal));
  if (!result.complete) return false;
  if (result.difference && newest) print(differenceLines(result.difference, `version ${newest.reference.version}`));
  if (result.backfill) print(backfillLines(result.backfill));
  return true;
};

/** Asks on the terminal; Ctrl+C and the end of the input say no. */
const confirm = async (question: string): Promise<boolean> => {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const ended = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
    return /^y(es)?$/i.test((await Promise.race([terminal.question(`${question} (y/N) `), ended])).trim());
  } finally {
    terminal.close();
  }
};

/** Shows what publishing rule files does, and publishes them: all of them, or none where one is wrong. */
export const publishRuleFiles = async ({ config, files, backfill, yes, by }: RulesPublishOptions): Promise<number> => {
  const read = files.map(readRuleFile);
  if (backfill && !yes && !process.stdin.isTTY) {
    throw new ProofmarkError('USAGE', 'Publishing with --backfill changes awards on record. Nobody can be asked here, so say --yes.');
  }
  const engine = await openToWrite(config);
  try {
    await engine.followers.settle();
    const versions = await readRuleVersions(engine.store, config.tenant);
    const { checked, diagnostics } = checkRules(read, versions);
    for (const found of [...diagnostics, ...checked.flatMap(({ warnings }) => warnings)]) console.error(formatDiagnostic(found));
    if (diagnostics.length > 0) {
      console.error('proofmark: nothing was published.');
      return EXIT.failed;
    }
    const due = checked.filter(({ standing }) => standing !== 'unchanged');
    for (const one of checked) {
      print(plan(one, backfill));
      if (backfill && due.includes(one) && !(await preview(one, engine, versions))) return EXIT.interrupted;
    }
    if (due.length === 0) return EXIT.ok;
    const high = due.filter(({ highStakes }) => highStakes).map(({ rule }) => rule.badge);
    if (high.length > 0) print([`of high stakes, and published here without a second person, who would be asked over HTTP: ${high.join(', ')}`]);
    if (backfill && !yes && !(await confirm(`Publish ${due.map(({ rule, version }) => `${rule.badge} version ${version}`).join(', ')}?`))) {
      console.error('Nothing was published.');
      return EXIT.failed;
    }
    for (const one of due) {
      const { outcome, version } = await publishRule(one, { backfill, expectedVersion: one.liveVersion, ...(by !== undefined && { by }) }, publishOptions(engine));
      console.log(outcome === 'published' ? `published ${one.rule.badge} version ${version}` : `${one.rule.badge} version ${version} is live already`);
    }
    await engine.followers.settle();
    return EXIT.ok;
  } finally {
    await engine.close();
  }
};

/** Retires a badge's rule: it grants nothing more, and its awards stay. */
export const retireBadge = async (config: EngineConfig, badge: string, reason: string, by: string | undefined): Promise<number> => {
  const engine = await openToWrite(config);
  try {
    await retireRule({ badge, reason, ...(by !== undefined && { by }) }, publishOptions(engine));
    await engine.followers.settle();
    const active = await engine.readModels.count('award', { tenant: config.tenant, badge, status: 'active' });
    console.log(`${badge} is retired: nobody earns it any more, and ${active.toLocaleString('en')} active awards stay. "proofmark rules publish" brings it back.`);
    return EXIT.ok;
  } finally {
    await engine.close();
  }
};
