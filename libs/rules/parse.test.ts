import fc from 'fast-check';
import { stringify } from 'yaml';
import { CRITERIA } from './criteria/all.js';
import { formatDiagnostic } from './diagnostic.js';
import { parseRule, ruleHash } from './parse.js';
import { COMMON_TEXT, findings, parsedRule, RULE_TEXT, where, withCriteria } from './rule-text.js';
import { FACT_NOUNS, selectorMembers } from './selector-shape.js';

const hashOf = (text: string): string => ruleHash(parsedRule(text));
const LEAF = '{ none: { of: withdrawal } }';

const KEYWORDS = ['all', 'any', 'some', 'not', ...CRITERIA.keys()].join(', ');
const COUNTED = CRITERIA.get('count')?.of ?? [];
const NOUNS = Object.entries(FACT_NOUNS).filter(([, type]) => COUNTED.includes(type));
const noun = `one of ${NOUNS.map(([name]) => name).join(', ')}`;
const COUNT_KEYS = [...Object.keys(selectorMembers(COUNTED)), ...Object.keys(CRITERIA.get('count')?.members ?? {})].join(', ');
const RULE_KEYS =
  'badge, name, criteria-text, course, decides, when-corrected, criteria, hold, recurs, validity, stakes, competency, alignments, level, image, tags, issuer, evidence, pathway, role';

describe('a rule that is right', () => {
  it('is read with every part', () => {
    expect(parsedRule(RULE_TEXT)).toEqual({
      badge: 'sql-basics',
      name: { en: 'SQL Basics', ko: 'SQL 기초' },
      criteriaText: { en: 'Do it all.' },
      course: 'sql',
      decides: { mode: 'as-soon-as-met' },
      whenCorrected: 'revoke',
      criteria: {
        group: 'all',
        parts: [
          { leaf: { keyword: 'count', selects: [{ type: 'MissionCompleted', tag: 'quiz', fromDay: 0, toDay: 150 }], settings: { 'at-least': 4, distinct: 'activity' } } },
          {
            group: 'any',
            parts: [
              { leaf: { keyword: 'mean', selects: [{ type: 'AssignmentGraded', kind: 'TMA' }], settings: { 'at-least': 70 } } },
              {
                group: 'not',
                parts: [{ leaf: { keyword: 'count', selects: [{ type: 'AttendanceMarked', activities: ['s1', 's2'], statuses: ['present', 'late'] }], settings: { 'at-least': 1 } } }],
              },
            ],
          },
          { leaf: { keyword: 'none', selects: [{ type: 'Withdrawn' }], settings: {} } },
          {
            group: 'some',
            atLeast: 1,
            parts: [
              { leaf: { keyword: 'count', selects: [{ type: 'Enrolled', role: 'learner', fromDate: 20_514, toDate: 20_634 }], settings: { 'at-most': 1 } } },
              { leaf: { keyword: 'mean', selects: [{ type: 'AssignmentGraded', minScore: 40, fromEnrolmentDay: 0, toEnrolmentDay: 90 }], settings: { 'at-least': 55.5 } } },
            ],
          },
        ],
      },
      hold: 172_800_000,
      recurs: { each: 'half-year' },
      validity: { for: 63_072_000_000, renewal: 'none' },
      design: {
        competency: { en: 'Writes queries over several tables.' },
        alignments: [
          { name: 'SQL', url: 'http://data.europa.eu/esco/skill/598de5b0-5b58-4ea7-8058-a4bc4d18c742', framework: 'ESCO', code: 'S5.5.1' },
          { name: 'Databases', url: 'urn:uuid:0b1a8bb6-9d9f-4f5b-9f0c-0a6d2f6a1c11', framework: 'Hanbit' },
        ],
        level: { of: 'sql', name: { en: 'Basic' }, rank: 1 },
        image: 'images/sql-basics.svg',
        tags: ['sql', 'data'],
        issuer: 'hanbit',
        evidence: { en: 'The marked assignments.' },
        pathway: 'data-analyst',
      },
    });
  });

  it.each([
    ['as-soon-as-met', { mode: 'as-soon-as-met' }],
    ['continuously', { mode: 'continuously' }],
    ['{ at-close: course }', { mode: 'at-close', of: 'course' }],
    ['{ at-close: { course-day: 150 } }', { mode: 'at-close', of: { courseDay: 150 } }],
  ])('decides %s', (text, decides) => expect(parsedRule(where('as-soon-as-met', text, COMMON_TEXT)).decides).toEqual(decides));

  it.each(NOUNS)('looks at %s', (noun, type) => {
    expect(parsedRule(withCriteria(`{ none: { of: ${noun} } }`)).criteria).toMatchObject({ leaf: { selects: [{ type }] } });
  });

  it('counts present and late where it says nothing of marks', () => {
    expect(parsedRule(withCriteria('{ none: { of: attendance } }')).criteria).toMatchObject({ leaf: { selects: [{ statuses: ['present', 'late'] }] } });
    expect(parsedRule(withCriteria('{ none: { of: attendance, status: absent } }')).criteria).toMatchObject({ leaf: { selects: [{ statuses: ['absent'] }] } });
  });

  it.each([
    ['{ each: week }', { each: 'week' }],
    ['{ terms: [{ name: Spring, from: 2026-03-02, to: 2026-03-02 }, { name: Winter, from: 2026-03-01, to: 2026-03-01 }] }', {
      terms: [{ name: 'Spring', from: 20_514, to: 20_514 }, { name: 'Winter', from: 20_513, to: 20_513 }],
    }],
  ])('recurs %s', (text, recurs) => expect(parsedRule(`${COMMON_TEXT}recurs: ${text}\n`).recurs).toEqual(recurs));

  it('decides at the end of each period', () => {
    expect(parsedRule(where('as-soon-as-met', '{ at-close: period }')).decides).toEqual({ mode: 'at-close', of: 'period' });
  });

  it('is renewed by nothing where it says nothing of renewal', () => {
    expect(parsedRule(where('  renewal: none\n', '')).validity).toEqual({ for: 63_072_000_000, renewal: 'none' });
    expect(parsedRule(`${COMMON_TEXT}validity: { for: 1 week, renewal: earn-again }\n`).validity).toEqual({ for: 604_800_000, renewal: 'earn-again' });
  });

  it('has high stakes where it says so, which is part of its content', () => {
    expect(parsedRule(RULE_TEXT).stakes).toBeUndefined();
    expect(parsedRule(`${RULE_TEXT}stakes: high\n`).stakes).toBe('high');
    expect(hashOf(`${RULE_TEXT}stakes: high\n`)).not.toBe(hashOf(RULE_TEXT));
  });

  it('looks at the only type of facts that a criterion takes, where it does not say so', () => {
    expect(parsedRule(withCriteria('{ mean: { at-least: 50 } }'))).toEqual(parsedRule(withCriteria('{ mean: { of: grades, at-least: 50 } }')));
  });

  it.each(['a.svg', 'pictures/a b.png', '..a/b', 'https://example.org/a.svg', '배지.svg'])('has the picture %s', (image) => {
    expect(parsedRule(where('images/sql-basics.svg', image)).design.image).toBe(image);
  });

  it('takes a number for a text where a text is asked for, as it is written', () => {
    expect(parsedRule(where('course: sql', 'course: 0042')).course).toBe('0042');
  });
});

