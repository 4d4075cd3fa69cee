import { readCourse } from '#awarding/course-streams.js';
import { readRuleVersions, type RuleVersions } from '#awarding/rule-versions.js';
import { assertApprovable, isApprovable } from '#credentials/batch/approvable.js';
import { openCsv, type CsvFile } from '#credentials/batch/csv.js';
import type { CsvSource } from '#credentials/batch/csv-text.js';
import { changedMapping, placesOf, suggestMapping, type Mapping, type Places } from '#credentials/batch/mapping.js';
import { ProofmarkError } from '#domain/errors.js';
import { currentFacts } from '#domain/facts.js';
import type { Zone } from '#rules/calendar.js';
import type { LiveRule } from '#rules/rulebook.js';
import type { Engine } from '../engine.js';

/** What batches use of an engine. */
export type BatchEngine = Pick<Engine, 'config' | 'store' | 'intake' | 'readModels' | 'followers' | 'keys' | 'artwork'>;

/** A badge that people may give, with what is known of its course. */
export interface GivenBadge {
  readonly live: LiveRule;
  readonly versions: RuleVersions;
  readonly zone: Zone;
  readonly timeZone: string;
  readonly courseTitle: string | undefined;
}

/** A file that was looked at, for a badge. */
export interface OpenedBatch {
  readonly badge: GivenBadge;
  readonly file: CsvFile;
  /** What its columns seem to say. */
  readonly suggested: Mapping;
}

/** A file of which it is known what its columns say. */
export interface Batch extends OpenedBatch {
  readonly mapping: Mapping;
  readonly places: Places;
}

/** A badge that a batch can give. @throws ProofmarkError NOT_FOUND, USAGE where people cannot give it */
const givenBadge = async ({ store, config: { tenant } }: Pick<BatchEngine, 'store' | 'config'>, badge: string): Promise<GivenBadge> => {
  const versions = await readRuleVersions(store, tenant);
  const live = versions.live(badge);
  if (!live) {
    const known = versions.newest(badge) ? `The rule of "${badge}" is retired` : `There is no badge "${badge}"`;
    const badges = versions.all().map(({ rule }) => rule.badge).filter((one) => isApprovable(versions.live(one)?.rule)).sort();
    throw new ProofmarkError('NOT_FOUND', `${known}. People can give: ${badges.join(', ') || 'none; publish a rule with the criterion "approval" first'}.`);
  }
  assertApprovable(live.rule);
  const { book, context } = await readCourse(store, tenant, live.rule.course);
  const opened = currentFacts(book).find(({ type }) => type === 'CourseOpened');
  return { live, versions, zone: context.zone, timeZone: opened?.values.timezone ?? 'UTC', courseTitle: opened?.values.title };
};

/** Looks at a file for a badge. @throws ProofmarkError USAGE, NOT_FOUND */
export const openBatch = async (engine: Pick<BatchEngine, 'store' | 'config'>, badge: string, source: CsvSource): Promise<OpenedBatch> => {
  const given = await givenBadge(engine, badge);
  const file = await openCsv(source);
  return { badge: given, file, suggested: suggestMapping(file.columns) };
};

/** Tells the columns of a file apart: as they seem, or were known, changed by what the caller says. @throws ProofmarkError USAGE */
export const mapBatch = (opened: OpenedBatch, changes: Mapping, known = opened.suggested): Batch => {
  const mapping = changedMapping(known, changes);
  return { ...opened, mapping, places: placesOf(mapping, opened.file.columns) };
};
