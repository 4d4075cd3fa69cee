import type { LearnerFactEvent } from '#domain/learning-event.js';
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

const deliveryOf = (event: LearnerFactEvent): Delivery => ({
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
  const eventsPerSecond = await withEngine(dir, 'history', async (engine) => {
    await takeIn(engine, [OPENED]);
    for (let learner = 0; learner < known; learner += active) {
      await takeIn(engine, facts(learner, Math.min(active, known - learner), 0, history));
    }
    const measured: Delivery[] = [];
    for (let turn = 0; turn < turns; turn++) measured.push(...facts(turn * active, active, history, Math.floor(each / turns)));
    const started = performance.now();
    await takeIn(engine, measured);
    return (measured.length * 1000) / (performance.now() - started);
  });
  const firstTouchMs = await withEngine(dir, 'history', async (engine) => {
    await takeIn(engine, []);
    const next = facts(0, active, history + each, 1);
    const started = performance.now();
    await takeIn(engine, next);
    return (performance.now() - started) / active;
  });
  return { eventsPerSecond, firstTouchMs };
};

/** Events a second on learners with a long history against a short one, in turn. */
export const flatHistory = async (options: FlatHistoryOptions): Promise<readonly Figure[]> => {
  const { work, rounds, say } = options;
  const runs: Record<'long' | 'short', Run[]> = { long: [], short: [] };
  for (let round = 0; round < rounds; round++) {
    for (const [kind, history] of [['long', LONG], ['short', SHORT]] as const) {
      const one = await work.fresh((dir) => run(dir, history, options));
      runs[kind].push(one);
      const [rate, touch] = [Math.round(one.eventsPerSecond).toLocaleString('en'), one.firstTouchMs.toFixed(2)];
      say(`  learners with ${history.toLocaleString('en')} facts: ${rate} events/s; first event after a restart ${touch} ms each`);
    }
  }
  const rates = (kind: 'long' | 'short'): readonly number[] => runs[kind].map(({ eventsPerSecond }) => eventsPerSecond);
  const touches = (kind: 'long' | 'short'): readonly number[] => runs[kind].map(({ firstTouchMs }) => firstTouchMs);
  const [long, short] = [LONG, SHORT].map((count) => count.toLocaleString('en'));
  return [
    { name: `learners with ${long} facts`, unit: 'events/s', values: rates('long') },
    { name: `learners with ${short} facts`, unit: 'events/s', values: rates('short') },
    { name: '  ratio of the medians', unit: 'ratio', values: [medianOf(rates('long')) / medianOf(rates('short'))], goal: { least: 0.8 } },
    { name: `  first event after a restart, ${long} facts`, unit: 'ms', values: touches('long') },
    { name: `  first event after a restart, ${short} facts`, unit: 'ms', values: touches('short') },
  ];
};
