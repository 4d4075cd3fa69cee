import fc from 'fast-check';
import type { Fact } from '#domain/facts.js';
import { UNKNOWN_LEARNER } from '../circumstances.js';
import { compareFacts } from '../sorted-facts.js';
import { course, day, fact, flips, followed, found, label, leafOf, missing } from './leaf-under-test.js';

const started = (id: string, onDay: number, activity = 'x'): Fact => fact('MissionStarted', id, onDay, { activity });
const done = (id: string, onDay: number, activity = 'x'): Fact => fact('MissionCompleted', id, onDay, { activity });
const graded = (id: string, onDay: number): Fact => fact('AssignmentGraded', id, onDay, { activity: 'x' });

const steps = '[{ of: started missions, activity: x }, { of: missions, activity: x }, { of: grades }]';
const all = leafOf(`{ sequence: { steps: ${steps} } }`);

describe('sequence', () => {
  it('is met with the last step', () => {
    const facts = [started('a', 1), done('b', 2), graded('c', 4)];
    expect(found(all, facts, 3)).toMatchObject({ met: false, value: 2, needed: 3, unit: 'steps', evidence: ['a', 'b'] });
    expect(found(all, facts, 4)).toMatchObject({ met: true, value: 3, evidence: ['a', 'b', 'c'] });
    expect(flips(all, [...facts].reverse())).toEqual([false, 4]);
  });

  it('is not met by the same steps in another order', () => {
    const facts = [graded('c', 1), done('b', 2), started('a', 3)];
    expect(found(all, facts, 9)).toMatchObject({ met: false, value: 1, evidence: ['a'] });
    expect(flips(all, facts)).toEqual([false]);
  });

  it('is nothing where nothing happened', () => {
    expect(found(all, [], 9)).toMatchObject({ met: false, value: 0, needed: 3, evidence: [] });
    expect(found(all, [graded('c', 1)], 9)).toMatchObject({ value: 0, evidence: [] });
  });

  it('takes facts of one moment in the order of their ids', () => {
    expect(flips(all, [graded('c', 1), done('b', 1), started('a', 1)])).toEqual([false, 1]);
    expect(flips(all, [graded('a', 1), done('b', 1), started('c', 1)])).toEqual([false]);
  });

  it('takes a fact for one step only', () => {
    const twice = leafOf('{ sequence: { steps: [{ of: missions }, { of: missions }] } }');
    expect(found(twice, [done('a', 1)], 9)).toMatchObject({ met: false, value: 1 });
    expect(flips(twice, [done('b', 2), done('a', 1)])).toEqual([false, 2]);
  });

  it('rests on the first chain that was complete, and keeps it', () => {
    const facts = [started('a', 0), started('b', 1), done('c', 2), graded('d', 3), started('e', 4), done('f', 5), graded('g', 6)];
    expect(found(all, facts, 9)).toMatchObject({ evidence: ['b', 'c', 'd'] });
    expect(found(all, facts.slice(0, 2), 9)).toMatchObject({ value: 1, evidence: ['a'] });
  });

  it('is complete earlier with a step that comes late, and no more without it', () => {
    const facts = [started('a', 0), done('c', 5), graded('d', 6), done('b', 1), graded('e', 3)];
    expect(flips(all, facts)).toEqual([false, 3]);
    expect(flips(all, facts.filter(({ id }) => id !== 'e' && id !== 'd'))).toEqual([false]);
  });

  it('follows corrections, of the fact that made it complete above all', () => {
    const facts = [started('a', 0), done('b', 1), graded('c', 3), graded('d', 5)];
    const tracker = followed(all, facts);
    for (const [id, at] of [['c', [false, 5]], ['d', [false]]] as const) {
      const gone = facts.find((one) => one.id === id);
      if (gone) tracker.remove(gone, { course: course(), learner: UNKNOWN_LEARNER });
      expect(flips(all, facts, course(), tracker)).toEqual(at);
    }
  });

  it('allows no more than a time from one step to the next', () => {
    const soon = leafOf(`{ sequence: { steps: ${steps}, within: 2 days } }`);
    expect(flips(soon, [started('a', 0), done('b', 2), graded('c', 4)])).toEqual([false, 4]);
    expect(found(soon, [started('a', 0), done('b', 2), graded('c', 4.001)], 9)).toMatchObject({ met: false, value: 2, evidence: ['a', 'b'] });
    // the chain that goes on is not the first one that came so far
    expect(flips(soon, [started('a', 0), done('b', 1), started('c', 5), done('d', 6), graded('e', 7)])).toEqual([false, 7]);
  });

  it('allows no more than a time from the first step to the last', () => {
    const soon = leafOf(`{ sequence: { steps: ${steps}, whole-within: 3 days } }`);
    expect(flips(soon, [started('a', 0), done('b', 2), graded('c', 3)])).toEqual([false, 3]);
    expect(flips(soon, [started('a', 0), done('b', 2), graded('c', 3.001)])).toEqual([false]);
    expect(flips(soon, [started('a', 0), started('a2', 1), done('b', 2), graded('c', 4)])).toEqual([false, 4]);
  });

  it('allows nothing else of these kinds in between where it is strict', () => {
    const strict = leafOf(`{ sequence: { steps: ${steps}, strict: true } }`);
    expect(strict.selects).toEqual([{ type: 'MissionStarted' }, { type: 'MissionCompleted' }, { type: 'AssignmentGraded' }]);
    const facts = [started('a', 0), done('b', 1), done('other', 2, 'y'), graded('c', 3)];
    expect(flips(strict, facts)).toEqual([false]);
    expect(found(strict, facts, 9)).toMatchObject({ value: 2, evidence: ['a', 'b'] });
    expect(flips(all, facts)).toEqual([false, 3]);
    expect(flips(strict, [...facts, started('d', 5), done('e', 6), graded('f', 7), done('g', 8)])).toEqual([false, 7]);
    expect(flips(strict, [...facts, fact('AttendanceMarked', 'z', 1.5)].filter(({ id }) => id !== 'other'))).toEqual([false, 3]);
  });

  it('says what comes next', () => {
    const soon = leafOf(`{ sequence: { steps: ${steps}, within: 2 days, whole-within: 1 week, strict: true } }`);
    expect(label(soon)).toEqual({
      en: 'In this order: started mission (x), then completed mission (x), then graded assignment; each within 2 days of the one before; all within 1 week; with nothing else in between',
      ko: '순서대로: 시작한 미션(x) → 완료한 미션(x) → 채점된 과제; 각 단계는 이전 단계 후 2일 이내; 전체 1주 이내; 사이에 다른 기록 없이',
    });
    expect(missing(all, found(all, [started('a', 1)], 1))).toEqual({
      amount: 2, unit: 'steps', text: { en: '2 more steps; next: completed mission (x)', ko: '2단계 더 필요; 다음: 완료한 미션(x)' },
    });
  });

  it('finds what trying every choice of facts finds', () => {
    const one = fc.record({ type: fc.constantFrom<Fact['type']>('MissionStarted', 'MissionCompleted'), onDay: fc.integer({ min: 0, max: 6 }), activity: fc.constantFrom('x', 'y') });
    const step = fc.record({ of: fc.constantFrom('started missions', 'missions'), activity: fc.constantFrom(undefined, 'x', 'y') });
    const limit = fc.constantFrom(undefined, 1, 2, 3);
    fc.assert(
      fc.property(fc.array(one, { maxLength: 8 }), fc.array(step, { minLength: 2, maxLength: 3 }), limit, limit, fc.boolean(), (made, wanted, within, whole, strict) => {
        const facts = made.map(({ type, onDay, activity }, i) => fact(type, `f${i}`, onDay, { activity })).sort(compareFacts);
        const leaf = leafOf(JSON.stringify({ sequence: { steps: wanted, ...(within && { within: `${within} days` }), ...(whole && { 'whole-within': `${whole} days` }), strict } }));
        const considered = strict ? facts.filter(({ type }) => leaf.selects.some((select) => select.type === type)) : facts;
        const fits = ({ type, activity }: Fact, i: number): boolean =>
          type === (wanted[i]?.of === 'missions' ? 'MissionCompleted' : 'MissionStarted') && (wanted[i]?.activity ?? activity) === activity;
        let longest = 0;
        let complete = Infinity;
        const extend = (chain: readonly number[]): void => {
          longest = Math.max(longest, chain.length);
          const last = considered[chain.at(-1) ?? -1];
          if (chain.length === wanted.length) return void (complete = Math.min(complete, last?.time ?? Infinity));
          for (const [place, next] of considered.entries()) {
            const before = chain.at(-1);
            if (!fits(next, chain.length) || place <= (before ?? -1) || (strict && before !== undefined && place > before + 1)) continue;
            const started = considered[chain[0] ?? place];
            if (last && within && next.time - last.time > within * 86_400_000) continue;
            if (started && whole && next.time - started.time > whole * 86_400_000) continue;
            extend([...chain, place]);
          }
        };
        extend([]);
        expect(found(leaf, facts, 99)).toMatchObject({ met: complete < Infinity, value: longest });
        expect(flips(leaf, facts)).toEqual(complete === Infinity ? [false] : [false, (complete - day(0)) / 86_400_000]);
      }),
      { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 300) },
    );
  });
});
