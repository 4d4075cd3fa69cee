import { applyEvent, currentFacts, emptyFactBook, type Fact } from '#domain/facts.js';
import type { LearningEvent } from '#domain/learning-event.js';
import { readLogEvent } from '#domain/log-event.js';

/**
 * Attributes of an enrolment that say in which group of the school or company the learner is, the first that is there counts. They are
 * not configurable: one engine's figures would mean something else than another's, and two ways to divide the same people, told one
 * beside the other, would give small groups away.
 */
export const GROUP_ATTRIBUTES = ['department', 'group'] as const;

/** A row of the enrolments that the read model keeps. */
export interface EnrolmentRow {
  readonly learner: string;
  readonly type: string;
  readonly schema: number;
  readonly entry: string;
}

/** What a learner's enrolments come to. */
export interface Membership {
  /** undefined where no enrolment names one. */
  readonly group?: string;
  /** When the first enrolment was, epoch milliseconds. */
  readonly since: number;
}

const groupIn = ({ values: { attributes = {} } }: Fact): string | undefined =>
  GROUP_ATTRIBUTES.map((name) => String(attributes[name] ?? '').normalize('NFC').trim()).find((group) => group !== '');

/**
 * In which group a learner is, by all rows about their enrolments in the order of the log: the one that the newest enrolment names that
 * names any, since not every class system knows it. undefined for who is enrolled nowhere, or as staff alone.
 */
export const membershipOf = (rows: readonly EnrolmentRow[]): Membership | undefined => {
  const book = emptyFactBook<Fact>();
  for (const { type, schema, entry } of rows) applyEvent(book, readLogEvent(type, schema, entry) as LearningEvent);
  const enrolments = currentFacts(book).filter(({ type, values }) => type === 'Enrolled' && values.role !== 'staff');
  if (enrolments.length === 0) return undefined;
  const newest = [...enrolments].sort((a, b) => b.time - a.time || (a.id < b.id ? 1 : -1));
  const group = newest.map(groupIn).find((found) => found !== undefined);
  return { since: Math.min(...enrolments.map(({ time }) => time)), ...(group !== undefined && { group }) };
};
