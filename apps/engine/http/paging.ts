import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import type { Row } from '#projections/read-model.js';
import { QueryInteger } from './fields.js';
import { refuse } from './problem.js';
import { ReadQuery } from './reads.js';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 500;

/** What every list can be asked. */
export class PageQuery extends ReadQuery {
  @QueryInteger('How many items at most.', 1, MAX_LIMIT, DEFAULT_LIMIT)
  limit?: number;

  @ApiPropertyOptional({ description: 'Where to go on: `next` of the page before.', type: String })
  @IsOptional()
  @IsString({ message: '$property must be given once' })
  @MaxLength(1000, { message: '$property is not a cursor' })
  cursor?: string;
}

/** A part of a list; `next` is the cursor of the part that follows, null at the end. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** The columns that order a list, and what each holds. */
export type Ordering = Readonly<Record<string, 'text' | 'integer'>>;

/** An opaque cursor that stands after a row. */
export const cursorAfter = (row: Row, ordering: Ordering): string =>
  Buffer.from(JSON.stringify(Object.keys(ordering).map((column) => row[column]))).toString('base64url');

const parse = (cursor: string): unknown => {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown;
  } catch {
    return undefined; // judged by the caller like every other value that is no cursor
  }
};

/**
 * The place that a cursor stands at; undefined without one.
 * @throws ProblemException for a text that is no cursor of a list with this ordering.
 */
export const placeOf = (cursor: string | undefined, ordering: Ordering): Row | undefined => {
  if (cursor === undefined) return undefined;
  const values = parse(cursor);
  const columns = Object.entries(ordering);
  const fits =
    Array.isArray(values) &&
    values.length === columns.length &&
    columns.every(([, type], i) => (type === 'text' ? typeof values[i] === 'string' : Number.isSafeInteger(values[i])));
  if (!fits) throw refuse('bad-cursor', 'Take `next` of the page before as it is, or leave the cursor out to start anew.');
  return Object.fromEntries(columns.map(([column], i) => [column, values[i] as string | number]));
};

/** How many items a page has at most. Ask for one more: it tells whether there is another page. */
export const limitOf = ({ limit = DEFAULT_LIMIT }: PageQuery): number => limit;

/** Makes a page of the rows, one more than wanted where there are more. */
export const pageOf = <R extends object, T>(rows: readonly R[], limit: number, ordering: Ordering, view: (row: R) => T): Page<T> => {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items: items.map(view), next: rows.length > limit && last ? cursorAfter(last as Row, ordering) : null };
};
