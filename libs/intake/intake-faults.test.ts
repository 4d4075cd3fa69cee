import fc from 'fast-check';
import { applyEvent, currentFacts, emptyFactBook, type Fact } from '#domain/facts.js';
import type { LearningEvent } from '#domain/learning-event.js';
import { readLogEvent } from '#domain/log-event.js';
import { deadLetterStream } from '#domain/streams.js';
import type { Delivery, Receipt } from './delivery.js';
import { InMemoryLog, type Fate } from './in-memory-log.js';
import { createIntake, type Intake } from './intake.js';
import { forgetfulVault } from '#vault/in-memory.js';
import { readProofmark } from './proofmark-format.js';

// Clients send batches, several under way, and send a batch again until it is acknowledged. The store fails at random
// appends, before or after writing, and several intakes may write to it, as after a rebalance.

/** One for all writers, as they have one log. */
const seals = forgetfulVault();

const NOW = Date.UTC(2026, 2, 1);

const event = fc
  .record({ learner: fc.constantFrom('ada', 'bob'), id: fc.constantFrom('e1', 'e2', 'e3'), version: fc.nat(2), score: fc.nat(1) })
  .map((values) => JSON.stringify({ source: 'lms', type: 'AssignmentGraded', course: 'c', activity: values.id, time: '2026-02-01', max: 1, ...values }));
/** Content that depends on id and version only: no two deliveries conflict. */
const agreedEvent = event.map((text) => JSON.stringify({ ...(JSON.parse(text) as object), score: 1 }));
const deliveries = (of: fc.Arbitrary<string>) => fc.array(fc.array(of, { maxLength: 5 }), { maxLength: 8 });

const fate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 3, arbitrary: fc.constant('works' as const) },
  { weight: 1, arbitrary: fc.record({ fails: fc.constantFrom('STORE_FULL' as const, 'STORE_FAILED' as const), written: fc.boolean() }) },
);

interface Sent {
  readonly delivery: Delivery;
  readonly receipt: Receipt;
}

const deliver = (raw: string): Delivery => ({ raw, format: 'proofmark', origin: 'test', mapped: readProofmark(raw) });

const sendUntilAcknowledged = async (intake: Intake, batch: readonly Delivery[]): Promise<readonly Sent[]> => {
  for (;;) {
    const [outcome] = await Promise.allSettled([intake.submit(batch)]);
    if (outcome.status === 'fulfilled') return outcome.value.map((receipt, i) => ({ delivery: batch[i] as Delivery, receipt }));
  }
};

const run = async (batches: readonly (readonly string[])[], fates: readonly Fate[], intakes: number, maxCachedEvents: number) => {
  const log = new InMemoryLog(() => NOW);
  log.fate = (call) => fates[call] ?? 'works';
  let ids = 0;
  const pipelines = Array.from({ length: intakes }, () =>
    createIntake({ store: log, seals, tenant: 't', now: () => NOW, newId: () => `${ids++}`, maxCachedEvents }),
  );
  const sent = await Promise.all(batches.map((batch, i) => sendUntilAcknowledged(pipelines[i % intakes] as Intake, batch.map(deliver))));
  return { log, pipelines, sent: sent.flat() };
};

const logged = (log: InMemoryLog): readonly LearningEvent[] =>
  log.events.filter(({ stream }) => stream.startsWith('learner-')).map(({ type, schema, json }) => readLogEvent(type, schema, json) as LearningEvent);
const textOf = (value: unknown): string => JSON.stringify(value, (_key, member: unknown) => sorted(member));
const sorted = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort()) : value;
const eventOf = ({ mapped }: Delivery): LearningEvent | undefined => (mapped.ok ? mapped.events[0] : undefined);

