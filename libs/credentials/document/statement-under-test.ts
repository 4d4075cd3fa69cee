import type { Words } from '#rules/words.js';
import { parseRule } from '#rules/parse.js';
import { isoSeconds, type Statement } from './open-badge.js';

/** A text that is the same in both languages but for a mark. */
export const wordsUnderTest = (text: string): Words => ({ en: text, ko: `${text}(가)` });

/** What a credential of a rule states, with a mean, points and a count as evidence; `now` is in epoch milliseconds. */
export const statementUnderTest = (rule: string, now: number, more: Partial<Statement> = {}): Statement => {
  const parsed = parseRule(rule, 'rule.yaml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  const said = wordsUnderTest;
  return {
    base: 'https://badges.school.example',
    issuer: { id: 'seoul', profile: { name: { en: 'Seoul School', ko: '서울 학교' }, email: 'badges@school.example' } },
    rule: parsed.rule,
    reference: { badge: parsed.rule.badge, version: 3, hash: 'a'.repeat(64) },
    code: '0123456789ABCDEF',
    subject: 'urn:uuid:00000000-0000-4000-8000-000000000001',
    earnedOn: isoSeconds(now),
    validUntil: now + 1_000_000,
    evidence: (['percent', 'points', 'count'] as const).map((unit, i) => ({ path: `all[${i}].x`, label: said('Label'), value: 9, needed: 8, unit, outcome: said('Reached.'), facts: [said('A fact')] })),
    traceHash: 'b'.repeat(64),
    status: { list: 1, index: 7 },
    issuedAt: now,
    ...more,
  };
};
