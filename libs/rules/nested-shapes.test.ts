import { CRITERIA } from './criteria/all.js';
import { mean } from './criteria/mean.js';
import { none } from './criteria/none.js';
import { formatDiagnostic } from './diagnostic.js';
import { criterionShape, leafShape } from './leaf-shape.js';
import { LEARNING_TYPES } from './selector.js';
import { selecting, selectorShape } from './selector-shape.js';
import { list, number, required, type Shape } from './shape.js';
import { openYaml, Report } from './yaml-reader.js';

const read = <T>(shape: Shape<T>, text: string): T | readonly string[] => {
  const report = new Report('r.yaml');
  const value = openYaml(text, report);
  const found = value && shape.read(value);
  return found === undefined || report.diagnostics.length > 0 ? report.diagnostics.map(formatDiagnostic) : found;
};

describe('a selector within the settings of a criterion', () => {
  const steps = list(selectorShape(LEARNING_TYPES), { min: 1, max: 5 });

  it('has the keys of one outside', () => {
    expect(read(steps, '- { of: missions, tag: quiz, to: 1970-01-02 }\n- { of: attendance }')).toEqual([
      { type: 'MissionCompleted', tag: 'quiz', toDate: 1 },
      { type: 'AttendanceMarked', statuses: ['present', 'late'] },
    ]);
  });

  it('is checked like one outside', () => {
    expect(read(steps, '- { of: missions, status: late }\n- { of: mission }')).toEqual([
      'r.yaml:1:27 "status" is only for attendance; expected no "status"',
      expect.stringMatching(/^r\.yaml:2:9 "of" is "mission"; did you mean "missions"\?/),
    ]);
  });

  it('is none where its keys do not agree', () => {
    const value = openYaml('{ of: missions, status: late }', new Report('r.yaml'));
    expect(value).toBeDefined();
    expect(value && selectorShape(LEARNING_TYPES).read(value)).toBeUndefined();
  });

  it('needs no type where there is but one', () => {
    expect(read(selectorShape(['AssignmentGraded']), 'min-score: 50\nactivity: a1')).toEqual({ type: 'AssignmentGraded', activities: ['a1'], minScore: 50 });
  });

  it('may have keys beside it', () => {
    const source = selecting(['AssignmentGraded', 'MissionCompleted'], { each: required(number({ min: 0, max: 100 }), 'points for each') });
    expect(read(source, 'of: missions\ntag: quiz\neach: 10')).toEqual({ selector: { type: 'MissionCompleted', tag: 'quiz' }, own: { each: 10 } });
    expect(read(source, 'of: missions\nech: 10')).toEqual([
      'r.yaml:1:1 "rule" lacks "each"; expected a number from 0 to 100',
      expect.stringMatching(/^r\.yaml:2:1 "rule" has an unknown key "ech"; did you mean "each"\?/),
    ]);
    expect(() => selecting(['AssignmentGraded'], { tag: required(number({ min: 0, max: 1 }), 'no') })).toThrow('"tag" selects facts');
  });
});

describe('a criterion within the settings of another', () => {
  const by = criterionShape([mean, none]);

  it('is one of some', () => {
    expect(read(by, 'mean: { kind: exam, at-least: 40 }')).toEqual({
      keyword: 'mean', selects: [{ type: 'AssignmentGraded', kind: 'exam' }], settings: { 'at-least': 40 },
    });
    expect(read(by, 'count: { of: grades, at-least: 4 }')).toEqual(['r.yaml:1:1 unknown criterion "count"; expected one of mean, none']);
  });
});

describe('a criterion that looks at what its settings say', () => {
  const kind = { ...mean, keyword: 'own', of: [], members: {}, selects: (_settings: unknown, _selector: unknown, badge: string) => [{ type: 'ApprovalGiven' as const, activities: [badge] }] };
  const badge = (text: string): unknown => {
    const found = read(leafShape(kind), text);
    return typeof found === 'function' ? found('sql') : found;
  };

  it.each(['{}', '', '~'])('may be written with settings "%s" where it has none', (text) => {
    expect(badge(text)).toEqual({ keyword: 'own', selects: [{ type: 'ApprovalGiven', activities: ['sql'] }], settings: {} });
  });

  it('may be written so in editors, too', () => {
    expect(leafShape(kind).schema).toMatchObject({ type: ['object', 'null'], properties: {} });
    expect(leafShape(mean).schema).toMatchObject({ type: 'object' });
  });

  it('has no keys that select', () => expect(badge('of: grades')).toEqual([expect.stringMatching(/^r\.yaml:1:1 "rule" has an unknown key "of"/)]));
});

it.each([...CRITERIA.keys()])('%s is one keyword that no group has', (keyword) => expect(['all', 'any', 'some', 'not']).not.toContain(keyword));
