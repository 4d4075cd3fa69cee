import { createHmac } from 'node:crypto';
import type { CriterionVerdict, Unit, Verdict } from '#domain/verdict.js';
import { isLimit } from '#rules/limit.js';
import type { Criterion } from '#rules/rule.js';

/** A criterion that an award rests on, as strangers may read it. */
export interface PublicCriterion {
  /** The criterion's keyword ("count", "mean", "all"). */
  readonly criterion: string;
  /** Place in the rule version that the credential names, for example "all[1].mean". */
  readonly path: string;
  readonly met: boolean;
  /** Absent, like all that follows, where what counts is that something did not happen. */
  readonly value?: number;
  readonly needed?: number;
  readonly unit?: Unit;
  /** The facts that count, each as a keyed digest of its id. */
  readonly evidence?: readonly string[];
  /** Of a group, the parts that were met. */
  readonly parts?: readonly PublicCriterion[];
}

/** A decision trace as strangers may read it: what is published, and what the hash in a credential is of. */
export interface PublicTrace extends Omit<Verdict, 'root'> {
  readonly root: PublicCriterion;
}

/**
 * What an award rests on, out of its decision trace: criteria that were met, and of what must not be, that it was not.
 * What the learner tried besides is nobody else's. Every fact's id, which a class system may have made from a name, is
 * replaced by a keyed digest of it: equal facts stay equal within an award; who has the key and the log can tell which they are.
 */
export const publicTrace = (criteria: Criterion, verdict: Verdict, key: Uint8Array): PublicTrace => {
  const blind = (id: string): string => createHmac('sha256', key).update(id).digest('base64url').slice(0, 22);
  const shown = (asked: Criterion, { criterion, path, met, value, needed, unit, evidence, parts = [] }: CriterionVerdict): PublicCriterion => {
    if ('leaf' in asked) return { criterion, path, met, ...(!isLimit(asked.leaf, needed) && { value, needed, unit, evidence: evidence.map(blind) }) };
    if (asked.group === 'not') return { criterion, path, met };
    const supporting = asked.parts.flatMap((part, i) => {
      const found = parts[i];
      return found?.met ? [shown(part, found)] : [];
    });
    return { criterion, path, met, value, needed, unit, parts: supporting };
  };
  return { ...verdict, root: shown(criteria, verdict.root) };
};
