import type { Fact } from '#domain/facts.js';
import type { Circumstances } from '../circumstances.js';
import type { Settings } from '../criterion.js';
import { circumstances, days, fact, flips, grade, ids, label, leaf, measure, missing, onDay, published, refusals, track } from '../graded-criterion-under-test.js';
import { holdsAt, NEVER } from '../truth.js';

const mean = (needed: number, settings: Settings = {}) => leaf('mean', { 'at-least': needed, ...settings });
const scored = (id: string, day: number, score: number, max: number): Fact => grade(id, day, score, undefined, { max });
const handedIn = (id: string, day: number, activity: string): Fact => fact(id, day, { type: 'AssignmentSubmitted', activity });
const offering = (...offers: Fact[]): Circumstances => circumstances({ offers });

describe('mean', () => {
  it('is met by exactly the mean that is needed, also where no binary fraction is', () => {
    const thirds = [grade('a', 0, 66.6), grade('b', 1, 66.7), grade('c', 2, 66.8)];
    expect(measure(mean(66.7), thirds)).toMatchObject({ met: true, value: 66.7, needed: 66.7, unit: 'percent' });
    expect(measure(mean(66.7), [...thirds, grade('d', 3, 66.699)])).toMatchObject({ met: false, value: 66.69975 });
    expect(measure(mean(70), [scored('a', 0, 0.7, 1), scored('b', 0, 2.1, 3), scored('c', 0, 7, 10)])).toMatchObject({ met: true, value: 70 });
  });

  it('never shows a value on the other side of what is needed', () => {
    const short = measure(mean(50), [grade('a', 0, 50), grade('b', 1, 50), grade('c', 2, 49.999999)]);
    expect(short).toMatchObject({ met: false, value: 49.999999 });
    expect(missing(mean(50), [grade('a', 0, 49.999999)]).amount).toBe(0.01);
  });

  it('weighs each score the same, in percent of what could be reached', () => {
    expect(measure(mean(50), [scored('a', 0, 1, 1), scored('b', 0, 0, 99)])).toMatchObject({ met: true, value: 50 });
  });

  it('takes no part in facts without a score, nor in scores that are not released', () => {
    const facts = [grade('a', 0, 80), grade('b', 1, undefined), grade('c', 2, 10, undefined, { released: false })];
    expect(measure(mean(80), facts)).toMatchObject({ met: true, value: 80 });
    expect(ids(measure(mean(80), facts))).toEqual(['a']);
    expect(flips(mean(80), facts)).toEqual([false, 0]);
  });

  it('is not met by nothing, even where 0 is enough', () => {
    expect(measure(mean(0), [])).toMatchObject({ met: false, value: 0, evidence: [] });
    expect(measure(mean(0), [grade('a', 0, 0)])).toMatchObject({ met: true, value: 0 });
    expect(flips(mean(0), [grade('b', 0, undefined), grade('a', 1, 0)])).toEqual([false, 1]);
    expect(missing(mean(60), []).text).toEqual({ en: 'No score yet', ko: '아직 점수가 없음' });
    expect(missing(mean(60), [grade('a', 0, 50)]).text).toEqual({ en: 'The average must rise by 10 points', ko: '평균이 10점 더 올라야 함' });
  });

  it('goes up and down, scores of one moment together, late and corrected ones in their place', () => {
    const at = circumstances();
    const tracker = track(mean(70), [grade('a', 0, 70), grade('d', 2, 110), grade('c', 1, 100), grade('b', 1, 0), grade('e', 3, 0)], at);
    const found = (): unknown => days(tracker.truth(mean(70).settings, at));
    expect(found()).toEqual([false, 0, 1, 2, 3]);
    tracker.remove(grade('b', 1, 0), at);
    expect(found()).toEqual([false, 0]);
    expect(tracker.changedAbove).toBeLessThan(70);
    expect(tracker.changedUpTo).toBeGreaterThanOrEqual(70);
  });

  it('says between which thresholds a grade changed something', () => {
    const at = circumstances();
    const tracker = track(mean(70), [grade('a', 0, 60)], at);
    tracker.insert(grade('b', 1, 80), at);
    expect(tracker.changedAbove).toBeCloseTo(60, 5);
    expect(tracker.changedUpTo).toBeCloseTo(70, 5);
    tracker.insert(grade('low', 2, 40), at);
    expect(tracker.changedAbove).toBeCloseTo(60, 5);
    expect(tracker.changedUpTo).toBeCloseTo(70, 5);
    tracker.insert(grade('none', 3, undefined), at);
    expect(tracker.changedAbove).toBeGreaterThan(tracker.changedUpTo);
  });

  it('may be more than all', () => expect(measure(mean(110), [scored('a', 0, 11, 10)])).toMatchObject({ met: true, value: 110 }));
});

