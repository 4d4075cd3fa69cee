import { readdirSync, readFileSync } from 'node:fs';
import type { CourseEvent } from '#awarding/catalogue.js';
import { makeCase, type MadeCase } from '#awarding/make-case.js';
import type { RecordedHistory } from '#awarding/recorded-history.js';
import { testRule, type RuleTest } from '#awarding/test-rule.js';
import type { LearningEvent } from '#domain/learning-event.js';
import { parseRule } from '#rules/parse.js';
import type { Rule } from '#rules/rule.js';
import { read } from './judged-term.js';
import { demoTerm, DEMO_SEED } from './term.js';

/*
 * Example cases of learners of the demo's term, for each rule of the demo that has a course.
 */

interface Written {
  readonly file: string;
  readonly source: string;
  readonly cases: string;
  readonly rule: Rule;
}

const RULES: readonly Written[] = readdirSync('rules')
  .filter((file) => file.endsWith('.yaml') && !/\.(cases|issuer)\.yaml$/.test(file))
  .flatMap((file) => {
    const source = readFileSync(`rules/${file}`, 'utf8');
    const parsed = parseRule(source, file);
    if (!parsed.ok || parsed.rule.course === '') return [];
    return [{ file, source, cases: readFileSync(`rules/${file.replace('.yaml', '.cases.yaml')}`, 'utf8'), rule: parsed.rule }];
  });

const { term, corrections } = demoTerm({ seed: DEMO_SEED, lastDay: '2026-05-24' });
const NOW = Date.UTC(2026, 4, 25, 10, 20, 30, 400);
const seen = new Set<string>();
const EVENTS: readonly LearningEvent[] = [...term, ...corrections].filter(({ source, id }) => !seen.has(`${source}/${id}`) && seen.add(`${source}/${id}`)).map(read);

const learnerOf = (event: LearningEvent): string | undefined => ('learner' in event ? event.learner : undefined);
const ofLearners = new Map<string, LearningEvent[]>();
for (const event of EVENTS) {
  const learner = learnerOf(event);
  if (learner !== undefined) ofLearners.set(learner, [...(ofLearners.get(learner) ?? []), event]);
}

const historyOf = (learner: string, course: string): RecordedHistory => ({
  courseEvents: EVENTS.filter((event) => learnerOf(event) === undefined && event.course === course) as unknown as readonly CourseEvent[],
  events: ofLearners.get(learner) ?? [],
  held: [],
  courseTitle: 'The Course',
  now: NOW,
});
const learnersOf = (course: string): readonly string[] => [...ofLearners].filter(([, events]) => events.some((event) => event.course === course)).map(([learner]) => learner);
/** Those who were corrected, and some others. */
const someOf = (course: string): readonly string[] => {
  const isCorrected = (learner: string): boolean => (ofLearners.get(learner) ?? []).some(({ type }) => type === 'FactReplaced' || type === 'FactRetracted');
  const all = learnersOf(course);
  return [...all.filter(isCorrected).slice(0, 1), ...all.filter((learner) => !isCorrected(learner)).slice(0, 1)];
};

const made = (found: MadeCase): { readonly cases: string; readonly case: string } => {
  if ('impossible' in found) throw new Error(found.impossible);
  return found;
};
const tested = ({ file, source }: Written, cases: string): RuleTest => testRule({ file, text: source }, { file: 'c.yaml', text: cases });

describe('a case of a learner of the demo', () => {
  it.each(RULES.map((one) => [one.rule.badge, one] as const))('passes at once, alone and below the cases of %s', (_badge, one) => {
    const { rule, cases } = one;
    for (const learner of someOf(rule.course)) {
      const alone = made(makeCase(rule, historyOf(learner, rule.course), undefined));
      expect(tested(one, alone.cases)).toMatchObject({ passed: true, diagnostics: [], cases: [{ case: alone.case, passed: true }] });
      const below = made(makeCase(rule, historyOf(learner, rule.course), cases));
      expect(below.cases.startsWith(cases)).toBe(true);
      const result = tested(one, below.cases);
      expect([result.passed, result.cases.at(-1)?.case]).toEqual([true, below.case]);
      // The same once more is another case.
      const again = made(makeCase(rule, historyOf(learner, rule.course), alone.cases));
      expect(again.case).toBe(`${alone.case} (2)`);
      expect(again.cases.startsWith(alone.cases)).toBe(true);
    }
  }, 300_000);

  it('says nobody, and no class system', () => {
    for (const { rule } of RULES) {
      for (const learner of someOf(rule.course)) {
        const history = historyOf(learner, rule.course);
        const { cases } = made(makeCase(rule, history, undefined));
        const said = history.events.filter(({ id, source }) => cases.includes(id) || cases.includes(` ${source}`));
        expect([rule.badge, cases.includes(learner), said]).toEqual([rule.badge, false, []]);
      }
    }
  }, 300_000);

  it('has corrections in it, in order of arrival', () => {
    const cases = learnersOf('sql-basics').map((learner) => made(makeCase(RULES.find(({ rule }) => rule.badge === 'sql-foundations')?.rule as Rule, historyOf(learner, 'sql-basics'), undefined)).cases);
    expect(cases.filter((text) => text.includes('{ type: FactReplaced, target: e')).length).toBeGreaterThan(5);
    expect(cases.filter((text) => text.includes('award: revoked')).length).toBeGreaterThan(0);
  }, 300_000);

  it.each<[string, string, string]>([
    ['sql-foundations', 'at-least: 75', 'at-least: 99.9'],
    ['sql-first-steps', 'at-least: 65', 'at-least: 99.9'],
    ['team-player', 'at-least: 10', 'at-least: 13'],
    ['viz-weekly-practice', 'at-least: 9', 'at-least: 13'],
    ['sql-specialist', 'at-least: 88', 'at-least: 99.9'],
  ])('fails once another threshold is needed for %s', (badge, now, then) => {
    const one = RULES.find(({ rule }) => rule.badge === badge);
    if (!one) throw new Error(`there is no rule for ${badge}`);
    expect(one.source).toContain(now);
    const earned = learnersOf(one.rule.course).map((learner) => made(makeCase(one.rule, historyOf(learner, one.rule.course), undefined))).filter(({ cases }) => cases.includes('awarded: true')).slice(0, 5);
    expect(earned.length).toBeGreaterThan(0);
    for (const { cases } of earned) expect(tested({ ...one, source: one.source.replace(now, then) }, cases).passed).toBe(false);
  }, 300_000);
});
