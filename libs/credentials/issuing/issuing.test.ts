import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { award as awardDecider } from '#domain/award.js';
import type { Credential, CredentialEvent, CredentialIssued, StatusEntriesAssigned } from '#domain/credential-event.js';
import { ProofmarkError } from '#domain/errors.js';
import { awardId, contentHash } from '#domain/ids.js';
import type { LearningEvent } from '#domain/learning-event.js';
import { readLogEvent } from '#domain/log-event.js';
import { awardStream, credentialStream, statusListStream } from '#domain/streams.js';
import { openSchool, type School } from '#awarding/awarding-under-test.js';
import { openEmbedded } from '#event-store/embedded.js';
import type { EventStore } from '#event-store/event-store.js';
import { execute } from '#event-store/execute.js';
import { parseRule } from '#rules/parse.js';
import { readCode } from '../code.js';
import { verifyProof } from '../data-integrity.js';
import type { JsonObject } from '../json-ld/json.js';
import { openLocalKeys } from '../keys/local-keys.js';
import type { KeyProvider } from '../keys/key-provider.js';
import { publicKeyOfJwk } from '../multikey.js';
import { readIssuer } from './issuers.js';
import { everyEdition, readCredentials } from './read-credential.js';
import { Issuing, type IssuingOptions } from './issuing.js';

const RULE = `
badge: three-missions
name: { en: Three Missions, ko: 미션 셋 }
criteria-text: { en: Three missions done., ko: 미션 세 개를 완료합니다. }
competency: { en: Finishes what was begun. }
tags: [practice, "🎯 focus"]
issuer: academy
course: c
decides: continuously
when-corrected: revoke
criteria:
  count: { of: missions, at-least: 2 }
`;
const BASE = 'https://badges.school.example';
const NOW = Date.UTC(2026, 2, 9, 8, 30);
const T = 'school';

let dir: string;
let store: EventStore;
let keys: KeyProvider;
let school: School;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'proofmark-issuing-'));
  store = await openEmbedded({ dir });
  keys = await openLocalKeys({ dir: join(dir, 'keys'), rounds: 1000 });
  school = await openSchool(store, T);
  await publish(RULE);
});
afterEach(async () => {
  await store.close();
  await rm(dir, { recursive: true, force: true });
});

