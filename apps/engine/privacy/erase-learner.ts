import { randomUUID } from 'node:crypto';
import { account as accountDecider } from '#domain/account.js';
import { award as awardDecider, type AwardEvent } from '#domain/award.js';
import { REASONS } from '#domain/cause-reasons.js';
import { fold } from '#domain/decider.js';
import type { LetterShredded } from '#domain/dead-letter.js';
import type { ErasedCredential, LearnerErased, LearnerErasureCompleted } from '#domain/erasure-event.js';
import { ProofmarkError } from '#domain/errors.js';
import { hashUuid } from '#domain/ids.js';
import { readLogEvent } from '#domain/log-event.js';
import { learnerIdOf, learnerOfEmail } from '#domain/recipient.js';
import { accountStream, awardStream, deadLetterStream, erasureStream } from '#domain/streams.js';
import type { EventStore, NewEvent, RecordedEvent } from '#event-store/event-store.js';
import { execute, toNewEvent } from '#event-store/execute.js';
import { letterSubject } from '#intake/letter-content.js';
import { learnerSubject, readProfile } from '#vault/profiles.js';
import { removeBatchesAbout } from '../batches/batches-about.js';
import type { Engine } from '../engine.js';
import { lettersAbout } from './letters-about.js';
import { keepTombstone, readTombstones, tombstonesIn, type Tombstone } from './tombstones.js';

/** What erasing uses of an engine. */
export type ErasingEngine = Pick<Engine, 'config' | 'store' | 'vault' | 'keys' | 'followers' | 'erased' | 'access'>;

/** Who is to be erased, and who asks for it. */
export interface Erasure {
  readonly tenant: string;
  /** A learner id, or an e-mail address that stands for one. */
  readonly learner: string;
  readonly by: string;
  readonly reason: string;
  /**
   * Dead letters and batches that hold the learner's name or address as text go as well, also those that hold others beside: only for who may
   * see them. Without, those that name the learner's id, or an address that stands for it.
   */
  readonly byName: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** What went. */
export type Erased = Pick<LearnerErasureCompleted, 'learner' | 'awards' | 'letters' | 'batches'> & { readonly credentials: number };

const PAGE = 1000;
const MAX_ATTEMPTS = 10;

/** The streams of a category whose first event is about a learner: it walks the category, since read models know nothing of them any more. */
const streamsOf = async (store: EventStore, category: string, first: string, tenant: string, learner: string): Promise<readonly RecordedEvent[]> => {
  const found: RecordedEvent[] = [];
  for (let after = 0; ; ) {
    const page = await store.readAll({ after, limit: PAGE, categories: [category] });
    for (const recorded of page) {
      if (recorded.type !== first || !recorded.json.includes(JSON.stringify(learner))) continue;
      const event = readLogEvent(recorded.type, recorded.schema, recorded.json);
      if ('learner' in event && event.learner === learner && 'tenant' in event && event.tenant === tenant) found.push(recorded);
    }
    const last = page.at(-1);
    if (!last) return found;
    after = last.position;
  }
};

const credentialsOf = async (store: EventStore, tenant: string, learner: string): Promise<readonly ErasedCredential[]> =>
  (await streamsOf(store, 'credential', 'CredentialIssued', tenant, learner)).flatMap(({ type, schema, json }) => {
    const event = readLogEvent(type, schema, json);
    if (event.type !== 'CredentialIssued') return [];
    const { code, badge, issuer, status: { list, index } } = event;
    return [{ code, badge, issuer, list, index }];
  });

const toErasureStream = async ({ store, erased }: ErasingEngine, event: LearnerErased | LearnerErasureCompleted): Promise<void> => {
  const stream = erasureStream(event.tenant, event.learner);
  const id = hashUuid(event.type, event.tenant, event.learner);
  const recorded = await store.readStream(stream);
  if (recorded.every((one) => one.type !== event.type)) {
    await store.append([{ stream, expected: recorded.at(-1)?.revision ?? 'no-stream', events: [toNewEvent(event, id)] }]);
  }
  const [written] = (await store.readStream(stream)).filter((one) => one.type === event.type);
  if (!written) throw new ProofmarkError('CONCURRENT_CHANGE', 'Somebody else erases this learner at the same moment. Try again.');
  erased.note(readLogEvent(written.type, written.schema, written.json), written.position);
};

/** Takes an award back, whatever state it is in. Says whether it changed. */
const takeBack = async (store: EventStore, award: string, now: number): Promise<boolean> => {
  const stream = awardStream(award);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const recorded = await store.readStream(stream);
    const state = fold(awardDecider, recorded.map(({ type, schema, json }) => readLogEvent(type, schema, json) as AwardEvent));
    if (state.status === 'none' || state.status === 'revoked') return false;
    const cause = { kind: 'person' as const, events: [], reason: REASONS.erased };
    const revision = recorded.at(-1)?.revision ?? 0;
    const events = awardDecider.decide({ type: 'Revoke', decidedAt: now, cause }, state).map((event): NewEvent => toNewEvent(event, hashUuid('erased', award, String(revision))));
    const [result] = await store.append([{ stream, expected: revision, events }]);
    if (result?.outcome !== 'wrong-expected-revision') return true;
  }
  throw new ProofmarkError('CONCURRENT_CHANGE', 'An award changes faster than it can be taken back. Try again.');
};

