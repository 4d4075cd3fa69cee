import { readFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { parseRule } from '#rules/parse.js';
import { GROUPS, newCriterion, openSchema } from '../../apps/web/src/studio/schema.js';

const schema = openSchema(JSON.parse(readFileSync('rules/rule.schema.json', 'utf8')));
const labels = (path: readonly (string | number)[]): readonly string[] => schema.suggestionsAt(path).map(({ label }) => label);

describe('the schema of rules', () => {
  it.each(['as-soon-as-met', { 'at-close': 'course' }])('begins each criterion with what the parser takes (%j)', (decides) => {
    for (const keyword of schema.leaves) {
      if (keyword === 'cohort' && decides === 'as-soon-as-met') continue;
      // Which badges are meant nobody can guess.
      const begun = keyword === 'badges' ? { badges: { badge: 'other' } } : newCriterion(keyword);
      const parsed = parseRule(stringify({ badge: 'b', name: { en: 'B' }, 'criteria-text': { en: 'B' }, course: 'c', decides, 'when-corrected': 'keep', criteria: begun }), 'rule.yaml');
      expect([keyword, parsed.ok ? [] : parsed.diagnostics]).toEqual([keyword, []]);
    }
  });

  it('says what can be filled in', () => {
    expect(schema.settingsOf('attendance-rate').find(({ key }) => key === 'at-least')).toEqual({ key: 'at-least', required: true, field: { kind: 'number', whole: false, min: 0, max: 100 } });
    expect(schema.settingsOf('count').find(({ key }) => key === 'within')?.field).toEqual({ kind: 'span' });
    expect(schema.settingsOf('count').find(({ key }) => key === 'status')?.field).toEqual({ kind: 'texts', options: ['present', 'late', 'excused', 'absent'] });
    expect(schema.settingsOf('sequence').find(({ key }) => key === 'steps')?.field).toMatchObject({ kind: 'list', of: { kind: 'mapping' } });
    expect(schema.settingsOf('cohort').find(({ key }) => key === 'by')?.field).toMatchObject({ kind: 'keyworded' });
    expect(schema.fieldOf('name')).toEqual({ kind: 'words' });
    expect(schema.fieldOf('decides')).toMatchObject({ kind: 'either', options: [{ kind: 'choice' }, { kind: 'mapping' }] });
  });

  it('says what may stand at a place', () => {
    expect(labels([])).toEqual(expect.arrayContaining(['badge', 'criteria', 'when-corrected']));
    expect(labels(['when-corrected'])).toEqual(['keep', 'review', 'revoke']);
    expect(labels(['criteria', 'all', 0])).toEqual(expect.arrayContaining([...GROUPS, 'attendance-rate']));
    expect(labels(['criteria', 'some', 'of', 3, 'not', 'any', 1, 'mean', 'late'])).toEqual(expect.arrayContaining(['zero', 'percent-per-day']));
    expect(labels(['decides', 'at-close'])).toEqual(expect.arrayContaining(['course', 'period', 'course-day']));
    expect(labels(['name'])).toEqual(['en', 'ko']);
    expect(labels(['nonsense', 3])).toEqual([]);
  });
});