describe('a diagnostic says where, what and what would be right:', () => {
  it.each([
    ['no file content', '', ['r.yaml:1:1 "rule" is not a mapping; expected indented "key: value" lines']],
    ['comments only', '# nothing\n', ['r.yaml:1:1 "rule" is not a mapping; expected indented "key: value" lines']],
    ['a list', '- a\n', ['r.yaml:1:1 "rule" is not a mapping; expected indented "key: value" lines']],
    ['a badge id with capitals', where('badge: sql-basics', 'badge: SQL'), ['r.yaml:1:8 "badge" is "SQL"; expected lower-case letters, digits and hyphens, at most 64']],
    ['a badge id that is too long', where('badge: sql-basics', `badge: ${'a'.repeat(65)}`), ['r.yaml:1:8 "badge" is not a text; expected a text of at most 64 characters']],
    ['no badge', where('badge: sql-basics\n', ''), ['r.yaml:1:1 "rule" lacks "badge"; expected lower-case letters, digits and hyphens, at most 64']],
    ['a name that is no mapping', where('  en: SQL Basics\n  ko: SQL 기초', '  SQL'), ['r.yaml:3:3 "name" is not a mapping; expected indented "key: value" lines']],
    ['no English', where('  en: SQL Basics\n', ''), ['r.yaml:3:3 "name" has no English text; expected "en: …"']],
    ['a language that is none', where('  ko: SQL', '  Korean: SQL'), ['r.yaml:4:3 "Korean" is not a language tag; expected "en", "ko", …']],
    ['an empty text', where('en: Do it all.', 'en: ""'), ['r.yaml:6:7 "en" is not a text; expected a text of at most 2000 characters', 'r.yaml:6:3 "criteria-text" has no English text; expected "en: …"']],
    ['an unknown mode', where('as-soon-as-met', 'as-soon-as-mat'), ['r.yaml:8:10 "decides" is "as-soon-as-mat"; did you mean "as-soon-as-met"?; expected one of as-soon-as-met, continuously']],
    ['a mode that is a list', where('as-soon-as-met', '[course]'), ['r.yaml:8:10 "decides" is not a mapping; expected indented "key: value" lines']],
    ['a close of what is unknown', where('as-soon-as-met', '{ at-close: cuorse }'), ['r.yaml:8:22 "at-close" is "cuorse"; did you mean "course"?; expected one of course, period']],
    ['a close of a day that is none', where('as-soon-as-met', '{ at-close: { course-day: 1.5 } }'), ['r.yaml:8:36 "course-day" is not a whole number in range; expected a whole number from -3650 to 3650']],
    ['stakes that are none', `${RULE_TEXT}stakes: low\n`, [expect.stringMatching(/"stakes" is "low".*; expected one of high$/) as string]],
    ['an unknown policy', where('revoke', 'revok'), ['r.yaml:9:17 "when-corrected" is "revok"; did you mean "revoke"?; expected one of keep, review, revoke']],
    ['a policy that is no word', where('revoke', '[keep]'), ['r.yaml:9:17 "when-corrected" is not a word; expected one of keep, review, revoke']],
    ['an unknown key', where('when-corrected: revoke', 'when-corrected: revoke\ncourses: sql'), [`r.yaml:10:1 "rule" has an unknown key "courses"; did you mean "course"?; expected one of ${RULE_KEYS}`]],
    ['an unknown key that is like none', where('course: sql', 'course: sql\nzzzzzz: 1'), [`r.yaml:8:1 "rule" has an unknown key "zzzzzz"; expected one of ${RULE_KEYS}`]],
    ['an unknown criterion', where('- count:\n        of: missions', '- cuont:\n        of: missions'), [`r.yaml:12:7 unknown criterion "cuont"; did you mean "count"?; expected one of ${KEYWORDS}`]],
    ['an unknown setting', where('at-least: 4', 'at-least: 4\n        atleast: 4'), [`r.yaml:19:9 "count" has an unknown key "atleast"; did you mean "at-least"?; expected one of ${COUNT_KEYS}`]],
    ['an unknown kind of fact', where('of: missions', 'of: mission'), [`r.yaml:13:13 "of" is "mission"; did you mean "missions"?; expected ${noun}`]],
    ['no kind of fact', where('        of: missions\n', ''), [`r.yaml:13:9 "count" lacks "of"; expected ${noun}`]],
    ['no number', where('        at-least: 4\n', ''), ['r.yaml:13:9 "count" needs either "at-least" or "at-most"; expected one of the two']],
    ['a number that is none', where('at-least: 4', 'at-least: four'), ['r.yaml:18:19 "at-least" is not a whole number in range; expected a whole number from 1 to 100000']],
    ['a number that is too small', where('at-least: 4', 'at-least: 0'), ['r.yaml:18:19 "at-least" is not a whole number in range; expected a whole number from 1 to 100000']],
    ['a number that is not a number', where('at-least: 70', 'at-least: .nan'), ['r.yaml:23:23 "at-least" is not a number in range; expected a number from 0 to 1000']],
    ['a number that has no end', where('at-least: 70', 'at-least: .inf'), ['r.yaml:23:23 "at-least" is not a number in range; expected a number from 0 to 1000']],
    ['marks for what has none', where('tag: quiz', 'status: present'), ['r.yaml:14:17 "status" is only for attendance; expected no "status"']],
    ['a mark that is none', where('[present, late]', '[present, here]'), ['r.yaml:27:33 "status[1]" is "here"; expected one of present, late, excused, absent']],
    ['a window that ends before it begins', where('to-course-day: 150', 'to-course-day: -1'), ['r.yaml:16:24 the window ends before it begins; expected a day from 0']],
    ['an unknown grouping', where('distinct: activity', 'distinct: actvity'), ['r.yaml:17:19 "distinct" is "actvity"; did you mean "activity"?; expected one of activity, course-day, course-week']],
    ['an empty group', withCriteria('{ all: [] }'), ['r.yaml:10:18 "all" is empty; expected at least one criterion']],
    ['a group that is no list', withCriteria(`{ any: ${LEAF} }`), ['r.yaml:10:18 "any" is not a list; expected lines that start with "- "']],
    ['"not" of several', withCriteria(`{ not: [${LEAF}] }`), ['r.yaml:10:18 "not" is not a mapping; expected indented "key: value" lines']],
    ['two criteria in one', withCriteria('{ none: { of: withdrawal }, all: [] }'), [`r.yaml:10:11 a criterion is one keyword with its settings below it; expected one of ${KEYWORDS}`]],
    ['a criterion that is a word', withCriteria('count'), ['r.yaml:10:11 "criteria" is not a mapping; expected indented "key: value" lines']],
    ['an empty criterion', withCriteria('{}'), [`r.yaml:10:11 a criterion is one keyword with its settings below it; expected one of ${KEYWORDS}`]],
    ['settings that are a word', withCriteria('{ count: 4 }'), ['r.yaml:10:20 "count" is not a mapping; expected indented "key: value" lines']],
    ['an empty list of activities', where('[s1, s2]', '[]'), ['r.yaml:28:25 "activity" is empty; expected at least one']],
    ['more parts than there are', where('at-least: 1\n        of:', 'at-least: 3\n        of:'), ['r.yaml:33:19 "at-least" asks for 3 of 2; expected a whole number from 1 to 2']],
    ['some of none', withCriteria('{ some: { at-least: 1, of: [] } }'), ['r.yaml:10:38 "of" is empty; expected at least one criterion']],
    ['some without a number', withCriteria(`{ some: { of: [${LEAF}] } }`), ['r.yaml:10:19 "some" lacks "at-least"; expected a whole number from 1 to 200']],
    ['a day that is none', where('2026-06-30', '2026-06-31'), ['r.yaml:39:19 "to" is not a day; expected a day, such as "2026-03-02"']],
    ['days that end before they begin', where('2026-06-30', '2026-03-01'), ['r.yaml:39:19 the window ends before it begins; expected a day from 2026-03-02']],
    ['days since enrolment that do', where('to-enrolment-day: 90', 'to-enrolment-day: -1'), ['r.yaml:44:33 the window ends before it begins; expected a day from 0']],
    ['a role for what has none', where('tag: quiz', 'role: staff'), ['r.yaml:14:15 "role" is only for enrolment; expected no "role"']],
    ['a score for what has none', where('tag: quiz', 'min-score: 5'), ['r.yaml:14:20 "min-score" is only for grades; expected no "min-score"']],
    ['two bounds where one is meant', where('at-least: 4', 'at-least: 4\n        at-most: 9'), ['r.yaml:18:19 "count" needs either "at-least" or "at-most"; expected one of the two']],
    ['nothing where settings are needed', withCriteria('{ mean: }'), ['r.yaml:10:19 "mean" is not a mapping; expected indented "key: value" lines']],
    ['a hold that is too long', where('48 hours', '366 days'), ['r.yaml:46:7 "hold" is not such a length of time; expected a length of time from 1 hour to 365 days, such as "48 hours" or "7 days"']],
    ['a unit that is none', where('48 hours', '48 h'), ['r.yaml:46:7 "hold" is not such a length of time; expected a length of time from 1 hour to 365 days, such as "48 hours" or "7 days"']],
    ['an alignment without a name', where('- name: Databases\n    url', '- url'), ['r.yaml:54:5 "alignments[1]" lacks "name"; expected a text of at most 200 characters']],
    ['an address of another kind', where('http://data', 'ftp://data'), ['r.yaml:51:10 "url" is "ftp://data.europa.eu/esco/skill/598de5b0-5b58-4ea7-8058-a4bc4d18c742"; expected an address that begins with https://, http:// or urn:']],
    ['an address that is none', where('http://data.europa.eu/esco', 'http://[data'), ['r.yaml:51:10 "http://[data/skill/598de5b0-5b58-4ea7-8058-a4bc4d18c742" is not an address; expected an address that begins with https://, http:// or urn:']],
    ['a rank that is none', where('rank: 1', 'rank: 0'), ['r.yaml:61:9 "rank" is not a whole number in range; expected a whole number from 1 to 100']],
    ['a picture above the rules', where('images/', 'images/../../'), ['r.yaml:62:8 "image" is "images/../../sql-basics.svg"; expected the name of a file beside the rules, or an address that begins with https://']],
    ['a picture in another place', where('images/', '/images/'), ['r.yaml:62:8 "image" is "/images/sql-basics.svg"; expected the name of a file beside the rules, or an address that begins with https://']],
    ['a picture that is sent in the clear', where('images/', 'http://x/'), ['r.yaml:62:8 "image" is "http://x/sql-basics.svg"; expected the name of a file beside the rules, or an address that begins with https://']],
    ['no tags', where('[sql, data]', '[]'), ['r.yaml:63:7 "tags" has 0 entries; expected 1 to 50']],
    ['a unit of time that is none', where('half-year', 'halfyear'), ['r.yaml:69:9 "each" is "halfyear"; did you mean "half-year"?; expected one of week, month, quarter, half-year, year']],
    ['units and terms', where('each: half-year', 'each: half-year\n  terms: [{ name: a, from: 2026-03-02, to: 2026-03-02 }]'), ['r.yaml:69:3 "recurs" needs either "each" or "terms"; expected one of the two']],
    ['neither units nor terms', where('\n  each: half-year', ' {}'), ['r.yaml:68:9 "recurs" needs either "each" or "terms"; expected one of the two']],
    ['terms that overlap', where('  each: half-year', '  terms:\n    - { name: a, from: 2026-03-02, to: 2026-03-09 }\n    - { name: b, from: 2026-03-09, to: 2026-03-09 }'), ['r.yaml:71:24 "b" overlaps "a"; expected terms without a day in common']],
    ['terms of one name', where('  each: half-year', '  terms:\n    - { name: a, from: 2026-03-02, to: 2026-03-09 }\n    - { name: a, from: 2026-03-10, to: 2026-03-10 }'), ['r.yaml:71:15 there are two terms "a"; expected a name of its own for each term']],
    ['a term that ends before it begins', where('  each: half-year', '  terms: [{ name: a, from: 2026-03-02, to: 2026-03-01 }]'), ['r.yaml:69:44 the term ends before it begins; expected a day that is not before "from"']],
    ['an empty list of marks', where('[present, late]', '[]'), ['r.yaml:27:23 "status" is empty; expected at least one']],
  ])('%s', (_what, text, expected) => expect(findings(text)).toEqual(expected));

  it('names each of several findings, in one go', () => {
    const text = where('revoke', 'burn').replace('of: missions', 'of: cakes').replace('course: sql', 'corse: sql');
    expect(findings(text).map((finding) => finding.split(' ')[0])).toEqual(['r.yaml:9:17', 'r.yaml:13:13', 'r.yaml:7:1']);
  });

  it.each([['{ a: b }', 'a mapping'], ['[a]', 'a list'], ['', 'nothing']])('a key that is no name: "%s"', (key, what) =>
    expect(findings(where('course: sql', `course: sql\n? ${key}\n: x`)).map((found) => found.replace(/^r.yaml:\d+:\d+ /, ''))).toEqual([`${what} stands where a key should; expected a key, then a colon`]));
  it.each(['attendance-rate: { at-least: 80, status: present }', 'none-missing: { of: attendance, status: [present, late] }'])('marks that say nothing to a criterion: %s', (criteria) =>
    expect(findings(withCriteria(`{ ${criteria} }`))).toEqual([expect.stringMatching(/has an unknown key "status"; expected one of of, activity/)]));
  it('a key that stands twice', () => expect(findings(where('course: sql', 'course: sql\ncourse: sql'))).toEqual(['r.yaml:8:1 "course" stands twice; expected unique keys']));
  it('what is not YAML', () => expect(findings('badge: [a\nname: b')).toEqual(expect.arrayContaining([expect.stringMatching(/^r\.yaml:\d+:\d+ /)])));
  it('several documents', () => expect(findings(`${RULE_TEXT}---\n${RULE_TEXT}`)).toEqual([expect.stringMatching(/^r\.yaml:\d+:\d+ .*documents/)]));
  it.each([
    ['of a value', where('course: sql', 'course: &c sql').replace('kind: TMA', 'kind: *c')],
    ['of a key', where('course: sql', 'course: &c sql\n*c : 1')],
    ['that is not there', where('course: sql', 'course: *nowhere')],
  ])('an alias %s', (_what, text) => expect(findings(text).length).toBeGreaterThan(0));
  it('an alias bomb, without unfolding it', () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]', ...['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map((name, i) => `${name}: &${name} [${Array(10).fill(`*${'abcdefgh'[i]}`).join(', ')}]`)];
    expect(findings(bomb.join('\n'))).toEqual(['r.yaml:1:1 the file uses YAML aliases (*name); expected each part written out']);
  });
  it('a huge file, unread', () => {
    expect(findings(`${RULE_TEXT}#${'x'.repeat(70_000)}`)).toEqual(['r.yaml:1:1 the file is longer than 65536 characters; expected one rule a file']);
  });
});

