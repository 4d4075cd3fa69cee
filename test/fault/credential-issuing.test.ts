import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Issuing, ISSUING_CATEGORIES } from '#credentials/issuing/issuing.js';
import { openLocalKeys } from '#credentials/keys/local-keys.js';
import { AS_ADMIN } from '#engine/http/admin-under-test.js';
import { openEngine } from '#engine/composition.js';
import { loadConfig } from '#engine/config.js';
import { seededRandom } from '#engine/demo/random.js';
import { openEmbedded } from '#event-store/embedded.js';
import type { Append, EventStore } from '#event-store/event-store.js';
import { auditCredentials } from './credential-audit.js';
import { appears, auditLog, headOf, startEngine } from './engine-process.js';

/*
 * The real engine is killed at random moments while it awards and issues. Nothing may be lost, and nothing be there twice.
 */

const CYCLES = Number(process.env['FAULT_CYCLES'] ?? 20);
const SEED = Number(process.env['FAULT_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const LEARNERS = 12;
const MINUTES = 60_000;

const RULE = `
badge: two-missions
name: { en: Two Missions, ko: 미션 둘 }
criteria-text: { en: Two missions done., ko: 미션 두 개를 완료합니다. }
issuer: academy
course: C1
decides: continuously
when-corrected: revoke
criteria:
  count: { of: missions, at-least: 2 }
`;

interface Sent {
  readonly id: string;
  readonly learner: string;
}
const mission = (learner: string, n: number) => ({ id: `${learner}-m${n}`, source: 'lms', type: 'MissionCompleted', learner, course: 'C1', activity: `m${n}`, time: `2026-03-0${n}T09:00:00Z` });
const retraction = (learner: string, n: number) => ({ id: `${learner}-r${n}`, source: 'lms', type: 'FactRetracted', target: `${learner}-m${n}`, learner });
const learners = (cycle: number): readonly string[] => (cycle < 0 ? [] : Array.from({ length: LEARNERS }, (_, i) => `l${cycle}-${i}`));
/** Each cycle's learners earn a badge; a third of them lose it in the next one, and half of these get it back in the one after. */
const losers = (cycle: number) => learners(cycle).filter((_, i) => i % 3 === 0);
const returning = (cycle: number) => learners(cycle).filter((_, i) => i % 6 === 0);
const eventsOf = (cycle: number): readonly Sent[] => [
  ...learners(cycle).flatMap((learner) => [mission(learner, 1), mission(learner, 2)]),
  ...losers(cycle - 1).map((learner) => retraction(learner, 2)),
  ...returning(cycle - 2).map((learner) => mission(learner, 3)),
];

/** What the engine is seen to have done when its end comes; the moment is a little, by chance, after that. */
const MOMENTS = ['BadgeAwarded', 'StatusEntriesAssigned', 'CredentialIssued', 'sent', 'sending'] as const;
const MOST_AFTER_MS = 60;

describe(`issuing credentials through ${CYCLES} kills (FAULT_SEED=${SEED})`, () => {
  const dir = mkdtempSync(join(tmpdir(), 'proofmark-issuing-'));
  const [dataDir, rulesDir] = [join(dir, 'data'), join(dir, 'rules')];
  mkdirSync(rulesDir);
  writeFileSync(join(rulesDir, 'two-missions.yaml'), RULE);
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  const acknowledged = new Set<string>();
  let unacknowledged: readonly Sent[] = [];
  const post = async (url: string, events: readonly Sent[]): Promise<void> => {
    const answer = await fetch(`${url}/v1/events`, { method: 'POST', headers: { ...AS_ADMIN, 'content-type': 'application/json' }, body: JSON.stringify(events) });
    if (answer.status !== 200) throw new Error(`status ${answer.status}: ${await answer.text()}`);
    for (const { id } of events) acknowledged.add(id);
  };
  /** What nobody has acknowledged is sent again, and everything is decided and issued. */
  const settled = async (): Promise<void> => {
    const last = await startEngine(dataDir, rulesDir);
    if (unacknowledged.length > 0) await post(last.url, unacknowledged);
    await last.kill();
    const engine = await openEngine(loadConfig({}, { dataDir, rulesDirs: [rulesDir] }));
    await engine.followers.settle();
    await engine.close();
  };

  it('loses nothing and issues nothing twice', async () => {
    const random = seededRandom(SEED, 'kills');
    let unfinished = 0;
    for (let cycle = 0; cycle < CYCLES; cycle++) {
      const { url, kill } = await startEngine(dataDir, rulesDir);
      const head = await headOf(dataDir);
      const events = [...unacknowledged, ...eventsOf(cycle)];
      const moment = MOMENTS[random.whole(0, MOMENTS.length - 1)] ?? 'sent';
      const sending = post(url, events).then(() => [], () => events);
      if (moment !== 'sending') expect(await sending).toEqual([]);
      if (moment !== 'sending' && moment !== 'sent') await appears(dataDir, moment, head);
      await pause(random.whole(0, MOST_AFTER_MS));
      await kill();
      unacknowledged = await sending;
      if ((await auditLogNow()).length > 0) unfinished++;
    }
    // Else the kills have hit nothing.
    expect(unfinished).toBeGreaterThan(CYCLES / 5);

    await settled();
    const audit = await auditLog(dataDir);
    expect(audit.flaws).toEqual([]);
    const lost = Array.from({ length: CYCLES - 1 }, (_, cycle) => losers(cycle).filter((learner) => cycle === CYCLES - 2 || !returning(cycle).includes(learner))).flat();
    const everybody = Array.from({ length: CYCLES }, (_, cycle) => learners(cycle)).flat();
    expect(audit.active).toEqual(everybody.filter((learner) => !lost.includes(learner)).sort());
    expect(new Set(audit.recorded)).toEqual(acknowledged);
    expect(audit.recorded).toHaveLength(acknowledged.size);
    expect(audit.issued).toBeGreaterThanOrEqual(audit.active.length);
    expect(audit.documents).toBe(audit.issued * 2);
  }, CYCLES * MINUTES);

  /** What an audit has against the log as a kill left it: awards whose credential is not there yet. */
  const auditLogNow = async (): Promise<readonly string[]> => {
    const store = await openEmbedded({ dir: dataDir });
    const { flaws } = await auditCredentials(store);
    await store.close();
    return flaws;
  };

  describe('a process that does not see what others have issued', () => {
    /** Issues everything that it believes is not issued yet. */
    const issueBlindly = async (store: EventStore): Promise<void> => {
      const end = new AbortController();
      const head = (await store.readAll({ after: 0, limit: 100_000, categories: ISSUING_CATEGORIES })).at(-1)?.position ?? 0;
      const issuing = new Issuing({
        store,
        keys: await openLocalKeys({ dir: join(dataDir, 'keys') }),
        base: () => 'https://elsewhere.example',
        now: Date.now,
        random: (length) => randomBytes(length),
        checkpoint: { loadUnsigned: async () => [], load: async () => 0, save: async () => undefined },
        signal: end.signal,
        onProgress: ({ state, position }) => {
          if (state === 'parked' || position >= head) end.abort();
        },
      });
      await issuing.run();
    };
    /** The store for somebody who does not look at credentials. */
    const blind = (store: EventStore, change: (append: Append) => Append): EventStore => ({
      append: (appends) => store.append(appends.map((append) => (append.stream.startsWith('credential-') ? change(append) : append))),
      readStream: async (stream, options) => (stream.startsWith('credential-') ? [] : store.readStream(stream, options)),
      readAll: (options) => store.readAll(options),
      subscribe: (options) => store.subscribe(options),
      head: () => store.head(),
      health: () => store.health(),
      close: () => store.close(),
    });

    it('writes nothing, since the streams are guarded', async () => {
      const store = await openEmbedded({ dir: dataDir });
      const before = await store.head();
      // Whether it parks rests on the kills: what has one credential is known by its event's id, what has had two meets the stream's revision.
      await issueBlindly(blind(store, (append) => append));
      expect(await store.head()).toBe(before);
      expect((await auditCredentials(store)).flaws).toEqual([]);
      await store.close();
    });

    it('would issue twice without that guard, and the audit would tell', async () => {
      const store = await openEmbedded({ dir: dataDir });
      await issueBlindly(blind(store, ({ stream, events }) => ({ stream, expected: 'any', events: events.map((event) => ({ ...event, id: randomUUID() })) })));
      const { flaws } = await auditCredentials(store);
      expect(flaws).toContainEqual(expect.stringMatching(/^award \S+ has the serial 1 after [12]$/));
      expect(flaws).toContainEqual(expect.stringMatching(/^two credentials stand at academy 1\/\d+$/));
      await store.close();
    });
  });
});