describe('of several attempts of one activity', () => {
  const facts = [grade('1', 0, 50, 'x'), grade('2', 2, 90, 'x'), grade('3', 4, 70, 'x'), grade('y', 1, 60, 'y'), grade('free', 3, 40), grade('free too', 3, 40)];
  it.each([
    ['latest', 52.5, ['y', 'free', 'free too', '3']],
    ['best', 57.5, ['y', '2', 'free', 'free too']],
    ['first', 47.5, ['1', 'y', 'free', 'free too']],
    ['each', 58.333333, ['1', 'y', '2', 'free', 'free too', '3']],
  ])('mean counts the %s', (attempt, value, evidence) => {
    const found = measure(mean(58.333333, { attempt }), facts);
    expect(found).toMatchObject({ value, met: attempt === 'each' });
    expect(ids(found)).toEqual(evidence);
    const [, ...last] = flips(mean(value, { attempt }), facts);
    expect(last.length % 2).toBe(1);
    expect(flips(mean(value + 0.000001, { attempt }), facts).length % 2).toBe(1);
  });

  it.each(['latest', 'best', 'first', 'each'])('mean counts the %s of many, too, in any order of arrival', (attempt) => {
    const many = Array.from({ length: 60 }, (_, i) => grade(`g${i}`, i, (i * 37) % 101, i % 5 === 4 ? undefined : `a${(i * 7) % 11}`));
    const at = circumstances();
    const [inOrder, reversed] = [many, [...many].reverse()].map((facts) => track(mean(50, { attempt }), facts, at));
    for (const day of many.keys()) {
      const { value } = measure(mean(50, { attempt }), many, at, day);
      for (const tracker of [inOrder, reversed]) {
        const holdsFor = (needed: number): boolean => holdsAt(tracker?.truth({ 'at-least': needed }, at) ?? NEVER, onDay(day));
        expect([holdsFor(value), holdsFor(value + 0.000001)]).toEqual([true, false]);
      }
    }
  });

  it('mean counts the latest where nothing is said, and another fact after its retraction', () => {
    const at = circumstances();
    const tracker = track(mean(90), [grade('1', 0, 50, 'x'), grade('2', 2, 90, 'x')], at);
    expect(days(tracker.truth(mean(90).settings, at))).toEqual([false, 2]);
    tracker.remove(grade('2', 2, 90, 'x'), at);
    expect(days(tracker.truth(mean(50).settings, at))).toEqual([false, 0]);
    expect(days(tracker.truth(mean(90).settings, at))).toEqual([false]);
  });
});

describe('a weighted mean', () => {
  const weighted = mean(70, { weights: 'course' });
  const facts = [grade('a', 0, 100, 'a', { weight: 9 }), grade('b', 1, 55, 'b', { weight: 2 }), grade('c', 2, 0, 'c')];

  it('takes the published weight, else that of the grade, else 1', () => {
    expect(measure(weighted, facts, offering(published('a', { weight: 5 })))).toMatchObject({ met: true, value: 76.25 });
    expect(measure(weighted, facts)).toMatchObject({ met: true, value: 84.166666 });
    expect(measure(weighted, facts, offering(published('a', { weight: 0 }), published('c', { weight: 3 })))).toMatchObject({ met: false, value: 22 });
  });

  it('is exact where products are not', () => {
    const third = { weight: 33.333333 };
    const offers = offering(published('a', third), published('b', third), published('c', third));
    expect(measure(mean(66.7, { weights: 'course' }), [grade('1', 0, 66.6, 'a'), grade('2', 1, 66.7, 'b'), grade('3', 2, 66.8, 'c')], offers)).toMatchObject({ met: true, value: 66.7 });
  });

  it('is not met where nothing has a weight', () => {
    expect(measure(mean(0, { weights: 'course' }), [grade('a', 0, 100, 'a')], offering(published('a', { weight: 0 })))).toMatchObject({ met: false, value: 0 });
  });

  it('follows what the course offers', () => {
    const before = offering(published('a', { weight: 5 }));
    const tracker = track(weighted, facts, before);
    expect(days(tracker.truth(weighted.settings, before))).toEqual([false, 0]);
    const after = { ...before, course: { ...before.course, offers: [published('a', { weight: 0 })] } };
    expect(days(tracker.truth(weighted.settings, after))).toEqual([false]);
    expect(days(tracker.truth({ 'at-least': 55, weights: 'course' }, after))).toEqual([false, 1, 2]);
  });
});