describe('limits', () => {
  const nested = (depth: number): string => `${'{ not: '.repeat(depth - 1)}${LEAF}${' }'.repeat(depth - 1)}`;
  it('lets 10 levels pass and no more', () => {
    expect(findings(withCriteria(nested(10)))).toEqual([]);
    expect(findings(withCriteria(nested(11)))).toEqual([`r.yaml:10:${11 + 7 * 10} criteria are nested deeper than 10; expected a flatter rule`]);
  });

  const wide = (nodes: number): string => `{ all: [${Array(nodes - 1).fill(LEAF).join(', ')}] }`;
  it('lets 200 criteria pass and no more', () => {
    expect(findings(withCriteria(wide(200)))).toEqual([]);
    expect(findings(withCriteria(wide(201)))).toEqual([expect.stringContaining('the rule has more than 200 criteria; expected a shorter rule')]);
  });

  it('says once that there are too many', () => expect(findings(withCriteria(wide(400)))).toHaveLength(1));

  it.each([
    ['lists', '['.repeat(60_000)],
    ['lists that end', '['.repeat(30_000) + ']'.repeat(30_000)],
    ['mappings', '{a: '.repeat(15_000)],
    ['lines of a list', `${'- '.repeat(30_000)}a`],
    ['keys', `${'? '.repeat(30_000)}a`],
    ['criteria', withCriteria(nested(4000))],
    ['texts and mappings that a document ends', `${'"a: {'.repeat(6_400)}${'---\n'.repeat(8_000)}`],
  ])('reads %s in one another, however deep, without running out of stack', (_what, text) => {
    expect(findings(text)).toEqual([expect.stringMatching(/^r\.yaml:\d+:\d+ the file is nested deeper than 64; expected a flatter rule$/)]);
  });
});

