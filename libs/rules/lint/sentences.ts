import { measureTree } from '../evaluate.js';
import { labelOf } from '../explain.js';
import type { Criterion } from '../rule.js';
import type { Names, Words } from '../words.js';
import { NOWHERE } from './tree.js';

/** A criterion in plain language. */
export interface Sentence {
  /** Place in the rule, as traces have it ("all[1].mean"). */
  readonly path: string;
  readonly label: Words;
  readonly parts?: readonly Sentence[];
}

/** The criteria of a rule in plain language, as traces and progress have them. */
export const sentencesOf = (criteria: Criterion, names: Names): Sentence => {
  const sentence = (criterion: Criterion, { path, parts }: ReturnType<typeof measureTree>): Sentence => ({
    path,
    label: labelOf(criterion, names),
    ...('group' in criterion && {
      parts: criterion.parts.flatMap((part, i) => {
        const found = parts?.[i];
        return found ? [sentence(part, found)] : [];
      }),
    }),
  });
  return sentence(criteria, measureTree(criteria, [], NOWHERE, 0));
};
