import fc from 'fast-check';
import { formatDiagnostic } from './diagnostic.js';
import { parseRule, type ParseResult } from './parse.js';
import type { Rule } from './rule.js';
import { RULE_TEXT } from './rule-text.js';
import { FACT_NOUNS } from './selector-shape.js';

const parse = (text: string): ParseResult => parseRule(text, 'r.yaml');
/** What is wrong with a text, as people read it. */
const findings = (text: string): string[] => {
  const parsed = parse(text);
  return parsed.ok ? [] : parsed.diagnostics.map(formatDiagnostic);
};
const parsedRule = (text: string): Rule => {
  const parsed = parse(text);
  if (!parsed.ok) throw new Error(parsed.diagnostics.map(formatDiagnostic).join('\n'));
  return parsed.rule;
};
const hashOf = (text: string): string => {
  const parsed = parse(text);
  if (!parsed.ok) throw new Error(parsed.diagnostics.map(formatDiagnostic).join('\n'));
  return parsed.hash;
};
/** The right text with one part replaced; the part must be there. */
const where = (part: string, instead: string): string => {
  if (!RULE_TEXT.includes(part)) throw new Error(`no "${part}" in the text`);
  return RULE_TEXT.replace(part, instead);
};
const withCriteria = (criteria: string): string => `${RULE_TEXT.slice(0, RULE_TEXT.indexOf('criteria:\n'))}criteria: ${criteria}\n`;
const LEAF = '{ none: { of: withdrawal } }';

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
        ],
      },
    });
  });

  it.each([
    ['as-soon-as-met', { mode: 'as-soon-as-met' }],
    ['continuously', { mode: 'continuously' }],
    ['{ at-close: course }', { mode: 'at-close', of: 'course' }],
    ['{ at-close: { course-day: 150 } }', { mode: 'at-close', of: { courseDay: 150 } }],
  ])('decides %s', (text, decides) => expect(parsedRule(where('decides: as-soon-as-met', `decides: ${text}`)).decides).toEqual(decides));

  it.each(Object.entries(FACT_NOUNS))('looks at %s', (noun, type) => {
    expect(parsedRule(withCriteria(`{ none: { of: ${noun} } }`)).criteria).toMatchObject({ leaf: { selects: [{ type }] } });
  });

  it('counts present and late where it says nothing of marks', () => {
    expect(parsedRule(withCriteria('{ none: { of: attendance } }')).criteria).toMatchObject({ leaf: { selects: [{ statuses: ['present', 'late'] }] } });
    expect(parsedRule(withCriteria('{ none: { of: attendance, status: absent } }')).criteria).toMatchObject({ leaf: { selects: [{ statuses: ['absent'] }] } });
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
    ['a close of what is unknown', where('as-soon-as-met', '{ at-close: cuorse }'), ['r.yaml:8:22 "at-close" is "cuorse"; did you mean "course"?; expected one of course']],
    ['a close of a day that is none', where('as-soon-as-met', '{ at-close: { course-day: 1.5 } }'), ['r.yaml:8:36 "course-day" is not a whole number in range; expected a whole number from -3650 to 3650']],
    ['an unknown policy', where('revoke', 'revok'), ['r.yaml:9:17 "when-corrected" is "revok"; did you mean "revoke"?; expected one of keep, review, revoke']],
    ['a policy that is no word', where('revoke', '[keep]'), ['r.yaml:9:17 "when-corrected" is not a word; expected one of keep, review, revoke']],
    ['an unknown key', where('when-corrected: revoke', 'when-corrected: revoke\ncourses: sql'), ['r.yaml:10:1 "rule" has an unknown key "courses"; did you mean "course"?; expected one of badge, name, criteria-text, course, decides, when-corrected, criteria']],
    ['an unknown key that is like none', where('course: sql', 'course: sql\nzzzzzz: 1'), ['r.yaml:8:1 "rule" has an unknown key "zzzzzz"; expected one of badge, name, criteria-text, course, decides, when-corrected, criteria']],
    ['an unknown criterion', where('- count:\n        of: missions', '- cuont:\n        of: missions'), ['r.yaml:12:7 unknown criterion "cuont"; did you mean "count"?; expected one of all, any, not, count, mean, none']],
    ['an unknown setting', where('at-least: 4', 'at-least: 4\n        atleast: 4'), ['r.yaml:19:9 "count" has an unknown key "atleast"; did you mean "at-least"?; expected one of of, activity, tag, kind, status, from-course-day, to-course-day, at-least, distinct']],
    ['an unknown kind of fact', where('of: missions', 'of: mission'), ['r.yaml:13:13 "of" is "mission"; did you mean "missions"?; expected one of enrolment, withdrawal, attendance, submissions, grades, started missions, missions']],
    ['no kind of fact', where('        of: missions\n', ''), ['r.yaml:13:9 "count" lacks "of"; expected one of enrolment, withdrawal, attendance, submissions, grades, started missions, missions']],
    ['no number', where('        at-least: 4\n', ''), ['r.yaml:13:9 "count" lacks "at-least"; expected a whole number from 1 to 100000']],
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
    ['two criteria in one', withCriteria('{ none: { of: withdrawal }, all: [] }'), ['r.yaml:10:11 a criterion is one keyword with its settings below it; expected one of all, any, not, count, mean, none']],
    ['a criterion that is a word', withCriteria('count'), ['r.yaml:10:11 "criteria" is not a mapping; expected indented "key: value" lines']],
    ['an empty criterion', withCriteria('{}'), ['r.yaml:10:11 a criterion is one keyword with its settings below it; expected one of all, any, not, count, mean, none']],
    ['settings that are a word', withCriteria('{ count: 4 }'), ['r.yaml:10:20 "count" is not a mapping; expected indented "key: value" lines']],
    ['an empty list of activities', where('[s1, s2]', '[]'), ['r.yaml:28:25 "activity" is empty; expected at least one']],
    ['an empty list of marks', where('[present, late]', '[]'), ['r.yaml:27:23 "status" is empty; expected at least one']],
  ])('%s', (_what, text, expected) => expect(findings(text)).toEqual(expected));

  it('names each of several findings, in one go', () => {
    const text = where('revoke', 'burn').replace('of: missions', 'of: cakes').replace('course: sql', 'corse: sql');
    expect(findings(text).map((finding) => finding.split(' ')[0])).toEqual(['r.yaml:1:1', 'r.yaml:9:17', 'r.yaml:13:13', 'r.yaml:7:1']);
  });

  it('a key that stands twice', () => expect(findings(where('course: sql', 'course: sql\ncourse: sql'))).toEqual([expect.stringMatching(/^r\.yaml:8:1 .*unique/)]));
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

  it('reads nesting of any depth without running out of stack', () => {
    for (const text of ['['.repeat(60_000), '{a: '.repeat(15_000), withCriteria(nested(4000)), `${'- '.repeat(30_000)}a`]) expect(findings(text).length).toBeGreaterThan(0);
  });
});

describe('any text', () => {
  const sane = (text: string): void => {
    const parsed = parse(text);
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

  it.each([['at-least: 4', 'at-least: 5'], ['course: sql', 'course: sqk'], ['revoke', 'keep'], ['as-soon-as-met', 'continuously'], ['tag: quiz', 'kind: quiz'], ['SQL 기초', 'SQL 기본'], ['[s1, s2]', '[s1]']])(
    'differs where "%s" is "%s"',
    (part, instead) => expect(hashOf(where(part, instead))).not.toBe(hash),
  );
});
