import type { CriterionNode } from '#rules/criterion.js';

/** Whether a criterion is met by what did not happen, or not too often: strangers need not read of the times when it did. */
export const isLimit = ({ settings }: CriterionNode, needed: number): boolean => needed === 0 || 'at-most' in settings;
