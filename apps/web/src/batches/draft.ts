import type { components } from '../api/schema.d.ts';

type BatchField = components['schemas']['BatchField'];

/** All that a column can say, in the order in which it is offered. */
export const FIELDS = ['learner', 'email', 'name', 'date', 'reason', 'evidence', 'language'] as const satisfies readonly BatchField[];

/** Which column says what. */
export type Draft = Readonly<Partial<Record<BatchField, string>>>;

/** What a column says; undefined where it is not used. */
export const fieldOf = (draft: Draft, column: string): BatchField | undefined => FIELDS.find((field) => draft[field] === column);

/** The draft where a column says something else, or nothing: each column says one thing, and each thing is said by one column. */
export const saying = (draft: Draft, column: string, field: BatchField | undefined): Draft =>
  Object.fromEntries(FIELDS.flatMap((one) => (one === field ? [[one, column]] : draft[one] === undefined || draft[one] === column ? [] : [[one, draft[one]]])));

/** Whether it is said who gets the badge. */
export const namesSomebody = ({ learner, email }: Draft): boolean => learner !== undefined || email !== undefined;

/** The draft as the server takes it: what no column says is taken out. */
export const asMapping = (draft: Draft): Readonly<Record<string, string>> => Object.fromEntries(FIELDS.map((field) => [field, draft[field] ?? '']));