describe('a mean of some grades', () => {
  const facts = [grade('a', 0, 40, 'a'), grade('b', 1, 80, 'b'), grade('c', 2, 60, 'c'), grade('d', 3, 80, 'd')];

  it('counts so many best ones, of equal ones the earlier', () => {
    expect(ids(measure(mean(80, { best: 1 }), facts))).toEqual(['b']);
    expect(measure(mean(80, { best: 2 }), facts)).toMatchObject({ met: true, value: 80 });
    expect(flips(mean(80, { best: 2 }), facts)).toEqual([false, 3]);
    expect(measure(mean(65, { best: 9 }), facts)).toMatchObject({ met: true, value: 65 });
  });

  it('leaves so many lowest ones out, and counts nothing before there are more', () => {
    expect(ids(measure(mean(70, { 'drop-lowest': 2 }), facts))).toEqual(['b', 'd']);
    expect(flips(mean(60, { 'drop-lowest': 2 }), facts)).toEqual([false, 2]);
    expect(measure(mean(0, { 'drop-lowest': 2 }), facts.slice(0, 2))).toMatchObject({ met: false, value: 0, evidence: [] });
  });

  it('chooses by percent, whatever the weight', () => {
    const heavy = offering(published('b', { weight: 1 }), published('c', { weight: 50 }));
    expect(ids(measure(mean(80, { best: 2, weights: 'course' }), facts, heavy))).toEqual(['b', 'd']);
  });
});

describe('a mean in which missing work counts 0', () => {
  const strict = mean(50, { missing: 'zero' });
  const at = offering(published('a', { due: onDay(3) }), published('b', { due: onDay(5) }), published('c'));

  it('counts it from the due date on, until there is a grade', () => {
    const facts = [grade('a', 1, 90, 'a'), grade('b', 7, 40, 'b')];
    expect(measure(strict, facts, at, 4.9)).toMatchObject({ met: true, value: 90 });
    expect(measure(strict, facts, at, 5)).toMatchObject({ met: false, value: 45 });
    expect(ids(measure(strict, facts, at, 5))).toEqual(['a']);
    expect(measure(strict, facts, at, 7)).toMatchObject({ met: true, value: 65 });
    expect(flips(strict, facts, at)).toEqual([false, 1, 5, 7]);
    expect(flips(strict, facts.slice(0, 1), at)).toEqual([false, 1, 5]);
  });

  it('takes a grade at the due date, and none that is not released', () => {
    expect(flips(strict, [grade('a', 3, 90, 'a'), grade('b', 5, 20, 'b')], at)).toEqual([false, 3]);
    expect(flips(strict, [grade('a', 3, 90, 'a'), grade('b', 5, 20, 'b', { released: false })], at)).toEqual([false, 3, 5]);
  });

  it('waits for an extension, and for the close of the course where there is no due date', () => {
    const extended = circumstances({ offers: at.course.offers, closedAt: onDay(20) }, { extensions: new Map([['b', onDay(9)]]) });
    expect(flips(strict, [grade('a', 1, 90, 'a')], extended)).toEqual([false, 1, 9]);
    expect(flips(mean(30, { missing: 'zero' }), [grade('a', 1, 90, 'a')], extended)).toEqual([false, 1]);
    expect(flips(mean(31, { missing: 'zero' }), [grade('a', 1, 90, 'a')], extended)).toEqual([false, 1, 20]);
  });

  it('follows when the course closes', () => {
    const open = offering(published('b'));
    const tracker = track(strict, [grade('a', 1, 90, 'a')], open);
    expect(days(tracker.truth({ 'at-least': 60 }, open))).toEqual([false, 1]);
    const closed = { ...open, course: { ...open.course, closedAt: onDay(8) } };
    expect(days(tracker.truth({ 'at-least': 60 }, closed))).toEqual([false, 1, 8]);
  });

  it('asks for what the selector takes only', () => {
    const quizzes = leaf('mean', { 'at-least': 50, missing: 'zero' }, { type: 'AssignmentGraded', kind: 'quiz', toDay: 4 });
    const offers = offering(published('a', { kind: 'quiz', due: onDay(6) }), published('b', { due: onDay(3) }), published('c', { kind: 'quiz', due: onDay(2) }));
    expect(flips(quizzes, [grade('q', 1, 90, 'q', { kind: 'quiz' })], offers)).toEqual([false, 1, 2]);
    expect(measure(quizzes, [grade('q', 1, 90, 'q', { kind: 'quiz' })], offers)).toMatchObject({ value: 45 });
  });
});