const shredLetters = async (engine: ErasingEngine, tenant: string, learner: string, byName: boolean, now: number): Promise<number> => {
  const { store, vault, keys } = engine;
  const { name, email } = await readProfile(vault, tenant, learner);
  const texts = byName ? [name, email].filter((text) => text !== undefined) : [];
  const found = await lettersAbout(engine, { tenant, learner, texts }, (address) => learnerOfEmail(keys, tenant, address));
  const letters = found.about.map(({ rejected: { letter } }) => letter);
  // First that they are gone, then the keys: whoever goes on after a crash finds by the one that the other is left to do.
  await store.append(letters.map((letter) => {
    const event: LetterShredded = { type: 'LetterShredded', letter, tenant, because: 'erasure', shreddedAt: now };
    return { stream: deadLetterStream(letter), expected: 'any', events: [toNewEvent(event, hashUuid('LetterShredded', letter, learner, String(now)))] };
  }));
  await vault.erase([...new Set([...letters, ...found.shredded])].map((letter) => letterSubject(tenant, letter)));
  return letters.length;
};

const isByName = async (store: EventStore, tenant: string, learner: string): Promise<boolean> =>
  (await store.readStream(erasureStream(tenant, learner))).some(({ type, schema, json }) => {
    const event = readLogEvent(type, schema, json);
    return event.type === 'LearnerErased' && event.byName === true;
  });

/** Who signs in as the learner does so no more, and their login is forgotten; somebody who is more than a learner stays that. */
const closeAccounts = async ({ store, vault, access }: ErasingEngine, tenant: string, learner: string, now: number): Promise<void> => {
  for (const { account, roles, courses } of access.accounts(tenant).filter((one) => one.status === 'open' && one.learner === learner)) {
    const others = roles.filter((role) => role !== 'learner');
    const about = { tenant, account, by: 'erasure', at: now };
    const command = others.length === 0 ? ({ type: 'Close', ...about, reason: 'erased' } as const) : ({ type: 'ChangeRoles', ...about, roles: others, courses } as const);
    const { position } = await execute(store, accountDecider, accountStream(tenant, account), command, { newId: randomUUID });
    await access.reached(position);
    if (others.length === 0) await vault.erase([{ tenant, kind: 'account', id: account }]);
  }
};

