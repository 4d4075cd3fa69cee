import { mkdirSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { join } from 'node:path';
import type { LiveRule } from '#rules/rulebook.js';
import { check } from './check.js';
import type { Contender } from './contender.js';
import { PEERS } from './contenders.js';
import type { RateJob, RateResult } from './job.js';
import { BATCH, proofmark } from './proofmark.js';
import { rulesOf } from './rule-templates.js';
import { learnersFor, workload, type LearnerEvent, type WorkloadOptions } from './workload.js';

/**
 * Events are made in portions, so that making them is not measured; as many as the live engine reads of the log at a time,
 * since what waits in memory is copied by each collection of garbage.
 */
const PORTION = BATCH;
/** This part of the measured events comes before, on an instance of its own: compiling, and filling what all instances share, is not measured. */
const WARM_UP = 0.15;
/** Facts of a learner in a course in the run in order. */
const SAMPLE_FACTS = 33;
const CHECK_SECONDS = 20;

function* portions(options: WorkloadOptions, size: number): Generator<readonly LearnerEvent[]> {
  let portion: LearnerEvent[] = [];
  for (const event of workload(options)) {
    portion.push(event);
    if (portion.length < size) continue;
    yield portion;
    portion = [];
  }
  yield portion;
}

type Measured = Pick<RateResult, 'events' | 'seconds' | 'processorSeconds'>;

/** Has a contender take in some events and says what that took. */
const measured = async (contender: Contender, events: readonly LearnerEvent[]): Promise<Measured> => {
  const [cpu, started] = [process.cpuUsage(), performance.now()];
  for (const event of contender.arrange?.(events) ?? events) {
    const pending = contender.consume(event);
    if (pending) await pending;
  }
  contender.settle();
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { events: events.length, seconds, processorSeconds: (user + system) / 1e6 };
};

const together = (a: Measured, b: Measured): Measured => ({
  events: a.events + b.events,
  seconds: a.seconds + b.seconds,
  processorSeconds: a.processorSeconds + b.processorSeconds,
});
const NOTHING: Measured = { events: 0, seconds: 0, processorSeconds: 0 };

/** The whole workload; `look` sees the events first. */
const run = async (contender: Contender, options: WorkloadOptions, look?: (event: LearnerEvent) => void): Promise<Measured> => {
  let sum = NOTHING;
  for (const portion of portions(options, PORTION)) {
    if (look) portion.forEach(look);
    sum = together(sum, await measured(contender, portion));
  }
  return sum;
};

/** The whole workload at once, with the profiler on while it is taken in. */
const profiled = async (contender: Contender, options: WorkloadOptions, { profile = '.', rules }: RateJob): Promise<Measured> => {
  const events = [...workload(options)];
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  let sum = NOTHING;
  for (let from = 0; from < events.length; from += PORTION) sum = together(sum, await measured(contender, events.slice(from, from + PORTION)));
  const { profile: found } = await session.post('Profiler.stop');
  mkdirSync(profile, { recursive: true });
  writeFileSync(join(profile, `rules-${rules}.cpuprofile`), JSON.stringify(found));
  return sum;
};

/** What every contender can follow, on an instance of its own: foretells how long the others take, and gives the met rules to compare. */
const inOrder = async (make: () => Contender | Promise<Contender>, learners: number): Promise<Measured & { readonly met: readonly string[] }> => {
  let [sum, met]: [Measured, readonly string[]] = [NOTHING, []];
  // The first time is cold; how long the second one takes foretells the measured run.
  for (let time = 0; time < 2; time++) {
    const contender = await make();
    sum = await run(contender, { learners, facts: SAMPLE_FACTS, inOrder: true });
    met = [...contender.met()].sort();
    contender.close();
  }
  return { ...sum, met };
};

const sizeOf = ({ events, seconds, facts }: RateJob, pilot: Measured): WorkloadOptions => {
  const affordable = seconds === 0 ? events : Math.min(events, (pilot.events / pilot.seconds) * seconds);
  return { facts, learners: learnersFor(affordable, facts) };
};

const warmUp = async (make: () => Contender | Promise<Contender>, { facts, learners }: WorkloadOptions): Promise<void> => {
  const contender = await make();
  await run(contender, { facts, learners: Math.max(2, Math.round(learners * WARM_UP)) });
  contender.close();
};

const ownRate = async (job: RateJob, rules: readonly LiveRule[]): Promise<RateResult> => {
  const { met, ...pilot } = await inOrder(() => proofmark(rules), job.sample);
  const size = sizeOf(job, pilot);
  await warmUp(() => proofmark(rules), size);
  const engine = proofmark(rules);
  if (job.profile !== undefined) return { ...(await profiled(engine, size, job)), counts: engine.counts(), met, checked: undefined };
  const every = Math.max(1, Math.floor(size.learners / job.check));
  const events = new Map<string, LearnerEvent[]>();
  for (let i = 0; i < size.learners && events.size < job.check; i += every) events.set(`learner-${i}`, []);
  const sum = await run(engine, size, (event) => events.get(event.learner ?? '')?.push(event));
  return { ...sum, counts: engine.counts(), met, checked: check(engine, rules, events, CHECK_SECONDS) };
};

/** Measures how many events a contender takes in, after a run in order that shows which rules it finds to be met, and a warm-up. */
export const rate = async (job: RateJob): Promise<RateResult> => {
  const rules = rulesOf(job.rules);
  if (job.contender === 'proofmark') return ownRate(job, rules);
  const make = PEERS[job.contender];
  const { met, ...pilot } = await inOrder(() => make(rules), job.sample);
  const size = sizeOf(job, pilot);
  await warmUp(() => make(rules), size);
  const contender = await make(rules);
  const sum = await run(contender, size);
  const counts = contender.counts();
  contender.close();
  return { ...sum, counts, met, checked: undefined };
};
