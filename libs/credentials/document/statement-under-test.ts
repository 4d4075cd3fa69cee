import { parseRule } from '#rules/parse.js';
import type { Rule } from '#rules/rule.js';
import type { Words } from '#rules/words.js';
import { describedResults } from './described-results.js';
import type { CriterionEvidence } from './evidence.js';
import { isoSeconds, type Statement } from './open-badge.js';

/** A text that is the same in both languages but for a mark. */
export const wordsUnderTest = (text: string): Words => ({ en: text, ko: `${text}(가)` });

/** Evidence that is made up, of each result that a rule describes and of something that is counted. */
export const evidenceUnderTest = ({ criteria }: Rule): readonly CriterionEvidence[] => {
  const said = wordsUnderTest;
  const reached = { label: said('Criterion'), value: 9.5, needed: 8, outcome: said('Reached.'), facts: [said('A "fact" & <more>')] };
  return [
    ...describedResults(criteria).map(({ path, resultType }) => ({ ...reached, path, unit: resultType === 'Percent' ? 'percent' as const : 'points' as const })),
    { ...reached, path: 'x', unit: 'count' },
  ];
};

/** What a credential of a rule states, with evidence that is made up; `now` is in epoch milliseconds. */
export const statementUnderTest = (rule: string, now: number, more: Partial<Statement> = {}): Statement => {
  const parsed = parseRule(rule, 'rule.yaml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  return {
    base: 'https://badges.school.example',
    issuer: { id: 'seoul', profile: { name: { en: 'Seoul School', ko: '서울 학교' }, email: 'badges@school.example' } },
    rule: parsed.rule,
    reference: { badge: parsed.rule.badge, version: 3, hash: 'a'.repeat(64) },
    code: '0123456789ABCDEF',
    subject: 'urn:uuid:00000000-0000-4000-8000-000000000001',
    earnedOn: isoSeconds(now),
    validUntil: now + 1_000_000,
    evidence: evidenceUnderTest(parsed.rule),
    traceHash: 'b'.repeat(64),
    status: { list: 1, index: 7 },
    issuedAt: now,
    ...more,
  };
};