describe('any text', () => {
  const sane = (text: string): void => {
    const parsed = parseRule(text, 'r.yaml', { courses: [], activities: () => [], tags: [], badges: [] });
    if (parsed.ok) {
      expect(parsed.hash).toMatch(/^[0-9a-f]{64}$/);
      return;
    }
    expect(parsed.diagnostics.length).toBeGreaterThan(0);
    const lines = text.split(/\r\n|\r|\n/).length;
    for (const { line, column, file, message } of parsed.diagnostics) {
      expect(file).toBe('r.yaml');
      expect(message).not.toBe('');
      expect(line).toBeGreaterThanOrEqual(1);
      expect(line).toBeLessThanOrEqual(lines);
      expect(column).toBeGreaterThanOrEqual(1);
    }
  };

  it('is read or refused with places, never thrown over', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), sane));
    fc.assert(fc.property(fc.array(fc.constantFrom(...'abc:-[]{}*&!|>#\'"%@ \n\t,?'), { maxLength: 60 }).map((chars) => chars.join('')), sane), { numRuns: 500 });
  });

  it('that was right before something was cut, doubled or put in is so too', () => {
    const mutation = fc.tuple(fc.nat(RULE_TEXT.length), fc.nat(40), fc.oneof(fc.constantFrom('', '\n', ': ', '- ', '[', '}', '*a', '&a ', '? ', '|', 'null', '!!binary x', '<<: '), fc.string({ maxLength: 5 })));
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), (mutations) => {
        let text = RULE_TEXT;
        for (const [at, cut, put] of mutations) text = text.slice(0, at) + put + text.slice(at + cut);
        sane(text);
      }),
      { numRuns: 500 },
    );
  });

  it('that is YAML with the words of a rule is so too', () => {
    const words = [...RULE_KEYS.split(', '), ...KEYWORDS.split(', '), ...COUNT_KEYS.split(', '), ...NOUNS.map(([name]) => name)];
    const word = fc.oneof(fc.constantFrom(...words, 'en', 'course-day', 'each', 'terms', '__proto__', 'constructor'), fc.string({ maxLength: 5 }));
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.oneof(word, fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.constant('2026-03-02')),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(word, tie('value'), { maxKeys: 4 }),
      ),
    }));
    const rule = fc.dictionary(fc.constantFrom(...RULE_KEYS.split(', ')), value);
    fc.assert(fc.property(fc.oneof(value, rule), (data) => sane(stringify(data))), { numRuns: 500 });
    fc.assert(fc.property(value, (data) => sane(withCriteria(JSON.stringify(data)))), { numRuns: 500 });
  });

  it('with a value of any type in any place is so too', () => {
    const values = ['null', '~', 'true', '1', '-1.5', '.nan', '"x"', '[]', '[1, [2]]', '{}', '{ a: 1 }', '2024-01-01', '!!set { a }', '!x y', '? a'];
    const lines = RULE_TEXT.split('\n');
    for (let i = 0; i < lines.length; i++) {
      for (const value of values) sane(lines.map((line, at) => (at === i ? line.replace(/(: |:$|- ).*$/, (_all, mark: string) => `${mark.trim()} ${value}`) : line)).join('\n'));
    }
  });
});

