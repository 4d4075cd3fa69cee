import { readdirSync, readFileSync } from 'node:fs';
import { isCasesFile, isIssuerFile } from '#engine/rule-files.js';
import { isLearningEventType, type LearningEvent } from '#domain/learning-event.js';
import { writeLogEvent } from '#domain/log-event.js';
import { decideRecord, eventDigest, evolveRecorded, nothingRecorded } from '#domain/record-learning.js';
import { readProofmark } from '#intake/proofmark-format.js';
import { leavesOf } from '#rules/evaluate.js';
import { parseRule } from '#rules/parse.js';
import type { Rule } from '#rules/rule.js';
import { EFFECTS } from './cast.js';
import { judge, read, type JudgedAward, type JudgedTerm } from './judged-term.js';
import { LEARNERS } from './learners.js';
import { demoTerm, DEMO_SEED, type DemoTerm } from './term.js';
import type { WireEvent } from './wire-event.js';

const LAST_DAY = '2026-03-06';
const DAY = 86_400_000;
const endOf = (date: string): number => Date.parse(`${date}T23:59:59.999+09:00`);
const END = endOf(LAST_DAY);
const RULES = new URL('../../../../rules/', import.meta.url);

const rules = readdirSync(RULES)
  .filter((file) => file.endsWith('.yaml') && !isCasesFile(file) && !isIssuerFile(file))
  .map((file): Rule => {
    const parsed = parseRule(readFileSync(new URL(file, RULES), 'utf8'), file);
    if (!parsed.ok) throw new Error(`rules/${file} does not parse`);
    return parsed.rule;
  });
const ruleOf = (badge: string): Rule | undefined => rules.find((rule) => rule.badge === badge);

/** What share of those who could earn a badge ever got it. */
const shareOf = ({ badge, course }: Rule, term: readonly WireEvent[], awards: readonly JudgedAward[]): number => {
  const learners = new Set(term.filter((event) => event.type === 'Enrolled' && (course === '' || event.course === course)).map(({ learner }) => learner));
  return new Set(awards.filter((award) => award.badge === badge).map(({ learner }) => learner)).size / learners.size;
};

const countBy = <T>(items: readonly T[], key: (item: T) => string): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
  return counts;
};

