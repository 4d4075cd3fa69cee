import type { CriterionNode } from './criterion.js';

/** Whether what a criterion needs is the most that there may be. */
export const isCeiling = ({ settings }: CriterionNode): boolean => 'at-most' in settings;

/** Whether a criterion is met by what did not happen, or not too often: strangers need not read of the times when it did. */
export const isLimit = (criterion: CriterionNode, needed: number): boolean => needed === 0 || isCeiling(criterion);