describe('a mean in which lateness costs', () => {
  const due = offering(published('a', { due: onDay(2) }));
  const zero = mean(60, { late: 'zero' });
  const daily = mean(60, { late: { 'percent-per-day': 10 } });

  it('counts nothing, or less for each day that has begun', () => {
    const late = (day: number): Fact[] => [grade('g', 9, 80, 'a', { submitted: onDay(day) })];
    expect(measure(zero, late(2), due)).toMatchObject({ met: true, value: 80 });
    expect(measure(zero, late(2.001), due)).toMatchObject({ met: false, value: 0 });
    expect(measure(daily, late(3), due)).toMatchObject({ met: true, value: 70 });
    expect(measure(daily, late(3.001), due)).toMatchObject({ met: true, value: 60 });
    expect(measure(daily, late(4.001), due)).toMatchObject({ met: false, value: 50 });
    expect(measure(daily, late(30), due)).toMatchObject({ met: false, value: 0 });
    expect(measure(mean(60, { late: { 'percent-per-day': 10, 'at-most': 15 } }), late(30), due)).toMatchObject({ met: true, value: 65 });
  });

  it('goes by the latest hand-in that is not after the grade, where the grade does not say', () => {
    const graded = grade('g', 5, 80, 'a');
    expect(measure(zero, [handedIn('s1', 1, 'a'), graded], due)).toMatchObject({ value: 80 });
    expect(measure(zero, [handedIn('s1', 1, 'a'), handedIn('s2', 4, 'a'), graded], due)).toMatchObject({ value: 0 });
    expect(measure(zero, [handedIn('s1', 1, 'a'), handedIn('s2', 6, 'a'), graded], due)).toMatchObject({ value: 80 });
    expect(measure(zero, [handedIn('z', 5, 'a'), graded], due)).toMatchObject({ value: 0 });
    expect(measure(zero, [handedIn('s1', 4, 'b'), graded], due)).toMatchObject({ value: 80 });
    expect(flips(zero, [graded, handedIn('z', 5, 'a')], due)).toEqual([false]);
    expect(ids(measure(zero, [handedIn('s1', 1, 'a'), graded], due))).toEqual(['g']);
  });

  it('knows extensions, and the due date of the grade where the course published none', () => {
    const graded = grade('g', 5, 80, 'a', { submitted: onDay(4), due: onDay(3) });
    expect(measure(zero, [graded])).toMatchObject({ value: 0 });
    expect(measure(zero, [graded], circumstances({}, { extensions: new Map([['a', onDay(4)]]) }))).toMatchObject({ value: 80 });
    expect(measure(zero, [graded], offering(published('a', { due: onDay(4) })))).toMatchObject({ value: 80 });
    expect(measure(zero, [grade('g', 5, 80, 'a', { submitted: onDay(4) })])).toMatchObject({ value: 80 });
  });

  it('chooses the best attempt after what lateness cost', () => {
    const facts = [grade('1', 3, 65, 'a', { submitted: onDay(1) }), grade('2', 6, 90, 'a', { submitted: onDay(5) })];
    expect(measure(mean(60, { attempt: 'best', late: { 'percent-per-day': 10 } }), facts, due)).toMatchObject({ value: 65 });
    expect(ids(measure(mean(60, { attempt: 'best', late: { 'percent-per-day': 5 } }), facts, due))).toEqual(['2']);
  });
});

it('mean says how it is made', () => {
  expect(label(mean(70))).toEqual({ en: 'Average of graded assignments at least 70 %', ko: '채점된 과제 평균 70% 이상' });
  expect(label(mean(70, { attempt: 'best', weights: 'course', best: 3, missing: 'zero', late: { 'percent-per-day': 10, 'at-most': 50 } })).en).toBe(
    'Average of graded assignments, the best attempt of each, weighted as in the course, only the best 3, missing work counting 0, late work losing 10 points a day, at most 50, at least 70 %',
  );
});

it('mean refuses settings that contradict each other or say nothing', () => {
  expect(refusals('mean:\n  at-least: 70\n  best: 3\n  drop-lowest: 1')).toEqual(['4: "mean" has both "best" and "drop-lowest"']);
  expect(refusals('mean:\n  at-least: 70\n  late: never')).toEqual(['3: "late" is "never"']);
  expect(refusals('mean:\n  at-least: 70\n  late: { at-most: 5 }')).toEqual(['3: "late" lacks "percent-per-day"']);
  expect(refusals('mean:\n  at-least: 70\n  late: { percent-per-day: 5 }')).toEqual([]);
});