describe('the demo term', () => {
  let term: DemoTerm;
  beforeAll(() => {
    term = demoTerm({ seed: DEMO_SEED, lastDay: LAST_DAY });
  });

  it('is the same for the same seed and day, and another one otherwise', () => {
    expect(JSON.stringify(demoTerm({ seed: DEMO_SEED, lastDay: LAST_DAY }))).toBe(JSON.stringify(term));
    expect(JSON.stringify(demoTerm({ seed: DEMO_SEED + 1, lastDay: LAST_DAY }))).not.toBe(JSON.stringify(term));
    expect(JSON.stringify(demoTerm({ seed: DEMO_SEED, lastDay: '2026-03-07' }))).not.toBe(JSON.stringify(term));
  });

  it('has the stated counts', () => {
    expect(term.term).toHaveLength(10_016);
    expect(term.corrections).toHaveLength(5);
    expect(term.bad).toHaveLength(8);
    expect(term.duplicates).toBe(89);
    expect(term.late).toBe(182);
    expect(countBy(term.term, ({ type }) => type)).toEqual({
      CourseOpened: 3,
      SessionHeld: 72,
      AssignmentPublished: 18,
      MissionPublished: 74,
      CourseClosed: 1,
      Enrolled: 148,
      Withdrawn: 17,
      AttendanceMarked: 3271,
      AssignmentSubmitted: 765,
      AssignmentGraded: 759,
      MissionStarted: 2445,
      MissionCompleted: 2295,
      FactReplaced: 35,
      ExtensionGranted: 24,
      LearnerFlagged: 3,
      ApprovalGiven: 86,
    });
    expect(new Set(term.term.flatMap(({ learner }) => learner ?? [])).size).toBe(LEARNERS);
    expect(LEARNERS).toBe(60);
  });

  it('holds only events that intake takes, all of them in the past', () => {
    const times = [...term.term, ...term.corrections].map((wire) => read(wire).time ?? Infinity);
    expect(Math.max(...times)).toBeLessThanOrEqual(END);
    const attendance = Object.keys(countBy(term.term, ({ status }) => status ?? ''));
    expect(attendance.sort()).toEqual(['', 'absent', 'excused', 'late', 'present']);
  });

  it('repeats its duplicates word by word, and nothing else', () => {
    const texts = new Map<string, string>();
    const repeated: { readonly text: string; readonly known: string }[] = [];
    for (const event of term.term) {
      const id = `${event.source}/${event.id}`;
      const text = JSON.stringify(event);
      const known = texts.get(id);
      if (known === undefined) texts.set(id, text);
      else repeated.push({ text, known });
    }
    expect(repeated).toHaveLength(term.duplicates);
    for (const { text, known } of repeated) expect(text).toBe(known);
  });

  it('sends late arrivals a day or more after newer events', () => {
    let newest = 0;
    let overtaken = 0;
    for (const { time = '', type } of term.term) {
      if (type === 'FactReplaced') continue;
      const at = Date.parse(time);
      if (newest - at >= 23 * 3_600_000) overtaken++;
      newest = Math.max(newest, at);
    }
    expect(overtaken).toBeGreaterThan(term.late / 2);
  });

  it('has a correction that comes before what it corrects', () => {
    const first = new Map<string, number>();
    term.term.forEach(({ id }, i) => first.set(id, Math.min(i, first.get(id) ?? Infinity)));
    const early = term.term.filter(({ id, target }) => target !== undefined && (first.get(target) ?? 0) > (first.get(id) ?? 0));
    expect(early.map(({ target }) => target)).toContain('grade-sql-a2-hb-0001-1');
  });

  it('has bad deliveries that are refused for the stated reason', () => {
    const known = new Map([...term.term].map((event) => [`${event.source}/${event.id}`, event]));
    for (const { body, reason } of term.bad) {
      const mapped = readProofmark(body);
      if (!mapped.ok) {
        expect(mapped.reason).toBe(reason);
        continue;
      }
      const event = mapped.events[0] as LearningEvent;
      if (reason === 'future') {
        expect(event.time).toBeGreaterThan(END + 365 * 86_400_000);
        continue;
      }
      expect(reason).toBe('conflict');
      const recorded = nothingRecorded();
      const original = read(known.get(`${event.source}/${event.id}`));
      evolveRecorded(recorded, original, eventDigest(original.type, writeLogEvent(original)), 0);
      expect(decideRecord(recorded, event, eventDigest(event.type, writeLogEvent(event))).outcome).toBe('conflict');
    }
    expect(new Set(term.bad.map(({ reason }) => reason))).toEqual(new Set(['invalid', 'malformed', 'future', 'conflict']));
    const types = term.bad.filter(({ reason }) => reason !== 'malformed').map(({ body }) => (JSON.parse(body) as WireEvent).type);
    expect(types.filter((type) => !isLearningEventType(type))).toHaveLength(1);
  });

});

