import type { LearningEvent } from '#domain/learning-event.js';
import { schemaVersion, writeLogEvent } from '#domain/log-event.js';
import { evolveCourse, unknownCourse } from '#rules/course-context.js';
import { parseRule } from '#rules/parse.js';
import type { LiveRule } from '#rules/rulebook.js';
import { growthPathOf, type AwardRow, type GrowthPath } from './growth-path-view.js';
import type { Pathway, PathwayStop } from './pathway-view.js';

const day = (n: number): number => Date.UTC(2026, 2, 1 + n);

const rule = (badge: string, criteria: string, more = 'course: C1\ndecides: as-soon-as-met'): LiveRule => {
  const parsed = parseRule(`badge: ${badge}\nname: { en: ${badge.toUpperCase()}, ko: ${badge.toUpperCase()} }\ncriteria-text: { en: x }\n${more}\nwhen-corrected: review\ncriteria: ${criteria}\n`, 'rule.yaml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  return { rule: parsed.rule, reference: { badge, version: 1, hash: parsed.hash } };
};
const level = (rank: number): string => `course: C1\ndecides: as-soon-as-met\nlevel: { of: sql, rank: ${rank}, name: { en: Level ${rank} } }`;

const RULES = [
  rule('bronze', '{ count: { of: missions, at-least: 1 } }', level(1)),
  rule('silver', '{ count: { of: missions, at-least: 3 } }', level(2)),
  rule('gold', '{ count: { of: missions, at-least: 6 } }', level(3)),
  rule('talk', '{ count: { of: missions, tag: talk, at-least: 1 } }'),
  rule('closed', '{ count: { of: attendance, at-least: 9 } }', 'course: C1\ndecides: { at-close: { course-day: 2 } }'),
  rule('warm-up', '{ count: { of: attendance, at-least: 1 } }', 'course: C1\ndecides: as-soon-as-met\npathway: analyst'),
  rule('elsewhere', '{ count: { of: missions, at-least: 1 } }', 'course: C2\ndecides: as-soon-as-met'),
  rule('analyst', '{ all: [{ badges: { badge: [bronze, elsewhere] } }, { some: { at-least: 1, of: [{ badges: { level-of: sql, from-rank: 2 } }, { badges: { badge: [talk, closed] } }] } }, { approval: { by: 1 } }] }', 'decides: as-soon-as-met\nrole: { en: Analyst, ko: 분석가 }'),
  rule('host', '{ badges: { badge: [closed, talk] } }', 'decides: as-soon-as-met\nrole: { en: Host }'),
];

const course = unknownCourse();
evolveCourse(course, { id: 'open', source: 'lms', type: 'CourseOpened', course: 'C1', time: day(0) });

const mission = (id: string, tags?: readonly string[]): LearningEvent => ({ id, source: 'lms', type: 'MissionCompleted', learner: 'ana', course: 'C1', activity: id, time: day(1), ...(tags && { tags }) });
const award = (badge: string, status: AwardRow['status'], changes: Partial<AwardRow> = {}): AwardRow => ({
  award: `${badge}-1`, badge, course: 'C1', period: '', status, validUntil: null, earnedAt: day(1), awardedAt: day(1), decidedAt: day(1), decidedByPerson: 0, cause: { kind: 'facts', reason: 'all met' }, evidence: [], ...changes,
});

const path = (events: readonly LearningEvent[], awards: readonly AwardRow[] = [], { clock = day(1), rules = RULES, retired = new Set<string>() } = {}): GrowthPath =>
  growthPathOf({
    rows: events.map((event, i) => ({ position: i + 1, time: day(1), course: 'C1', type: event.type, schema: schemaVersion(event.type), entry: writeLogEvent(event) })),
    rules, retired, awards, now: day(3),
    courseOf: () => ({ context: { ...course.context, clock }, titles: new Map() }),
  });

const wayTo = (found: GrowthPath, badge: string): Pathway => {
  const way = found.pathways.find((one) => one.badge === badge);
  if (!way) throw new Error(`no way to ${badge}`);
  return way;
};
const drawn = ({ kind, state: at, closeness, value, needed, places, parts }: PathwayStop): unknown => [`${kind} ${at} ${closeness}`, `${value}/${needed}`, places.map(({ steps }) => steps.map(({ badge, state }) => `${badge} ${state}`)), ...parts.map(drawn)];

describe('the way to a role', () => {
  it('says of each badge how it stands, in the order of the criteria, levels in one place, what leads there first', () => {
    const way = wayTo(path([mission('m1')], [award('bronze', 'active')]), 'analyst');
    expect(way).toMatchObject({ role: { en: 'Analyst', ko: '분석가' }, step: { badge: 'analyst', state: 'in-progress' } });
    expect(way.stops.map(drawn)).toEqual([
      ['along open 0', '0/1', [['warm-up open']]],
      ['asked in-progress 0.5', '1/2', [['bronze earned'], ['elsewhere open']]],
      ['asked in-progress 0.33', '0/1', [], ['asked in-progress 0.33', '0/1', [['silver in-progress', 'gold in-progress']]], ['asked open 0', '0/2', [['talk open'], ['closed open']]]],
      ['asked open 0', '0/1', []],
    ]);
    expect(way.stops[1]?.places[0]?.steps[0]).toMatchObject({ award: { award: 'bronze-1', status: 'active' }, closeness: 1 });
    expect(way.stops[2]?.parts[0]?.places[0]?.steps[0]).toMatchObject({ closeness: 0.33, criteriaMet: 0, criteriaTotal: 1, level: { rank: 2 } });
    expect(way.stops[3]?.missing).toMatchObject({ text: { en: '1 more approval' } });
  });

  it.each([
    ['suspended', 'lost'],
    ['revoked', 'lost'],
    ['expired', 'lost'],
    ['active', 'earned'],
  ] as const)('shows a badge whose award is %s as %s', (status, state) => {
    expect(wayTo(path([mission('m1')], [award('bronze', status)]), 'analyst').stops[1]?.places[0]?.steps[0]).toMatchObject({ badge: 'bronze', state, award: { status } });
  });

  it('shows a badge of which an earlier award was lost and another one holds as earned', () => {
    const awards = [award('talk', 'revoked', { period: '2026-01', award: 'lost', decidedAt: day(9) }), award('talk', 'active', { period: '2026-02', award: 'held' })];
    expect(wayTo(path([mission('m1')], awards), 'host').stops[0]?.places[1]?.steps[0]).toMatchObject({ badge: 'talk', state: 'earned', award: { award: 'held' } });
  });

  it('ends where something that it needs can be had no more, and goes on where there is another way', () => {
    const late = path([mission('m1')], [], { clock: day(9) });
    expect(wayTo(late, 'host')).toMatchObject({ step: { state: 'out-of-reach' }, stops: [{ state: 'out-of-reach', places: [{ steps: [{ badge: 'closed', state: 'out-of-reach' }] }, {}] }] });
    expect(wayTo(late, 'analyst')).toMatchObject({ step: { state: 'open' }, stops: [{}, {}, { state: 'in-progress', parts: [{ state: 'in-progress' }, { state: 'out-of-reach' }] }, {}] });
    expect(late.badges.inReach.filter(({ possible }) => !possible).map(({ badge }) => badge).sort()).toEqual(['closed', 'host']);
    expect(path([mission('m1')]).badges.inReach.find(({ badge }) => badge === 'host')?.possible).toBe(true);
    // A role that rests on the lost one is as lost as the badge.
    const boss = rule('boss', '{ badges: { badge: host } }', 'decides: as-soon-as-met\nrole: { en: Boss }');
    expect(path([mission('m1')], [award('host', 'revoked', { decidedByPerson: 1 })], { rules: [...RULES, boss] }).badges.inReach.find(({ badge }) => badge === 'boss')?.possible).toBe(false);
  });

  it('is there for who has the role, though nobody earns it any more, and for nobody else', () => {
    const retired = new Set(['host', 'talk']);
    expect(path([mission('m1')], [], { retired }).pathways.map(({ badge }) => badge)).toEqual(['analyst']);
    const way = wayTo(path([mission('m1')], [award('host', 'active')], { retired }), 'host');
    expect(way.step).toMatchObject({ state: 'earned' });
    expect(way.stops[0]?.places[1]?.steps[0]).toMatchObject({ badge: 'talk', state: 'out-of-reach' });
  });
});

describe('the next step', () => {
  it('is the one that helps most badges and roles, with those first that it completes', () => {
    const rules = RULES.filter((one) => one.rule.badge !== 'closed');
    expect(path([mission('m1'), mission('m2')], [award('bronze', 'active')], { rules }).nextStep).toEqual({
      text: { en: '1 more completed mission', ko: '완료한 미션 1개 더 필요' },
      course: 'C1',
      helps: [{ badge: 'silver', name: { en: 'SILVER', ko: 'SILVER' }, completes: true }, { badge: 'gold', name: { en: 'GOLD', ko: 'GOLD' }, completes: false }],
      roles: [{ badge: 'analyst', name: { en: 'ANALYST', ko: 'ANALYST' } }],
    });
  });

  it('counts the roles that still ask for a badge', () => {
    const without = (...badges: string[]) => ({ rules: RULES.filter((one) => !badges.includes(one.rule.badge)) });
    // One badge and two roles outweigh two badges for one role; and two badges stand alone where the role has its level.
    const one = path([mission('m1')], [award('bronze', 'active')], without('silver', 'warm-up', 'closed'));
    expect(one.nextStep).toMatchObject({ helps: [{ badge: 'talk' }], roles: [{ badge: 'analyst' }, { badge: 'host' }] });
    const held = path([mission('m1'), mission('m2'), mission('m3')], [award('bronze', 'active'), award('silver', 'active')], without('talk', 'warm-up', 'closed', 'host'));
    expect(held.nextStep).toMatchObject({ helps: [{ badge: 'gold' }], roles: [] });
  });

  it('is never what can do nothing any more, nor to earn another badge', () => {
    const rules = RULES.filter((one) => ['closed', 'host'].includes(one.rule.badge));
    expect(path([mission('m1')], [], { rules, clock: day(9) }).nextStep).toBeUndefined();
    const withRole = RULES.filter((one) => ['bronze', 'analyst'].includes(one.rule.badge));
    expect(path([mission('m1')], [award('bronze', 'active')], { rules: withRole }).nextStep).toMatchObject({ text: { en: '1 more approval' } });
  });
});
