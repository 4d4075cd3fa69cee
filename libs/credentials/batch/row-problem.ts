import type { BatchField } from './mapping.js';

/** Why a row cannot be acted upon, for people; `field` says what its column says, where it is about one. */
export interface RowProblem {
  readonly en: string;
  readonly ko: string;
  readonly field?: BatchField;
}
