import { formatDiagnostic } from './diagnostic.js';
import type { Known } from './known.js';
import { parseRule } from './parse.js';
import { RULE_TEXT, where } from './rule-text.js';

const warnings = (known: Known, text = RULE_TEXT): readonly string[] => {
  const parsed = parseRule(text, 'r.yaml', known);
  if (!parsed.ok) throw new Error(parsed.diagnostics.map(formatDiagnostic).join('\n'));
  for (const { severity } of parsed.warnings) expect(severity).toBe('warning');
  return parsed.warnings.map(formatDiagnostic);
};

describe('names in a rule that nobody knows', () => {
  it('are no matter where nothing is known', () => {
    expect(warnings({})).toEqual([]);
    expect(warnings({ activities: () => undefined })).toEqual([]);
  });

  it('are warned of, each in its place', () => {
    expect(warnings({ courses: ['sqk', 'python'], activities: () => ['s2', 'x'], tags: ['quizz'], badges: ['data-analysts'] })).toEqual([
      'r.yaml:7:9 warning: no course "sql" is known; did you mean "sqk"?',
      'r.yaml:14:14 warning: no tag "quiz" is known; did you mean "quizz"?',
      'r.yaml:28:26 warning: no activity "s1" is known; did you mean "s2"?',
      'r.yaml:67:10 warning: no badge "data-analyst" is known; did you mean "data-analysts"?',
    ]);
  });

  it('are not those that are known', () => {
    expect(warnings({ courses: ['sql'], activities: (course) => (course === 'sql' ? ['s1', 's2'] : []), tags: ['quiz'], badges: ['data-analyst'] })).toEqual([]);
  });

  it('are badges where a criterion looks at what has no course', () => {
    const approvals = where('of: missions\n        tag: quiz', 'of: approvals\n        activity: sql-basic');
    expect(warnings({ activities: () => ['s1', 's2'], tags: [], badges: ['data-analyst'] }, approvals)).toEqual([
      'r.yaml:14:19 warning: no badge "sql-basic" is known; did you mean "sql-basics"?',
    ]);
  });

  it('are warned of a hundred times and no more', () => {
    const many = where('[s1, s2]', `[${Array.from({ length: 150 }, (_, i) => `s${i}`).join(', ')}]`);
    expect(warnings({ activities: () => [] }, many)).toHaveLength(100);
  });

  it('hide no error', () => {
    expect(parseRule(where('revoke', 'burn'), 'r.yaml', { courses: [] })).toMatchObject({ ok: false, diagnostics: [{ line: 9 }] });
  });
});