const checkAccounts = (pipelines: readonly Intake[], sent: readonly Sent[]): void => {
  const count = (outcome: string): number => sent.filter(({ receipt }) => receipt.outcome === outcome).length;
  const sum = (of: 'sent' | 'recorded' | 'duplicates' | 'deadLettered'): number => pipelines.reduce((total, { account }) => total + account[of], 0);
  expect([sum('sent'), sum('recorded'), sum('duplicates'), sum('deadLettered')]).toEqual([sent.length, count('recorded'), count('duplicate'), count('rejected')]);
  for (const { account } of pipelines) {
    expect(account.sent).toBe(account.recorded + account.duplicates + account.deadLettered);
    expect(Object.values(account.byReason).reduce((total, n) => total + n, 0)).toBe(account.deadLettered);
  }
};

const checkLog = async (log: InMemoryLog, sent: readonly Sent[]): Promise<void> => {
  const texts = logged(log).map(textOf);
  expect(new Set(texts).size).toBe(texts.length);
  for (const { delivery, receipt } of sent) {
    if (receipt.outcome !== 'rejected') expect(texts).toContain(textOf(eventOf(delivery)));
    else expect(await log.readStream(deadLetterStream(receipt.letter))).toHaveLength(1);
  }
};

const factsOf = (events: readonly (LearningEvent | undefined)[]): readonly Fact[] => {
  const books = new Map<string, ReturnType<typeof emptyFactBook>>();
  for (const one of events) {
    if (!one || !('learner' in one) || one.learner === undefined) continue;
    const book = books.get(one.learner) ?? emptyFactBook();
    books.set(one.learner, book);
    applyEvent(book, one);
  }
  return [...books.entries()].sort().flatMap(([, book]) => [...currentFacts(book)].sort((a, b) => (a.id < b.id ? -1 : 1)));
};

describe('intake with a failing store, repeating clients and several writers', () => {
  const setting = { fates: fc.array(fate, { maxLength: 30 }), intakes: fc.integer({ min: 1, max: 3 }), cached: fc.constantFrom(0, 4, 1000) };

  it('acknowledges only what is in the log, and holds nothing twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({ batches: deliveries(fc.oneof({ weight: 8, arbitrary: event }, { weight: 1, arbitrary: fc.constantFrom('{', '{"id":1}') })), ...setting }),
        async ({ batches, fates, intakes, cached }) => {
          const { log, pipelines, sent } = await run(batches, fates, intakes, cached);
          expect(sent).toHaveLength(batches.flat().length);
          checkAccounts(pipelines, sent);
          await checkLog(log, sent);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('ends with the same facts as sending each event once, in order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.record({ batches: deliveries(agreedEvent), ...setting }), async ({ batches, fates, intakes, cached }) => {
        const { log } = await run(batches, fates, intakes, cached);
        const once = [...new Set(batches.flat())].sort().map((raw) => eventOf(deliver(raw)));
        expect(factsOf(logged(log))).toEqual(factsOf(once));
      }),
      { numRuns: 200 },
    );
  });

  it('writes the log of the model when nothing fails: each event once, in the order sent, older versions refused', async () => {
    await fc.assert(
      fc.asyncProperty(deliveries(event), async (batches) => {
        const { log, sent } = await run(batches, [], 1, 1000);
        const model: LearningEvent[] = [];
        const outcomes = batches.flat().map((raw) => {
          const one = eventOf(deliver(raw)) as LearningEvent;
          const same = model.filter((known) => known.id === one.id && 'learner' in known && 'learner' in one && known.learner === one.learner);
          if (same.some((known) => textOf(known) === textOf(one))) return 'duplicate';
          if (same.some((known) => (known.version ?? 0) >= (one.version ?? 0))) return 'rejected';
          model.push(one);
          return 'recorded';
        });
        expect(sent.map(({ receipt }) => receipt.outcome)).toEqual(outcomes);
        expect(logged(log).map(textOf).sort()).toEqual(model.map(textOf).sort());
      }),
      { numRuns: 200 },
    );
  });
});