describe('the demo term, decided', () => {
  let term: DemoTerm;
  let judged: JudgedTerm;
  beforeAll(async () => {
    term = demoTerm({ seed: DEMO_SEED, lastDay: LAST_DAY });
    judged = await judge(rules, [term.term, term.corrections], END + DAY / 2);
  });
  const awards = (): readonly JudgedAward[] => judged.after[0] ?? [];
  const corrected = (): readonly JudgedAward[] => judged.after[1] ?? [];
  const of = (badge: string): readonly JudgedAward[] => awards().filter((award) => award.badge === badge);

  it.each([LAST_DAY, '2026-03-08', '2024-02-29'])('ending on %s: every badge is earned by some of its course, not by all', async (lastDay) => {
    const other = lastDay === LAST_DAY ? undefined : demoTerm({ seed: DEMO_SEED, lastDay });
    const found = other ? (await judge(rules, [other.term], endOf(lastDay) + DAY / 2)).after[0] : awards();
    for (const rule of rules) {
      const share = shareOf(rule, (other ?? term).term, found ?? []);
      expect({ badge: rule.badge, fits: share >= 0.03 && share <= 0.85, share }).toEqual({ badge: rule.badge, fits: true, share });
    }
  });

  it('ends with corrections that change some awards, with every effect there is, and fell one that rests on another', () => {
    const effects: Record<string, string> = { BadgeAwarded: 'granted', AwardKept: 'kept', AwardSuspended: 'suspended', AwardRevoked: 'revoked' };
    const changed = corrected().flatMap(({ learner, badge, period, history }) => {
      const known = awards().find((award) => award.learner === learner && award.badge === badge && award.period === period)?.history.length ?? 0;
      return history.slice(known).map(({ type }) => ({ learner, badge, effect: effects[type] }));
    });
    const inOrder = (a: { learner: string; badge: string }, b: { learner: string; badge: string }): number =>
      `${a.learner} ${a.badge}` < `${b.learner} ${b.badge}` ? -1 : 1;
    expect(changed.sort(inOrder)).toEqual([...EFFECTS].sort(inOrder));
    expect(new Set(EFFECTS.map(({ effect }) => effect))).toEqual(new Set(['revoked', 'suspended', 'kept', 'granted']));
    expect(term.corrections.map(({ type }) => type)).toContain('FactRetracted');
    const fell = corrected().find(({ learner, badge }) => learner === 'hb-0008' && badge === 'data-analyst');
    expect(fell?.history.at(-1)).toMatchObject({ type: 'AwardRevoked', cause: { kind: 'award' } });
  });

  it('has awards that expired and such that were renewed', () => {
    const states = of('sql-in-practice').map(({ status }) => status);
    expect(states.filter((state) => state === 'expired').length).toBeGreaterThan(2);
    expect(states.filter((state) => state === 'active').length).toBeGreaterThan(10);
    expect(of('sql-in-practice').filter(({ history }) => history.some(({ type }) => type === 'AwardRenewed')).length).toBeGreaterThan(5);
  });

  it('has awards that wait for the end of their hold', async () => {
    const later = await judge(rules, [term.term], END + 21 * DAY);
    const told = later.after[0]?.filter(({ badge }) => badge === 'viz-storyteller') ?? [];
    expect(of('viz-storyteller').length).toBeGreaterThan(0);
    expect(told.length).toBeGreaterThan(of('viz-storyteller').length);
  });

  it('has a cohort that was ranked, with about a tenth of it in', () => {
    expect(judged.rankings).toHaveLength(1);
    const [{ size, cutoff } = { size: 0, cutoff: null }] = judged.rankings;
    expect(size).toBeGreaterThan(30);
    expect(cutoff).toBeGreaterThan(85);
    expect(of('sql-honours').length).toBe(Math.ceil(size / 10));
  });

  it('has a monthly badge that many earn more than once, and nobody more often than there are months', () => {
    const times = countBy(of('team-momentum'), ({ learner }) => learner);
    expect(Object.values(times).filter((n) => n > 1).length).toBeGreaterThan(5);
    expect(Math.max(...Object.values(times))).toBeLessThanOrEqual(4);
  });

  it('has holders of each role and of each level, and a learner with both roles and the gold level', () => {
    for (const { badge, design } of rules) {
      if (!design.role && !design.level) continue;
      expect({ badge, held: of(badge).some(({ status }) => status === 'active') }).toEqual({ badge, held: true });
    }
    const held = awards().filter(({ learner, status }) => learner === 'hb-0013' && status === 'active').map(({ badge }) => badge);
    expect(held).toEqual(expect.arrayContaining(['data-analyst', 'data-storyteller', 'sql-specialist']));
    expect(new Set(held).size).toBeGreaterThan(12);
  });

  it('asks in its roles only for badges that exist', () => {
    const asked = rules.flatMap(({ criteria }) => leavesOf(criteria).flatMap(({ selects }) => selects.filter(({ type }) => type === 'BadgeHeld')));
    expect(asked.length).toBeGreaterThan(0);
    for (const badge of asked.flatMap(({ activities = [] }) => activities)) expect(ruleOf(badge)?.badge).toBe(badge);
  });
});