describe('the content hash', () => {
  const hash = hashOf(RULE_TEXT);
  it('does not depend on comments, order of keys, line ends or style', () => {
    expect(hashOf(`# why\n\n${RULE_TEXT.replace('course: sql', 'course: "sql" # the course')}`)).toBe(hash);
    expect(hashOf(RULE_TEXT.replaceAll('\n', '\r\n'))).toBe(hash);
    expect(hashOf(where('course: sql\n', '').replace('badge:', 'course: sql\nbadge:'))).toBe(hash);
    expect(hashOf(where('        of: missions\n        tag: quiz\n', '        tag: quiz\n        of: missions\n'))).toBe(hash);
    expect(hashOf(where('  en: SQL Basics\n  ko: SQL 기초\n', '  ko: SQL 기초\n  en: SQL Basics\n'))).toBe(hash);
  });

  it.each([['at-least: 4', 'at-least: 5'], ['course: sql', 'course: sqk'], ['revoke', 'keep'], ['as-soon-as-met', '{ at-close: period }'], ['tag: quiz', 'kind: quiz'], ['SQL 기초', 'SQL 기본'], ['[s1, s2]', '[s1]']])(
    'differs where "%s" is "%s"',
    (part, instead) => expect(hashOf(where(part, instead))).not.toBe(hash),
  );
});