const publish = async (text: string, how: { readonly backfill?: boolean } = {}): Promise<void> => {
  const parsed = parseRule(text, 'rule.yaml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  await school.publish(parsed.rule, how);
};
const mission = (learner: string, n: number): LearningEvent =>
  ({ type: 'MissionCompleted', id: `${learner}-m${n}`, source: 'lms', learner, course: 'c', activity: `m${n}`, time: Date.UTC(2026, 2, n) });
const retract = (learner: string, n: number): LearningEvent => ({ type: 'FactRetracted', id: `${learner}-r${n}`, source: 'lms', target: `${learner}-m${n}`, learner });

/** Runs issuing until everything in the log is reflected. */
const issue = async (more: Partial<IssuingOptions> = {}, checkpoint: { position: number; unsigned?: Map<string, string> } = { position: 0 }): Promise<Issuing> => {
  const stop = new AbortController();
  const head = await lastOf(['award', 'issuer']);
  const issuing = new Issuing({
    store, keys, base: () => BASE, now: () => NOW, random: (length) => randomBytes(length), signal: stop.signal,
    checkpoint: {
      load: async () => checkpoint.position,
      loadUnsigned: async () => [...(checkpoint.unsigned ?? [])].map(([award, reason]) => ({ award, reason })),
      save: async (position, changed) => {
        checkpoint.position = position;
        for (const [award, reason] of changed) {
          if (reason === undefined) checkpoint.unsigned?.delete(award);
          else (checkpoint.unsigned ??= new Map()).set(award, reason);
        }
      },
    },
    onProgress: ({ state, position }) => { if (state === 'parked' || position >= head) stop.abort(); },
    ...more,
  });
  if (head > 0) await issuing.run();
  if (issuing.status.state === 'parked' && !more.store) throw new Error(issuing.status.reason);
  return issuing;
};
const lastOf = async (categories: readonly string[]): Promise<number> => (await store.readAll({ after: 0, limit: 100_000, categories })).at(-1)?.position ?? 0;

const decide = async (): Promise<void> => {
  const worker = school.work({ now: () => NOW });
  await worker.caughtUp();
  await worker.stop();
};
const awardOf = (learner: string): string => awardId(T, learner, 'three-missions', '');
const eventsOf = async (learner: string): Promise<readonly CredentialEvent[]> =>
  (await store.readStream(credentialStream(awardOf(learner)))).map(({ type, schema, json }) => readLogEvent(type, schema, json) as CredentialEvent);
/** What was first signed for an award, by language. */
const editionsOf = async (award: string): Promise<Readonly<Record<string, JsonObject>>> => {
  const [issued] = (await store.readStream(credentialStream(award))).map(({ type, schema, json }) => readLogEvent(type, schema, json) as CredentialIssued);
  return issued?.editions ?? {};
};
const typesOf = async (learner: string): Promise<readonly string[]> => (await eventsOf(learner)).map(({ type }) => type);

const verifies = async (document: object): Promise<boolean> => {
  const { keys: held } = await readIssuer(store, T, 'academy');
  const [proof] = (document as { proof: readonly JsonObject[] }).proof;
  const method = String(proof?.['verificationMethod']);
  const key = held.find(({ kid }) => method === `did:web:badges.school.example:issuers:academy#${kid}`);
  const raw = key && publicKeyOfJwk(key.jwk);
  return raw !== undefined && (await verifyProof(document as JsonObject, proof, raw)).verified;
};

describe('issuing', () => {
  it('gives every active award a signed credential in each language of its badge', async () => {
    await school.record({ type: 'MissionPublished', id: 'p1', source: 'lms', course: 'c', activity: 'm1', title: 'First steps', time: 0 });
    await school.record(mission('ada', 1), mission('ada', 2), mission('bob', 1));
    await decide();
    await issue();
    expect(await typesOf('bob')).toEqual([]);
    const [issued] = (await eventsOf('ada')) as [CredentialIssued];
    expect(issued).toMatchObject({ type: 'CredentialIssued', tenant: T, issuer: 'academy', badge: 'three-missions', learner: 'ada', serial: 1 });
    expect(readCode(issued.code)).toBe(issued.code);
    expect(Object.keys(issued.editions)).toEqual(['en', 'ko']);
    for (const document of Object.values(issued.editions)) expect(await verifies(document)).toBe(true);
    expect(issued.editions['ko']).toMatchObject({
      id: `${BASE}/credentials/${issued.code}/ko`, name: '미션 셋', validFrom: '2026-03-09T08:30:00Z', awardedDate: '2026-03-02T00:00:00Z',
      credentialSubject: { achievement: { inLanguage: 'ko', tag: ['practice', 'focus'] } },
      credentialStatus: { statusPurpose: 'revocation', statusListIndex: String(issued.status.index) },
    });
    expect(issued.editions['en']).toMatchObject({
      evidence: [
        { name: 'At least 2 completed missions', description: 'Reached 2; needed 2.', narrative: '- 2026-03-01: First steps, mission completed\n- 2026-03-02: mission completed' },
        { id: `${BASE}/credentials/${issued.code}/trace` },
      ],
    });
  });

  it('names nobody: neither learner nor award nor a person of the log stands in a credential', async () => {
    await school.record(mission('ada.lovelace', 1), mission('ada.lovelace', 2));
    await decide();
    await issue();
    const [issued] = (await eventsOf('ada.lovelace')) as [CredentialIssued];
    const text = JSON.stringify(issued.editions);
    expect(text).not.toContain('lovelace');
    expect(text).not.toContain(awardOf('ada.lovelace'));
    expect(text).toContain(contentHash(issued.trace));
    expect(JSON.stringify(issued.trace)).not.toContain('lovelace');
  });

  it('issues nothing twice, whatever is replayed', async () => {
    await school.record(mission('ada', 1), mission('ada', 2));
    await decide();
    await issue();
    const before = await store.head();
    await issue({}, { position: 0 });
    expect(await store.head()).toBe(before);
  });

  it('two at the same time issue one credential each', async () => {
    for (const learner of ['a', 'b', 'c', 'd']) await school.record(mission(learner, 1), mission(learner, 2));
    await decide();
    await (await issue({ onProgress: () => {} , signal: AbortSignal.abort() })).issuers.ready({ tenant: T, issuer: 'academy' });
    await Promise.all([issue({}, { position: 0 }), issue({}, { position: 0 })]);
    for (const learner of ['a', 'b', 'c', 'd']) expect(await typesOf(learner)).toEqual(['CredentialIssued']);
    const places = (await store.readStream(statusListStream(T, 'academy'))).flatMap(({ type, schema, json }) => (readLogEvent(type, schema, json) as StatusEntriesAssigned).entries);
    expect(new Set(places.map(({ index }) => index)).size).toBe(places.length);
    expect(places).toHaveLength(4);
  });

  it('makes one key of each kind, for however many awards an issuer is made ready at once', async () => {
    for (let i = 0; i < 60; i++) await school.record(mission(`many-${i}`, 1), mission(`many-${i}`, 2));
    await decide();
    await issue();
    const { keys: made } = await readIssuer(store, T, 'academy');
    expect(made.map(({ algorithm }) => algorithm).sort()).toEqual(['ES256', 'Ed25519']);
    for (let i = 0; i < 60; i++) expect(await readCredentials(store, awardOf(`many-${i}`))).toHaveLength(1);
  });

  it('goes on after a crash between place and credential with the place that was assigned', async () => {
    await school.record(mission('ada', 1), mission('ada', 2));
    await decide();
    const crashing: EventStore = { ...bound(store), append: async (appends) => {
      if (appends.some(({ stream }) => stream.startsWith('credential-'))) throw new Error('killed');
      return store.append(appends);
    } };
    await issue({ store: crashing });
    expect(await typesOf('ada')).toEqual([]);
    await issue();
    const [issued] = (await eventsOf('ada')) as [CredentialIssued];
    const places = (await store.readStream(statusListStream(T, 'academy'))).flatMap(({ type, schema, json }) => (readLogEvent(type, schema, json) as StatusEntriesAssigned).entries);
    expect(places).toEqual([{ award: awardOf('ada'), serial: 1, index: issued.status.index }]);
  });

  it('renews what states something else, under the same code and place', async () => {
    await school.record(mission('ada', 1), mission('ada', 2));
    await decide();
    await issue();
    await school.record({ type: 'FactReplaced', id: 'x', source: 'lms', target: 'ada-m2', learner: 'ada', changes: { time: Date.UTC(2026, 2, 5) } });
    await decide();
    await issue();
    const [first, second] = (await eventsOf('ada')) as [CredentialIssued, CredentialEvent];
    expect(second).toMatchObject({ type: 'CredentialRenewed', because: 'award-changed', code: first.code, editions: { en: { awardedDate: '2026-03-05T00:00:00Z', credentialStatus: { statusListIndex: String(first.status.index) } } } });
  });

  it('keeps what it has signed before, and tells it from what holds now', async () => {
    await school.record(mission('ada', 1), mission('ada', 2));
    await decide();
    await issue();
    await school.record({ type: 'FactReplaced', id: 'ada-c2', source: 'lms', target: 'ada-m2', learner: 'ada', changes: { time: Date.UTC(2026, 2, 5) } });
    await decide();
    await issue();
    await school.record(retract('ada', 2));
    await decide();
    await issue();
    await school.record(mission('ada', 7));
    await decide();
    await issue();
    const [first, second] = (await readCredentials(store, awardOf('ada'))) as [Credential, Credential];
    const dates = (of: Credential) => everyEdition(of, 'en').map(({ document, newest }) => [document['awardedDate'], newest]);
    expect([first.status, first.serial, dates(first)]).toEqual(['revoked', 1, [['2026-03-02T00:00:00Z', false], ['2026-03-05T00:00:00Z', true]]]);
    expect([second.status, second.serial, dates(second)]).toEqual(['active', 2, [['2026-03-07T00:00:00Z', true]]]);
    expect(everyEdition(first, 'fr')).toEqual([]);
  });

  it('revokes with the award, and a reinstated award gets another credential, since revoking is for good', async () => {
    await school.record(mission('ada', 1), mission('ada', 2));
    await decide();
    await issue();
    await school.record(retract('ada', 2));
    await decide();
    await issue();
    expect(await typesOf('ada')).toEqual(['CredentialIssued', 'CredentialRevoked']);
    await school.record(mission('ada', 3));
    await decide();
    await issue();
    const [first, , second] = (await eventsOf('ada')) as [CredentialIssued, CredentialEvent, CredentialIssued];
    expect(second).toMatchObject({ type: 'CredentialIssued', serial: 2 });
    expect(second.code).not.toBe(first.code);
    expect(second.status).not.toEqual(first.status);
  });

  it('an award that was revoked before it was seen gets none', async () => {
    await school.record(mission('ada', 1), mission('ada', 2));
    await decide();
    await school.record(retract('ada', 2));
    await decide();
    await issue();
    expect(await typesOf('ada')).toEqual([]);
  });

  it('states what an award was granted for where a person reinstates it against the facts', async () => {
    await school.record(mission('ada', 1), mission('ada', 2));
    await decide();
    await school.record(retract('ada', 2));
    await decide();
    const command = { type: 'Reinstate' as const, decidedAt: NOW, cause: { kind: 'person' as const, events: [], reason: 'a slip of the class system' } };
    await execute(store, awardDecider, awardStream(awardOf('ada')), command, { newId: () => crypto.randomUUID() });
    await issue();
    const [issued] = (await eventsOf('ada')) as [CredentialIssued];
    expect(issued.editions['en']).toMatchObject({ evidence: [{ description: 'Reached 2; needed 2.' }, {}] });
  });

  it('a rotated key leaves what the old one signed as it is; a compromised one has all of it signed anew', async () => {
    await school.record(mission('ada', 1), mission('ada', 2));
    await decide();
    const issuing = await issue();
    const act = { tenant: T, issuer: 'academy', by: 'ops' };
    const [{ editions: { en: before = {} } }] = (await eventsOf('ada')) as [CredentialIssued];
    await issuing.issuers.rotate(act, 'Ed25519');
    await school.record(mission('bob', 1), mission('bob', 2));
    await decide();
    await issue();
    const { keys: [old, , next] } = await readIssuer(store, T, 'academy');
    expect([old?.status, next?.status]).toEqual(['retired', 'signing']);
    expect(await typesOf('ada')).toEqual(['CredentialIssued']);
    expect(await verifies(before)).toBe(true);
    expect(((await eventsOf('bob')) as [CredentialIssued])[0].kid).toBe(next?.kid);

    await issuing.issuers.compromised(act, old?.kid ?? '', 'a laptop was stolen');
    await issue();
    const [, renewed] = await eventsOf('ada');
    expect(renewed).toMatchObject({ type: 'CredentialRenewed', because: 'key-compromised', kid: next?.kid });
    expect(await typesOf('bob')).toEqual(['CredentialIssued']);
    await issue({}, { position: 0 });
    expect(await typesOf('ada')).toHaveLength(2);
  });

  it('giving the signing key up makes a new one in its place, so that issuing goes on', async () => {
    await school.record(mission('ada', 1), mission('ada', 2));
    await decide();
    const issuing = await issue();
    const [{ kid }] = (await eventsOf('ada')) as [CredentialIssued];
    await issuing.issuers.compromised({ tenant: T, issuer: 'academy' }, kid, 'lost');
    await issuing.issuers.compromised({ tenant: T, issuer: 'academy' }, kid, 'lost');
    await issue();
    const [, renewed] = await eventsOf('ada');
    if (renewed?.type !== 'CredentialRenewed') throw new Error('not renewed');
    expect(renewed.kid).not.toBe(kid);
    expect(await verifies(renewed.editions['en'] ?? {})).toBe(true);
  });

  it('issues everything anew where somebody asks for it, once', async () => {
    await school.record(mission('ada', 1), mission('ada', 2));
    await decide();
    const issuing = await issue();
    await issuing.issuers.reissue({ tenant: T, issuer: 'academy' }, 'we moved');
    await issue({ base: () => 'https://elsewhere.example' });
    await issue({ base: () => 'https://elsewhere.example' }, { position: 0 });
    const [first, second] = (await eventsOf('ada')) as [CredentialIssued, CredentialEvent];
    expect(await typesOf('ada')).toEqual(['CredentialIssued', 'CredentialRenewed']);
    expect(second).toMatchObject({ because: 'asked', code: first.code, editions: { en: { id: `https://elsewhere.example/credentials/${first.code}/en` } } });
  });

  it('states an award whose validity is over when it is signed as one that was valid then', async () => {
    await publish(RULE.replace('badge: three-missions', 'badge: for-a-day').replace('continuously', 'as-soon-as-met').replace('course: c\n', 'course: c\nvalidity: { for: 1 day }\n'));
    await school.record(mission('ada', 1), mission('ada', 2));
    await decide();
    await issue();
    const { en = {} } = await editionsOf(awardId(T, 'ada', 'for-a-day', ''));
    const { validFrom, validUntil } = en as { validFrom: string; validUntil: string };
    expect(validUntil).toBe('2026-03-03T00:00:00Z');
    expect(Date.parse(validFrom)).toBeLessThan(Date.parse(validUntil));
    expect(await verifies(en)).toBe(true);
  });

  it('says for which period a badge that recurs was earned, so that its credentials can be told apart', async () => {
    await publish(RULE.replace('badge: three-missions', 'badge: monthly').replace('continuously', 'as-soon-as-met').replace('course: c\n', 'course: c\nrecurs: { each: month }\n'));
    await school.record(...[1, 2, 32, 33].map((day) => mission('ada', day)));
    await decide();
    await issue();
    const editions = await Promise.all(['2026-03', '2026-04'].map(async (period) => editionsOf(awardId(T, 'ada', 'monthly', period))));
    expect(editions.map(({ en }) => [en?.['name'], (en?.['credentialSubject'] as JsonObject)['term']])).toEqual([['Three Missions · March 2026', 'March 2026'], ['Three Missions · April 2026', 'April 2026']]);
    expect(editions[1]?.['ko']).toMatchObject({
      name: '미션 셋 · 2026년 4월', credentialSubject: { term: '2026년 4월', narrative: '2026년 4월(2026-04-01~2026-04-30)의 기록으로 취득한 배지입니다.', achievement: { name: '미션 셋' } },
    });
    for (const edition of editions) expect(await verifies(edition['en'] ?? {})).toBe(true);
  });

  it('describes the results of a badge alike for everybody, whichever of them somebody has', async () => {
    await publish(`${RULE.replace('badge: three-missions', 'badge: either').split('criteria:\n')[0]}criteria:
  all:
    - any:
        - mean: { of: grades, at-least: 80 }
        - points: { at-least: 20, from: [{ of: missions, each: 10 }] }
    - not: { mean: { of: grades, at-least: 95 } }
`);
    const graded = (learner: string, score: number): LearningEvent => ({ type: 'AssignmentGraded', id: `${learner}-g`, source: 'lms', learner, course: 'c', activity: 'a1', score, max: 100, time: Date.UTC(2026, 2, 3) });
    await school.record(graded('ada', 90), graded('bob', 10), mission('bob', 1), mission('bob', 2));
    await decide();
    await issue();
    const subjects = await Promise.all(['ada', 'bob'].map(async (learner) => ((await editionsOf(awardId(T, learner, 'either', '')))['en'] ?? {})['credentialSubject'] as {
      readonly achievement: { readonly id: string; readonly resultDescription: readonly JsonObject[] }; readonly result?: readonly JsonObject[];
    }));
    const [ada, bob] = subjects;
    expect(ada?.achievement).toEqual(bob?.achievement);
    expect(ada?.achievement.resultDescription).toMatchObject([
      { resultType: 'Percent', requiredValue: '80' }, { resultType: 'RawScore', requiredValue: '20' },
    ]);
    const idOf = (place: number): unknown => ada?.achievement.resultDescription[place]?.['id'];
    expect(subjects.map((subject) => subject.result?.map(({ resultDescription, value }) => [resultDescription, value]))).toEqual([[[idOf(0), '90']], [[idOf(1), '20']]]);
  });

  it('calls a badge that counts as evidence what it was called when it counted', async () => {
    await publish(`${RULE.replace('badge: three-missions', 'badge: holder').replace('course: c\n', '').split('criteria:\n')[0]}criteria:\n  badges: { badge: three-missions }\n`);
    await school.record(mission('ada', 1), mission('ada', 2));
    await decide();
    const narrative = async (): Promise<unknown> => ((await readCredentials(store, awardId(T, 'ada', 'holder', '')))[0]?.editions['en']?.['evidence'] as readonly JsonObject[] | undefined)?.[0]?.['narrative'];
    await publish(RULE.replace('Three Missions', 'Renamed since'), { backfill: true });
    await decide();
    await issue();
    expect(await narrative()).toBe('- 2026-03-02: Three Missions, badge held');
    // Earned anew on other facts, it counts under the name that it has by then.
    await school.record(retract('ada', 2), mission('ada', 3));
    await decide();
    await issue();
    expect(await narrative()).toBe('- 2026-03-03: Renamed since, badge held');
  });

  it('tells for which period a badge was earned that counts as evidence', async () => {
    await publish(RULE.replace('badge: three-missions', 'badge: monthly').replace('continuously', 'as-soon-as-met').replace('course: c\n', 'course: c\nrecurs: { each: month }\n'));
    await publish(`${RULE.replace('badge: three-missions', 'badge: holder').replace('course: c\n', '').split('criteria:\n')[0]}criteria:\n  badges: { badge: monthly }\n`);
    await school.record(...[1, 2, 32, 33].map((day) => mission('ada', day)));
    await decide();
    await issue();
    const { ko = {} } = await editionsOf(awardId(T, 'ada', 'holder', ''));
    expect((ko['evidence'] as readonly JsonObject[])[0]?.['narrative']).toBe('- 2026-03-02: 미션 셋 · 2026년 3월, 배지 보유');
  });

  it('another issuer in a later version of the rule revokes and issues: it has keys and lists of its own', async () => {
    await school.record(mission('ada', 1), mission('ada', 2));
    await decide();
    await issue();
    const parsed = parseRule(RULE.replace('issuer: academy', 'issuer: college'), 'rule.yaml');
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
    await school.publish(parsed.rule, { backfill: true });
    await decide();
    await issue();
    await issue({}, { position: 0 });
    const [first, revoked, second] = (await eventsOf('ada')) as [CredentialIssued, CredentialEvent, CredentialIssued];
    expect(await typesOf('ada')).toEqual(['CredentialIssued', 'CredentialRevoked', 'CredentialIssued']);
    expect(revoked).toMatchObject({ issuer: 'academy', code: first.code });
    expect(second).toMatchObject({ issuer: 'college', serial: 2, editions: { en: { issuer: { id: 'did:web:badges.school.example:issuers:college' }, credentialStatus: { statusListCredential: `${BASE}/issuers/college/status/1/revocation` } } } });
    expect(second.code).not.toBe(first.code);
    const { keys: held } = await readIssuer(store, T, 'college');
    expect(held.map(({ kid }) => kid)).toContain(second.kid);
  });

  it('waits while the log is full, whatever it was about to write, and goes on by itself', async () => {
    await school.record(mission('ada', 1), mission('ada', 2));
    await decide();
    const refused: string[] = [];
    const states: string[] = [];
    // Each kind of stream is full once: keys of the issuer, places in its list, the credential.
    const full: EventStore = { ...bound(store), append: async (appends) => {
      const kind = appends[0]?.stream.split('-')[0] ?? '';
      if (refused.includes(kind)) return store.append(appends);
      refused.push(kind);
      throw new ProofmarkError('STORE_FULL', 'The log is full.');
    } };
    const stop = new AbortController();
    const head = await lastOf(['award', 'issuer']);
    const { status } = await issue({ store: full, signal: stop.signal, onProgress: ({ state, position, reason }) => {
      states.push(`${state} ${reason ?? ''}`.trim());
      if (state === 'parked' || position >= head) stop.abort();
    } });
    expect(refused).toEqual(['issuer', 'statuslist', 'credential']);
    expect(new Set(states)).toEqual(new Set(['running', 'waiting The log is full.']));
    expect(status.state).toBe('running');
    expect(await typesOf('ada')).toEqual(['CredentialIssued']);
  });

  it('what cannot be signed is told and holds nobody else up', async () => {
    await school.record(mission('ada', 1), mission('ada', 2), mission('bob', 1), mission('bob', 2));
    await decide();
    let signed = 0;
    const short: KeyProvider = { ...keys, sign: async (kid, bytes) => (signed++ < 1 ? new Uint8Array(3) : keys.sign(kid, bytes)) };
    const checkpoint = { position: 0, unsigned: new Map<string, string>() };
    const { status } = await issue({ keys: short }, checkpoint);
    expect([await typesOf('ada'), await typesOf('bob')].flat()).toEqual(['CredentialIssued']);
    expect(status).toMatchObject({ state: 'running', unsigned: [{ reason: expect.stringContaining('64') as string }], unsignedCount: 1 });
    await school.record(mission('cho', 1), mission('cho', 2));
    await decide();
    const later = await issue({}, checkpoint); // another start, which has no reason to look at it again
    expect(later.status).toMatchObject({ unsigned: status.unsigned, unsignedCount: 1 });
    const all = await issue({}, { ...checkpoint, position: 0 });
    expect(all.status).toMatchObject({ unsigned: [], unsignedCount: 0 });
    expect(checkpoint.unsigned.size).toBe(0);
    expect([await typesOf('ada'), await typesOf('bob')]).toEqual([['CredentialIssued'], ['CredentialIssued']]);
  });

  it('keeps its private keys out of the log', async () => {
    await school.record(mission('ada', 1), mission('ada', 2));
    await decide();
    await issue();
    const passphrase = (await readFile(join(dir, 'keys', 'passphrase'), 'utf8')).trim();
    for (const { json } of await store.readAll({ after: 0, limit: 1000 })) {
      expect(json).not.toContain('"d":');
      expect(json).not.toContain(passphrase);
    }
  });
});

/** The store with its methods as members, to replace one of them. */
const bound = (real: EventStore): EventStore => ({
  append: (...args) => real.append(...args), readStream: (...args) => real.readStream(...args), readAll: (...args) => real.readAll(...args),
  subscribe: (...args) => real.subscribe(...args), head: () => real.head(), health: () => real.health(), close: () => real.close(),
});
