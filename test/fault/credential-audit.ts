import { verifyProof } from '#credentials/data-integrity.js';
import type { JsonObject } from '#credentials/json-ld/json.js';
import { publicKeyOfJwk } from '#credentials/multikey.js';
import { award as awardDecider, type AwardEvent } from '#domain/award.js';
import { credential as credentialFold, type CredentialEvent, type StatusEntriesAssigned } from '#domain/credential-event.js';
import { fold } from '#domain/decider.js';
import { issuer as issuerDecider, type Issuer, type IssuerEvent } from '#domain/issuer-event.js';
import { readLogEvent } from '#domain/log-event.js';
import { categoryOf } from '#domain/streams.js';
import type { EventStore } from '#event-store/event-store.js';

/** What a log says about its awards and their credentials, and what contradicts. */
export interface Audit {
  /** Learners with an active award, in order. */
  readonly active: readonly string[];
  /** Ids of the learning events that are there. */
  readonly recorded: readonly string[];
  readonly issued: number;
  /** How often one was signed anew. */
  readonly renewed: number;
  /** The code of each credential by award and serial, and which key signed it last. */
  readonly codes: Readonly<Record<string, { readonly code: string; readonly kid: string }>>;
  readonly flaws: readonly string[];
}

interface Log {
  readonly awards: ReadonlyMap<string, readonly AwardEvent[]>;
  readonly credentials: ReadonlyMap<string, readonly CredentialEvent[]>;
  readonly places: readonly StatusEntriesAssigned[];
  readonly issuers: ReadonlyMap<string, readonly IssuerEvent[]>;
  readonly recorded: readonly string[];
}

const readLog = async (store: Pick<EventStore, 'readAll'>): Promise<Log> => {
  const log = { awards: new Map<string, AwardEvent[]>(), credentials: new Map<string, CredentialEvent[]>(), places: [] as StatusEntriesAssigned[], issuers: new Map<string, IssuerEvent[]>(), recorded: [] as string[] };
  const add = <E>(streams: Map<string, E[]>, key: string, event: E): void => void (streams.get(key)?.push(event) ?? streams.set(key, [event]));
  for (let after = 0; ; ) {
    const page = await store.readAll({ after, limit: 500 });
    for (const { stream, type, schema, json } of page) {
      const event = readLogEvent(type, schema, json);
      switch (categoryOf(stream)) {
        case 'award':
          add(log.awards, stream.slice('award-'.length), event as AwardEvent);
          break;
        case 'credential':
          add(log.credentials, stream.slice('credential-'.length), event as CredentialEvent);
          break;
        case 'statuslist':
          log.places.push(event as StatusEntriesAssigned);
          break;
        case 'issuer':
          add(log.issuers, (event as IssuerEvent).issuer, event as IssuerEvent);
          break;
        case 'learner':
          log.recorded.push((event as { readonly id?: string }).id ?? '');
          break;
      }
    }
    const last = page.at(-1);
    if (!last) return log;
    after = last.position;
  }
};

/** Which credential has which place, as the lists say; a place or a credential that is there twice is a flaw. */
const placesOf = (assigned: readonly StatusEntriesAssigned[], flaws: string[]): ReadonlyMap<string, string> => {
  const places = new Map<string, string>();
  const taken = new Set<string>();
  for (const { issuer, list, entries } of assigned) {
    for (const { award, serial, index } of entries) {
      const [place, who] = [`${issuer} ${list}/${index}`, `${award} ${serial}`];
      if (taken.has(place)) flaws.push(`the place ${place} was assigned twice`);
      if (places.has(who)) flaws.push(`the credential ${who} was assigned two places`);
      taken.add(place);
      places.set(who, place);
    }
  }
  return places;
};

const EXPECTED = { none: 'none', active: 'active', suspended: 'suspended', revoked: 'revoked' } as const;

