import { readdirSync, readFileSync } from 'node:fs';
import { applyEvent, currentFacts, emptyFactBook, type Fact, type FactBook } from '#domain/facts.js';
import { isCourseFactType, isLearningEventType, type LearningEvent } from '#domain/learning-event.js';
import { writeLogEvent } from '#domain/log-event.js';
import { decideRecord, eventDigest, evolveRecorded, nothingRecorded } from '#domain/record-learning.js';
import { readProofmark } from '#intake/proofmark-format.js';
import { evolveCourse, unknownCourse, type CourseState } from '#rules/course-context.js';
import { parseRule } from '#rules/parse.js';
import { evaluateLive } from '#rules/judge.js';
import { learnerContext } from '#rules/circumstances.js';
import type { Rule } from '#rules/rule.js';
import { CAST } from './cast.js';
import { COURSES } from './courses.js';
import { LEARNERS } from './learners.js';
import { demoTerm, DEMO_SEED, type DemoTerm } from './term.js';
import type { WireEvent } from './wire-event.js';

const LAST_DAY = '2026-03-06';
const endOf = (date: string): number => Date.parse(`${date}T23:59:59.999+09:00`);
const END = endOf(LAST_DAY);
const RULES = new URL('../../../../rules/', import.meta.url);

const rules = readdirSync(RULES)
  .filter((file) => file.endsWith('.yaml'))
  .map((file): Rule => {
    const parsed = parseRule(readFileSync(new URL(file, RULES), 'utf8'), file);
    if (!parsed.ok) throw new Error(`rules/${file} does not parse`);
    return parsed.rule;
  });

const read = (event: unknown): LearningEvent => {
  const mapped = readProofmark(event);
  if (!mapped.ok) throw new Error(mapped.detail);
  return mapped.events[0] as LearningEvent;
};

interface Holders {
  readonly enrolled: ReadonlySet<string>;
  readonly holders: ReadonlySet<string>;
}

/** Who is enrolled and who holds each badge, on all facts, when the last day is over. */
const judgeAll = (wire: readonly WireEvent[], lastDay = LAST_DAY): ReadonlyMap<string, Holders> => {
  const courses = new Map<string, CourseState>(COURSES.map(({ id }) => [id, unknownCourse()]));
  const learners = new Map<string, FactBook>();
  for (const event of wire.map(read)) {
    if (isCourseFactType(event.type)) {
      const course = courses.get(event.course ?? '');
      if (course) evolveCourse(course, event);
    } else if ('learner' in event && event.learner !== undefined) {
      const book = learners.get(event.learner) ?? emptyFactBook();
      learners.set(event.learner, book);
      applyEvent(book, event);
    }
  }
  const facts = new Map([...learners].map(([learner, book]): [string, readonly Fact[]] => [learner, [...currentFacts(book)]]));
  return new Map(
    rules.map((rule) => {
      const course = courses.get(rule.course);
      if (!course) throw new Error(`no course ${rule.course}`);
      evolveCourse(course, { type: 'ClosingTimeReached', course: rule.course, at: endOf(lastDay) });
      const enrolled = [...facts].filter(([, all]) => all.some((fact) => fact.type === 'Enrolled' && fact.course === rule.course));
      const holders = enrolled.filter(([, all]) => evaluateLive(rule, all, { course: course.context, learner: learnerContext(all, rule.course) }).outcome.supported);
      const ids = (of: typeof enrolled) => new Set(of.map(([learner]) => learner));
      return [rule.badge, { enrolled: ids(enrolled), holders: ids(holders) }];
    }),
  );
};

const countBy = (events: readonly WireEvent[], key: (event: WireEvent) => string): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const event of events) counts[key(event)] = (counts[key(event)] ?? 0) + 1;
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
    expect(term.term).toHaveLength(9903);
    expect(term.corrections).toHaveLength(5);
    expect(term.bad).toHaveLength(8);
    expect(term.duplicates).toBe(88);
    expect(term.late).toBe(180);
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

  it.each([LAST_DAY, '2026-03-08', '2024-02-29'])(
    'ending on %s: every badge is earned by some of its course, not by all',
    (lastDay) => {
      const { term: events, corrections } = demoTerm({ seed: DEMO_SEED, lastDay });
      for (const [badge, { enrolled, holders }] of judgeAll([...events, ...corrections], lastDay)) {
        const share = holders.size / enrolled.size;
        expect({ badge, fits: share >= 0.05 && share <= 0.8, share }).toEqual({ badge, fits: true, share });
      }
    },
  );

  it('ends with corrections that change one award each, with every effect there is', () => {
    const before = judgeAll(term.term);
    const after = judgeAll([...term.term, ...term.corrections]);
    const effects: Record<string, string> = { revoke: 'revoked', review: 'suspended', keep: 'kept' };
    const changed = rules.flatMap(({ badge, whenCorrected }) => {
      const had = before.get(badge)?.holders ?? new Set();
      const has = after.get(badge)?.holders ?? new Set();
      const lost = [...had].filter((learner) => !has.has(learner));
      const gained = [...has].filter((learner) => !had.has(learner));
      return [
        ...lost.map((learner) => ({ learner, badge, effect: effects[whenCorrected] })),
        ...gained.map((learner) => ({ learner, badge, effect: 'granted' })),
      ];
    });
    const byLearner = (a: { learner: string }, b: { learner: string }): number => (a.learner < b.learner ? -1 : 1);
    const scripted = CAST.map(({ learner, badge, effect }) => ({ learner, badge, effect }));
    expect(changed.sort(byLearner)).toEqual(scripted.sort(byLearner));
    expect(new Set(scripted.map(({ effect }) => effect))).toEqual(new Set(['revoked', 'suspended', 'kept', 'granted']));
    expect(term.corrections.map(({ type }) => type)).toContain('FactRetracted');
  });

  it('has a learner with nearly every badge to look at', () => {
    const held = [...judgeAll(term.term).values()].filter(({ holders }) => holders.has('hb-0001'));
    expect(held.length).toBeGreaterThanOrEqual(rules.length - 1);
  });
});
