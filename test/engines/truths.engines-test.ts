import { resolve } from 'node:path';
import type { CourseFactEvent, LearningEvent } from '#domain/learning-event.js';
import { seededRandom } from '#engine/demo/random.js';
import { createOuladReader } from '#intake/oulad-format.js';
import { readProofmark } from '#intake/proofmark-format.js';
import { until } from '#kafka/cluster-under-test.js';
import type { OutMessage } from '#kafka/message.js';
import { describeWithSharedData } from '../shared-data.js';
import { CORRECTIONS, EVENTS, linesOf, readTruth, TRUTH_BADGES, TRUTH_RULES, truthOf, type Phase } from '../truth/expected.js';
import { awardsIn } from './awards-in-log.js';
import { describeOn } from './describe-on.js';
import { Fleet, namedEngines } from './fleet.js';
import { shuffled } from './term-under-test.js';

/*
 * The three truths with the real engines (and the stand-in of EventStoreDB): learning events from Kafka, three workers on twelve
 * partitions. By default the events of the two courses that the rules are about, a third of all; TRUTH_COURSES=all sends them all.
 */

const SEED = Number(process.env['TRUTH_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const COURSES = process.env['TRUTH_COURSES'] === 'all' ? undefined : ['DDD-2013J', 'BBB-2013B'];
const MINUTE = 60_000;
const AT_ONCE = 20_000;

const iso = (time: number): string => new Date(time).toISOString();
const TIMES = ['time', 'due', 'submitted', 'start'] as const;

/** A learning event as a class system sends it. */
const asSent = (event: LearningEvent): string => {
  const text = JSON.stringify({ ...event, ...Object.fromEntries(TIMES.flatMap((name) => (name in event ? [[name, iso((event as CourseFactEvent)[name] ?? 0)]] : []))) });
  const read = readProofmark(text);
  if (!read.ok || JSON.stringify(sorted(read.events[0])) !== JSON.stringify(sorted(event))) throw new Error(`${text} does not come to what it was made from.`);
  return text;
};
const sorted = (event: LearningEvent | undefined): readonly unknown[] => Object.entries(event ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));

const eventsIn = (lines: readonly string[], read: ReturnType<typeof createOuladReader>): readonly LearningEvent[] =>
  lines.filter((line) => !COURSES || COURSES.some((course) => line.includes(`"course":"${course}"`))).flatMap((line) => {
    const mapped = read(line);
    if (!mapped.ok) throw new Error(mapped.detail);
    return mapped.events;
  });

describeWithSharedData('the three truths with the real engines', () => describeOn(['KAFKA_BROKERS', 'EVENTSTORE_URI', 'MONGODB_URI'], `three workers (TRUTH_SEED=${SEED})`, () => {
  let fleet: Fleet;
  beforeEach(async () => {
    fleet = await Fleet.start({ ...namedEngines(), rulesDir: resolve(TRUTH_RULES), workers: 3, partitions: 12 });
  }, 10 * MINUTE);
  afterEach(() => fleet.end());

  const messages = (events: readonly LearningEvent[]): OutMessage[] =>
    events.map((event) => ({ key: 'learner' in event ? `${fleet.tenant}:${event.learner}` : `${fleet.tenant}:${event.course}:${event.source}/${event.id}`, value: asSent(event) }));
  const send = async (sent: readonly LearningEvent[]): Promise<void> => {
    await fleet.send(fleet.topics.course, messages(sent.filter((event) => !('learner' in event))));
    const learners = messages(sent.filter((event) => 'learner' in event));
    for (let i = 0; i < learners.length; i += AT_ONCE) await fleet.send(fleet.topics.learning, learners.slice(i, i + AT_ONCE));
  };
  const awardsShown = (): Promise<number> => fleet.readModels.count('award', { tenant: fleet.tenant, status: 'active' });
  const expectTruth = async (phase: Phase): Promise<void> => {
    await until('the lag has drained', async () => (await fleet.lag()) === 0, 120 * MINUTE, 1000);
    const wanted = TRUTH_BADGES.reduce((sum, badge) => sum + readTruth(badge, phase).learners, 0);
    // What is awaited is asserted below, with what differs.
    await until('the awards are shown', async () => (await awardsShown()) === wanted, 20 * MINUTE, 1000).catch(() => undefined);
    for (const badge of TRUTH_BADGES) {
      const truth = readTruth(badge, phase);
      const rows = await fleet.readModels.find('award', { where: { tenant: fleet.tenant, badge, status: 'active' } });
      const holders = rows.map((row) => ({ learner: row['learner'] as string, earnedAt: iso(Number(row['earnedAt'])) }));
      expect({ badge, ...truthOf(holders, truth) }).toEqual({ badge, ...truth });
    }
    const { awards, twice } = await awardsIn(fleet.store, fleet.tenant);
    expect({ standing: Object.keys(awards).length, twice }).toEqual({ standing: wanted, twice: [] });
  };

  it('hold in order, and after the corrections', async () => {
    const read = createOuladReader();
    await send(eventsIn(linesOf(EVENTS), read));
    await expectTruth('base');
    await send(eventsIn(linesOf(CORRECTIONS), read));
    await expectTruth('corrected');
  }, 300 * MINUTE);

  it('hold when events and corrections are shuffled together and every tenth is sent twice', async () => {
    const read = createOuladReader();
    const events = [...eventsIn(linesOf(EVENTS), read), ...eventsIn(linesOf(CORRECTIONS), read)].flatMap((event, i) => (i % 10 === 0 ? [event, event] : [event]));
    await send(shuffled(events, seededRandom(SEED, 'truth')));
    await expectTruth('corrected');
  }, 300 * MINUTE);
}));