/** Compares the awards of a log with their credentials. */
export const auditCredentials = async (store: Pick<EventStore, 'readAll'>): Promise<Audit> => {
  const { awards, credentials, places: assigned, recorded } = await readLog(store);
  const flaws: string[] = [];
  const places = placesOf(assigned, flaws);
  const [usedPlaces, usedCodes] = [new Set<string>(), new Set<string>()];
  const codes: Record<string, { code: string; kid: string }> = {};
  let [issued, renewed] = [0, 0];
  for (const [award, events] of credentials) {
    let serial = 0;
    for (const event of events) {
      if (event.type === 'CredentialRenewed') {
        renewed++;
        codes[`${award} ${serial}`] = { code: event.code, kid: event.kid };
      }
      if (event.type !== 'CredentialIssued') continue;
      issued++;
      const place = `${event.issuer} ${event.status.list}/${event.status.index}`;
      if (event.serial !== serial + 1) flaws.push(`award ${award} has the serial ${event.serial} after ${serial}`);
      if (places.get(`${award} ${event.serial}`) !== place) flaws.push(`credential ${event.code} stands at ${place}, which is not its place`);
      if (usedPlaces.has(place)) flaws.push(`two credentials stand at ${place}`);
      if (usedCodes.has(event.code)) flaws.push(`two credentials have the code ${event.code}`);
      usedPlaces.add(place);
      usedCodes.add(event.code);
      serial = event.serial;
      codes[`${award} ${serial}`] = { code: event.code, kid: event.kid };
    }
    if (!awards.has(award)) flaws.push(`there is a credential of ${award}, which was never granted`);
  }
  const active: string[] = [];
  for (const [award, events] of awards) {
    const { status } = fold(awardDecider, events);
    const state = fold(credentialFold, credentials.get(award) ?? []);
    if (status === 'active') active.push(events[0]?.learner ?? '');
    const neverSeen = state.status === 'none' && (status === 'revoked' || status === 'suspended');
    if (status !== 'expired' && !neverSeen && state.status !== EXPECTED[status]) flaws.push(`award ${award} is ${status} and its credential ${state.status}`);
  }
  return { active: active.sort(), recorded, issued, renewed, codes, flaws };
};

/** Verifies every document that counts by the keys that its issuer has not given up. Returns how many there are, and those that do not verify. */
export const verifyDocuments = async (store: Pick<EventStore, 'readAll'>): Promise<{ readonly documents: number; readonly flaws: readonly string[] }> => {
  const { credentials, issuers } = await readLog(store);
  const known = new Map<string, Issuer>([...issuers].map(([issuer, events]) => [issuer, fold(issuerDecider, events)]));
  const flaws: string[] = [];
  let documents = 0;
  for (const events of credentials.values()) {
    const standing = new Map<string, CredentialEvent & { readonly editions: object; readonly kid: string }>();
    for (const event of events) if (event.type === 'CredentialIssued' || event.type === 'CredentialRenewed') standing.set(event.code, event);
    const revoked = new Set(events.flatMap(({ type, code }) => (type === 'CredentialRevoked' ? [code] : [])));
    for (const { code, kid, issuer, editions } of standing.values()) {
      const key = known.get(issuer)?.keys.find((one) => one.kid === kid);
      // What was revoked is not signed anew when its key is given up.
      if (key?.status === 'compromised' && revoked.has(code)) continue;
      const raw = key && key.status !== 'compromised' ? publicKeyOfJwk(key.jwk) : undefined;
      for (const [language, document] of Object.entries(editions)) {
        documents++;
        const [proof] = (document as { readonly proof: readonly JsonObject[] }).proof;
        const holds = raw !== undefined && String(proof?.['verificationMethod']).endsWith(`#${kid}`) && (await verifyProof(document as JsonObject, proof, raw)).verified;
        if (!holds) flaws.push(`credential ${code} in ${language} does not verify`);
      }
    }
  }
  return { documents, flaws };
};