/** Does what an erasure asks for, from the start or from wherever it was left: all of it may be done again. */
const finish = async (engine: ErasingEngine, tenant: string, learner: string, now: number): Promise<void> => {
  const { config, store, vault, keys, followers } = engine;
  const byName = await isByName(store, tenant, learner);
  const batches = await removeBatchesAbout({ dataDir: config.dataDir, tenant, keys }, { learner, name: byName ? (await readProfile(vault, tenant, learner)).name : undefined });
  const letters = await shredLetters(engine, tenant, learner, byName, now);
  await closeAccounts(engine, tenant, learner, now);
  // What was decided before is there by now; what comes later is not decided any more.
  await followers.catchUp();
  let awards = 0;
  for (const { stream } of await streamsOf(store, 'award', 'BadgeAwarded', tenant, learner)) if (await takeBack(store, stream.slice('award-'.length), now)) awards += 1;
  await followers.catchUp();
  // Last, since it says by which names others are to be looked for.
  await vault.erase([learnerSubject(tenant, learner)]);
  await toErasureStream(engine, { type: 'LearnerErasureCompleted', tenant, learner, at: now, awards, letters, batches, credentials: await credentialsOf(store, tenant, learner) });
  await followers.catchUp();
};

/**
 * Erases a learner for good: names and addresses with their keys, dead letters, batches, read models, awards and credentials.
 * It may be asked for again, and goes on where it was left. What it cannot reach docs/data-protection.md says.
 * @throws ProofmarkError as the stores do, NOT_CAUGHT_UP where a follower is parked
 */
export const eraseLearner = async (engine: ErasingEngine, { tenant, learner: given, by, reason, byName, now }: Erasure): Promise<Erased> => {
  const { store, keys, config } = engine;
  const learner = await learnerIdOf(keys, tenant, given);
  await keepTombstone(tombstonesIn(config.dataDir), { tenant, learner, at: now, ...(!byName && { byName }) });
  await toErasureStream(engine, { type: 'LearnerErased', tenant, learner, by, reason, at: now, ...(byName && { byName: true as const }), credentials: await credentialsOf(store, tenant, learner) });
  await finish(engine, tenant, learner, now);
  const events = (await store.readStream(erasureStream(tenant, learner))).map(({ type, schema, json }) => readLogEvent(type, schema, json));
  const completed = events.find((event) => event.type === 'LearnerErasureCompleted');
  if (!completed) throw new ProofmarkError('CONCURRENT_CHANGE', 'Somebody else erases this learner at the same moment. Try again.');
  const { awards, letters, batches, credentials } = completed;
  return { learner, awards, letters, batches, credentials: credentials.length };
};

/** Goes on with erasures that a stop or a crash has left, and with those that a restore from a backup has undone. Says whose. */
export const resumeErasures = async (engine: ErasingEngine, now: number): Promise<readonly string[]> => {
  const { tenant, dataDir } = engine.config;
  const restored = (await readTombstones(tombstonesIn(dataDir), true)).filter((one) => one.tenant === tenant && !engine.erased.has(tenant, one.learner));
  await again(engine, restored, now);
  const unfinished = engine.erased.unfinished(tenant);
  for (const learner of unfinished) await finish(engine, tenant, learner, now);
  return [...restored.map(({ learner }) => learner), ...unfinished];
};

const again = async (engine: ErasingEngine, tombstones: readonly Tombstone[], now: number): Promise<void> => {
  for (const { tenant, learner, byName = true } of tombstones) await eraseLearner(engine, { tenant, learner, by: 'tombstone', reason: 'it was erased before a restore', byName, now });
};

/** Erases again who was erased before a restore from an older backup. Says how many there were, of this tenant, that were not erased. */
export const replayTombstones = async (engine: ErasingEngine, file: string, now: number): Promise<number> => {
  const { tenant, dataDir } = engine.config;
  const ours = (await readTombstones(file)).filter((one) => one.tenant === tenant);
  for (const one of ours) await keepTombstone(tombstonesIn(dataDir), one);
  const open = ours.filter(({ learner }) => !engine.erased.has(tenant, learner) || engine.erased.unfinished(tenant).includes(learner));
  await again(engine, open, now);
  return open.length;
};