describe('a file that is hardly one', () => {
  it.each([
    ['in another encoding', new TextDecoder().decode(Uint8Array.from([0x62, 0xb9, 0xe8, 0xc1]))],
    ['with zero bytes', 'b\u0000a: x'],
  ])('is refused %s: its texts would be published garbled', (_what, text) => {
    expect(parseRule(text, 'x.yaml')).toEqual({ ok: false, diagnostics: [{ file: 'x.yaml', line: 1, column: 2, message: 'this is not UTF-8 text', expected: 'a file that is saved as UTF-8' }] });
  });

  it('is refused where its lines end in a carriage return alone', () => {
    const ends = (end: string): string => RULE_TEXT.replaceAll('\n', end);
    expect(parseRule(ends('\r'), 'x.yaml')).toEqual({
      ok: false,
      diagnostics: [{ file: 'x.yaml', line: 1, column: 18, message: 'the lines end in a carriage return alone', expected: 'lines that end in a line feed, as editors save them now' }],
    });
    expect(parseRule(ends('\r\n'), 'x.yaml')).toMatchObject({ ok: true, hash: hashOf(RULE_TEXT) });
  });

  it('is answered in a bounded number of lines', () => {
    const parsed = parseRule(`[${','.repeat(2_000)}`, 'x.yaml');
    const diagnostics = parsed.ok ? [] : parsed.diagnostics;
    expect(diagnostics).toHaveLength(101);
    expect(diagnostics.at(-1)?.message).toBe('there is more that is wrong from here on');
  });

  it('does not control the terminal on which it is reported', () => {
    const parsed = parseRule('"\\e[2J\\n": 1', 'x.yaml');
    const lines = parsed.ok ? [] : parsed.diagnostics.map(formatDiagnostic);
    expect(lines.join('')).toContain('unknown key');
    expect(lines.join('')).not.toMatch(/\p{Cc}/u);
  });
});
