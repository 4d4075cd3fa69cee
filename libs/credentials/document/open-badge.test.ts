import { zoneOf } from '#rules/calendar.js';
import type { JsonObject } from '../json-ld/json.js';
import { canonicalize } from '../json-ld/canonical.js';
import { openBadgeFlaw } from '../verify/schema.js';
import { achievementNode, openBadge, type Statement } from './open-badge.js';
import { statedPeriod } from './stated-period.js';
import { statementUnderTest } from './statement-under-test.js';

const RULE = `
badge: momentum
name: { en: Momentum, ko: 추진력 }
criteria-text: { en: Much was done., ko: 많이 했습니다. }
level: { of: pace, name: { en: Gold, ko: 골드 }, rank: 3 }
course: c
decides: as-soon-as-met
when-corrected: keep
recurs: { each: month }
criteria:
  all:
    - mean: { of: grades, at-least: 80 }
    - points: { at-least: 20, from: [{ of: missions, each: 10 }] }
    - count: { of: missions, at-least: 2 }
`;
const NOW = Date.parse('2026-04-02T00:00:00Z');
const PROOF = [{ type: 'DataIntegrityProof' }];
const document = (language: string, period?: string): JsonObject => {
  const statement = statementUnderTest(RULE, NOW);
  const stated = statedPeriod(statement.rule.recurs, period ?? '', zoneOf('Asia/Seoul'));
  return openBadge({ ...statement, ...(stated && { period: stated }) }, language, ['en', 'ko']);
};

interface Subject {
  readonly achievement: { readonly resultDescription: readonly JsonObject[] };
  readonly result: readonly JsonObject[];
}
const subjectOf = (statement: Statement): Subject => openBadge(statement, 'en', ['en', 'ko'])['credentialSubject'] as Subject;

describe('the results in a document', () => {
  const statement = statementUnderTest(RULE, NOW);

  it('are described by the achievement alike, whatever the learner reached', () => {
    const { achievement, result } = subjectOf(statement);
    expect(achievement.resultDescription).toMatchObject([
      { name: 'Average of graded assignments at least 80 %', resultType: 'Percent', requiredValue: '80' }, { resultType: 'RawScore', requiredValue: '20' },
    ]);
    expect(result.map(({ resultDescription }) => resultDescription)).toEqual(achievement.resultDescription.map(({ id }) => id));
    const without = subjectOf({ ...statement, evidence: statement.evidence.slice(1) });
    expect(without.achievement).toEqual(achievement);
    expect(without.result).toHaveLength(1);
    expect(subjectOf({ ...statement, evidence: [] })).not.toHaveProperty('result');
  });

  it('stand at the address of the achievement with what describes them', () => {
    expect(achievementNode(statement, 'en', ['en', 'ko'])).toEqual(subjectOf(statement).achievement);
  });

  it('need a value that only a cohort settles, which the rule does not say', () => {
    const rule = RULE.replace('decides: as-soon-as-met', 'decides: { at-close: course }').replace('recurs: { each: month }\n', '').split('criteria:\n')[0];
    const ranked = statementUnderTest(`${rule}criteria:\n  cohort: { by: { mean: { of: grades } }, rank: 3 }\n`, NOW);
    const { achievement, result } = subjectOf(ranked);
    expect(achievement.resultDescription).toMatchObject([{ resultType: 'Percent', name: 'Among the best 3 of the course, by the mean of graded assignments' }]);
    expect(achievement.resultDescription[0]).not.toHaveProperty('requiredValue');
    expect(result).toHaveLength(1);
  });
});

describe('the document of a badge that recurs', () => {
  it('says for which period it is, in its language', () => {
    expect(document('en', '2026-03')).toMatchObject({
      name: 'Momentum · Gold · March 2026',
      credentialSubject: { term: 'March 2026', narrative: 'Earned by what was recorded for March 2026 (2026-03-01 to 2026-03-31).', achievement: { name: 'Momentum · Gold' } },
    });
    expect(document('ko', '2026-03')).toMatchObject({ name: '추진력 · 골드 · 2026년 3월', credentialSubject: { term: '2026년 3월' } });
  });

  it('has a meaning and the form of Open Badges 3.0', async () => {
    expect(await openBadgeFlaw({ ...document('ko', '2026-03'), proof: PROOF })).toBeUndefined();
    const canonical = await canonicalize(document('en', '2026-03'));
    expect('refused' in canonical ? canonical : canonical.nquads).toContain('vocab.html#term> "March 2026"');
  });

  it('says nothing of a period where the award has none', () => {
    expect(JSON.stringify(document('en'))).not.toMatch(/"term"|March/);
  });
});
