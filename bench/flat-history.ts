import type { CorrectionEvent, LearnerFactEvent } from '#domain/learning-event.js';
import type { Delivery } from '#intake/delivery.js';
import { takeIn, withEngine } from './engine-run.js';
import { medianOf, type Figure } from './report.js';
import type { WorkDirectory } from './work-directory.js';

export interface FlatHistoryOptions {
  readonly work: WorkDirectory;
  /** Measured events of a run. */
  readonly events: number;
  /** Learners who are active at the same time. */
  readonly active: number;
  readonly rounds: number;
  readonly say: (text: string) => void;
}

const LONG = 5_000;
const SHORT = 50;
const HOUR = 3_600_000;
const T0 = Date.UTC(2020, 0, 1);
/** One in so many events is late: its time is before that of some of the learner's facts. */
const LATE_EVERY = 20;
const LATE_BY = 10.5 * HOUR;
/** Corrections that follow, one for so many measured events. */
const CORRECTION_EVERY = 24;
/** Facts before this one decided the badge that everybody has; the corrections leave them alone. */
const FIRST_CORRECTED = 30;

/** Fact number n of a learner: graded assignments, attendance and missions in turn, all about different things. */
const factOf = (learner: string, n: number): LearnerFactEvent => {
  const time = T0 + n * HOUR - (n % LATE_EVERY === LATE_EVERY - 1 ? LATE_BY : 0);
  const base = { id: `${learner}/${n}`, source: 'bench', learner, course: 'bench', time };
  switch (n % 3) {
    case 0:
      return { type: 'AssignmentGraded', ...base, activity: `a${n}`, score: 55 + ((n * 37) % 40), max: 100 };
    case 1:
      return { type: 'AttendanceMarked', ...base, activity: `s${n}`, status: 'present' };
    default:
      return { type: 'MissionCompleted', ...base, activity: `m${n}`, tags: ['quiz'] };
  }
};

/** Another score for some earlier grade of each learner in turn; spread evenly over what the learner has. */
const corrections = (learners: number, known: number, count: number): Delivery[] =>
  Array.from({ length: count }, (_, i) => {
    const learner = `l${i % learners}`;
    const grade = FIRST_CORRECTED + 3 * ((i * 7919) % Math.floor((known - FIRST_CORRECTED) / 3));
    const changes = { score: 55 + (i % 40) };
    return deliveryOf({ type: 'FactReplaced', id: `fix-${i}`, source: 'bench', learner, course: 'bench', target: `${learner}/${grade}`, changes });
  });

const deliveryOf = (event: LearnerFactEvent | CorrectionEvent): Delivery => ({
  raw: JSON.stringify(event), format: 'proofmark', origin: 'bench', mapped: { ok: true, events: [event] },
});

const OPENED: Delivery = {
  raw: '{}', format: 'proofmark', origin: 'bench',
  mapped: { ok: true, events: [{ type: 'CourseOpened', id: 'opened', source: 'bench', course: 'bench', time: T0, start: T0 }] },
};

/** Facts of learners of whom each has so many already, the learners in turn. */
const facts = (first: number, learners: number, from: number, each: number): Delivery[] => {
  const made: Delivery[] = [];
  for (let n = from; n < from + each; n++) {
    for (let learner = first; learner < first + learners; learner++) made.push(deliveryOf(factOf(`l${learner}`, n)));
  }
  return made;
};

interface Run {
  readonly eventsPerSecond: number;
  readonly correctionsPerSecond: number;
  /** What the first event of a learner takes after a restart, milliseconds: the learner is read and folded first. */
  readonly firstTouchMs: number;
}

/**
 * One run. Both kinds are given equally many facts before (so the log is as long) and measured with equally many
 * events, of equally many learners at a time. The learners with few facts stay such: after about as many measured
 * events as they had facts, others take their places.
 */
const run = async (dir: string, history: number, { events, active }: FlatHistoryOptions): Promise<Run> => {
  const each = Math.floor(events / active);
  const turns = history === LONG ? 1 : Math.max(1, Math.round(each / SHORT));
  const known = (active * LONG) / history;
  const { eventsPerSecond, correctionsPerSecond } = await withEngine(dir, 'history', async (engine) => {
    await takeIn(engine, [OPENED]);
    for (let learner = 0; learner < known; learner += active) {
      await takeIn(engine, facts(learner, Math.min(active, known - learner), 0, history));
    }
    const measured: Delivery[] = [];
    for (let turn = 0; turn < turns; turn++) measured.push(...facts(turn * active, active, history, Math.floor(each / turns)));
    const rate = async (deliveries: readonly Delivery[]): Promise<number> => {
      const started = performance.now();
      await takeIn(engine, deliveries);
      return (deliveries.length * 1000) / (performance.now() - started);
    };
    return {
      eventsPerSecond: await rate(measured),
      correctionsPerSecond: await rate(corrections(active, history, Math.ceil(events / CORRECTION_EVERY))),
    };
  });
  const firstTouchMs = await withEngine(dir, 'history', async (engine) => {
    await takeIn(engine, []);
    const next = facts(0, active, history + Math.ceil(each / turns), 1);
    const started = performance.now();
    await takeIn(engine, next);
    return (performance.now() - started) / active;
  });
  return { eventsPerSecond, correctionsPerSecond, firstTouchMs };
};

/** Events a second on learners with a long history against a short one, in turn. */
export const flatHistory = async (options: FlatHistoryOptions): Promise<readonly Figure[]> => {
  const { work, rounds, say } = options;
  const runs: Record<'long' | 'short', Run[]> = { long: [], short: [] };
  for (let round = 0; round < rounds; round++) {
    for (const [kind, history] of [['long', LONG], ['short', SHORT]] as const) {
      const one = await work.fresh((dir) => run(dir, history, options));
      runs[kind].push(one);
      const [rate, fixes] = [one.eventsPerSecond, one.correctionsPerSecond].map((value) => Math.round(value).toLocaleString('en'));
      const touch = one.firstTouchMs.toFixed(2);
      say(`  learners with ${history.toLocaleString('en')} facts: ${rate} events/s, ${fixes} corrections/s, first event after a restart ${touch} ms each`);
    }
  }
  const values = (kind: 'long' | 'short', of: keyof Run): readonly number[] => runs[kind].map((one) => one[of]);
  const both = (of: keyof Run, name: string, unit: string): readonly Figure[] => [
    { name: `${name}, ${LONG.toLocaleString('en')} facts a learner`, unit, values: values('long', of) },
    { name: `${name}, ${SHORT.toLocaleString('en')} facts a learner`, unit, values: values('short', of) },
  ];
  const ratio = (of: keyof Run): readonly number[] => [medianOf(values('long', of)) / medianOf(values('short', of))];
  return [
    ...both('eventsPerSecond', 'new events', 'events/s'),
    { name: '  ratio of the medians', unit: 'ratio', values: ratio('eventsPerSecond'), goal: { least: 0.8 } },
    ...both('correctionsPerSecond', 'corrections', 'events/s'),
    { name: '  ratio of the medians', unit: 'ratio', values: ratio('correctionsPerSecond') },
    ...both('firstTouchMs', 'first event after a restart', 'ms'),
  ];
};
