import { createHmac } from 'node:crypto';
import type { CriterionVerdict, Verdict } from '#domain/verdict.js';

/**
 * A decision trace as strangers may read it: every fact's id, which a class system may have made from a name, is replaced
 * by a keyed digest of it. Equal facts stay equal within an award; who has the key and the log can tell which they are.
 */
export const publicTrace = (verdict: Verdict, key: Uint8Array): Verdict => {
  const blind = (id: string): string => createHmac('sha256', key).update(id).digest('base64url').slice(0, 22);
  const criterion = (found: CriterionVerdict): CriterionVerdict => {
    const { lacking: _, ...rest } = found;
    return { ...rest, evidence: found.evidence.map(blind), ...(found.parts && { parts: found.parts.map(criterion) }) };
  };
  return { ...verdict, root: criterion(verdict.root) };
};
