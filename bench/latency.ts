import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '#engine/engine.js';
import type { Delivery } from '#intake/delivery.js';
import { readProofmark } from '#intake/proofmark-format.js';
import { TENANT, withEngine } from './engine-run.js';
import { percentile, type Figure } from './report.js';
import type { WorkDirectory } from './work-directory.js';

export interface LatencyOptions {
  readonly work: WorkDirectory;
  readonly eventsPerSecond: number;
  readonly seconds: number;
  readonly rounds: number;
  readonly say: (text: string) => void;
}

/** Events arrive on their own schedule and are sent together every so often, as a busy edge would. */
const TICK_MS = 5;
const LOOK_MS = 1;
/** Compiled code and caches are as in a running engine after so long; awards of that time are not counted. */
const WARM_UP_S = 3;
/** How long after the last event an award may still come. */
const PATIENCE_MS = 30_000;
const BADGE = 'third-mission';
const COURSE = 'bench';

/** Learners who are active at the same time, and what each does before the next one takes the place. */
const PLACES = 500;
const LIFE = [
  'Enrolled', 'AttendanceMarked', 'MissionCompleted', 'AttendanceMarked', 'AssignmentGraded',
  'MissionCompleted', 'AttendanceMarked', 'AssignmentGraded', 'AttendanceMarked', 'MissionCompleted',
] as const;
type Step = (typeof LIFE)[number];

interface Arrival {
  readonly learner: string;
  readonly step: Step;
  /** Whether an award must follow. */
  readonly earns: boolean;
}

/** Event number i. The places are out of step with each other, so that awards come as evenly as the events. */
const arrivalAt = (i: number): Arrival => {
  const place = i % PLACES;
  const age = Math.floor(i / PLACES) + place;
  const life = Math.floor(age / LIFE.length);
  const step = age % LIFE.length;
  // Those who are there at the start begin in the middle of their lives and miss some of their missions.
  const whole = life > Math.floor(place / LIFE.length) || place % LIFE.length <= LIFE.indexOf('MissionCompleted');
  return { learner: `p${place}-${life}`, step: LIFE[step] ?? 'Enrolled', earns: whole && step === LIFE.length - 1 };
};

const details = (step: Step, i: number): object => {
  switch (step) {
    case 'Enrolled':
      return {};
    case 'AttendanceMarked':
      return { activity: `session-${i % 97}`, occurrence: String(i), status: 'present' };
    case 'AssignmentGraded':
      return { activity: `assignment-${i % 12}`, occurrence: String(i), score: i % 101, max: 100 };
    case 'MissionCompleted':
      return { activity: `mission-${i}`, tags: ['quiz'] };
  }
};

const deliveryOf = (i: number, { learner, step }: Arrival, time: number): Delivery => {
  const raw = JSON.stringify({ type: step, id: `e${i}`, source: 'bench', learner, course: COURSE, time: new Date(time).toISOString(), ...details(step, i) });
  return { raw, format: 'proofmark', origin: 'bench', mapped: readProofmark(raw) };
};

interface Expected {
  readonly learner: string;
  /** Event time, epoch milliseconds: the award's `earnedAt`. */
  readonly time: number;
  /** When the event was to be sent, on the clock of `performance.now()`. */
  readonly due: number;
}

/** One run: the latency of each award, milliseconds. */
const measure = async (engine: Engine, eventsPerSecond: number, seconds: number): Promise<readonly number[]> => {
  const total = Math.round(eventsPerSecond * (WARM_UP_S + seconds));
  const [start, epoch] = [performance.now(), Date.now()];
  /** In the order of their events; those at the front are usually shown first. */
  const expected = new Map<string, Expected>();
  const latencies: number[] = [];
  let failure: unknown;
  let sent = 0;
  let nextTick = 0;
  let shown = -1;

  const send = (now: number): void => {
    const due = Math.min(total, Math.floor((now * eventsPerSecond) / 1000) + 1);
    const deliveries: Delivery[] = [];
    for (; sent < due; sent++) {
      const arrival = arrivalAt(sent);
      const at = (sent * 1000) / eventsPerSecond;
      const time = epoch + Math.floor(at);
      deliveries.push(deliveryOf(sent, arrival, time));
      if (arrival.earns) expected.set(arrival.learner, { learner: arrival.learner, time, due: start + at });
    }
    // Not waited for: what arrives does not wait for what arrived before.
    engine.intake.submit(deliveries).catch((error: unknown) => (failure ??= error));
  };
  const look = async (): Promise<void> => {
    const [oldest] = expected.values();
    if (!oldest) return;
    const rows = await engine.readModels.find('award', {
      where: { tenant: TENANT, badge: BADGE, earnedAt: { gte: oldest.time } },
      orderBy: ['earnedAt'],
    });
    const now = performance.now();
    for (const { learner } of rows) {
      const award = expected.get(learner as string);
      if (!award) continue;
      expected.delete(award.learner);
      if (award.due - start >= WARM_UP_S * 1000) latencies.push(now - award.due);
    }
  };

  const end = (total * 1000) / eventsPerSecond;
  for (let now = 0; sent < total || (expected.size > 0 && now < end + PATIENCE_MS); now = performance.now() - start) {
    if (failure) throw failure instanceof Error ? failure : new Error('intake failed');
    if (sent < total && now >= nextTick) {
      send(now);
      nextTick = (Math.floor(now / TICK_MS) + 1) * TICK_MS;
    }
    // The engine tells after each transaction how far the register is; only then there is something new to read.
    const register = engine.followers.status().projections.find(({ projection }) => projection === 'award-register');
    if (register && register.checkpoint !== shown) {
      shown = register.checkpoint;
      await look();
    }
    await sleep(LOOK_MS);
  }
  const { deadLettered } = engine.intake.account;
  if (deadLettered > 0) throw new Error(`${deadLettered} events became dead letters`);
  if (expected.size > 0) throw new Error(`${expected.size} awards did not come within ${PATIENCE_MS / 1000} s`);
  return latencies;
};

/** From the moment at which an event was to arrive until its award can be read. */
export const latency = async ({ work, eventsPerSecond, seconds, rounds, say }: LatencyOptions): Promise<readonly Figure[]> => {
  const runs: (readonly number[])[] = [];
  for (let round = 0; round < rounds; round++) {
    const run = await work.fresh((dir) => withEngine(dir, 'latency', (engine) => measure(engine, eventsPerSecond, seconds)));
    runs.push(run);
    const [p50, p99, most] = [0.5, 0.99, 1].map((share) => percentile(run, share).toFixed(1));
    say(`  ${run.length.toLocaleString('en')} awards at ${eventsPerSecond.toLocaleString('en')} events/s: p50 ${p50} ms, p99 ${p99} ms, max ${most} ms`);
  }
  const figure = (name: string, share: number): Figure => ({ name, unit: 'ms', values: runs.map((run) => percentile(run, share)) });
  return [
    figure('event to visible award, p50', 0.5),
    figure('  p95', 0.95),
    { ...figure('  p99', 0.99), goal: { most: 100 } },
    figure('  max', 1),
  ];
};
