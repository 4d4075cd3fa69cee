import { setTimeout as sleep } from 'node:timers/promises';
import {
  credential as credentialFold, stepsFor, type CredentialEvent, type CredentialIssued, type CredentialRenewed, type CredentialState, type CredentialStep, type SignedEditions, type StatusEntry,
} from '#domain/credential-event.js';
import { fold } from '#domain/decider.js';
import { messageOf, ProofmarkError } from '#domain/errors.js';
import { contentHash, hashUuid } from '#domain/ids.js';
import { signingKey, type Issuer } from '#domain/issuer-event.js';
import { readLogEvent } from '#domain/log-event.js';
import { categoryOf, credentialStream, parseStream } from '#domain/streams.js';
import type { Append, EventStore, RecordedEvent } from '#event-store/event-store.js';
import { toNewEvent } from '#event-store/execute.js';
import { CODE_BYTES, newCode } from '../code.js';
import { signDocument } from '../data-integrity.js';
import { issuerDid } from '../document/addresses.js';
import { isoIn, isoSeconds, languagesOf, openBadge, type Statement } from '../document/open-badge.js';
import { statedPeriod } from '../document/stated-period.js';
import { CanonicalTemplates } from '../json-ld/canonical-templates.js';
import type { JsonObject } from '../json-ld/json.js';
import type { KeyProvider } from '../keys/key-provider.js';
import { AwardStories, readKnownAward, type KnownAward } from './award-story.js';
import { Issuers, profileOf } from './issuers.js';
import { pseudonymOf, statedTrace } from './pseudonym.js';
import { StatusPlaces } from './status-places.js';

/** An award whose credential cannot be signed, and why. */
export interface Unsigned {
  readonly award: string;
  readonly reason: string;
}

/** What issuing keeps over a restart; each `save` is written whole or not at all. */
export interface IssuingCheckpoint {
  readonly load: () => Promise<number>;
  readonly loadUnsigned: () => Promise<readonly Unsigned[]>;
  /** `unsigned`: what has changed since the last time, by award; undefined for one that is not among them any more. */
  readonly save: (position: number, unsigned: ReadonlyMap<string, string | undefined>) => Promise<void>;
}

export interface IssuingOptions {
  readonly store: EventStore;
  /** Where the last handled position is kept, and what could not be signed up to it; losing both only means looking at every award again. */
  readonly checkpoint: IssuingCheckpoint;
  readonly keys: KeyProvider;
  /** The public address of a tenant, without a slash at its end. */
  readonly base: (tenant: string) => string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** So many random bytes. */
  readonly random: (length: number) => Uint8Array;
  readonly signal: AbortSignal;
  readonly onProgress?: (status: IssuingStatus) => void;
}

export interface IssuingStatus {
  readonly state: 'running' | 'waiting' | 'parked';
  /** Everything up to this log position is reflected in credentials. */
  readonly position: number;
  /** Why it waits or stopped. */
  readonly reason?: string;
  /** The latest awards whose credential cannot be signed, and why: their badges have to be mended. The others go on. */
  readonly unsigned: readonly Unsigned[];
  /** How many there are in all. */
  readonly unsignedCount: number;
}

/** What a credential of an award would say, and by whom. */
interface Draft {
  readonly known: KnownAward;
  readonly issuerId: string;
  readonly issuer: Issuer;
  readonly statement: Omit<Statement, 'code' | 'status' | 'issuedAt'>;
  readonly stated: string;
  readonly trace: object;
}

interface Current {
  readonly award: string;
  readonly state: CredentialState;
  readonly revision: number;
}

/** What is to be done about the credential of an award. */
interface Planned {
  readonly current: Current;
  readonly draft: Draft;
  readonly steps: readonly CredentialStep[];
}

/** The streams that issuing follows. */
export const ISSUING_CATEGORIES: readonly string[] = ['award', 'issuer'];

const BATCH = 500;
const FULL_STORE_PAUSE_MS = 1000;
/** So many are listed. */
const MOST_UNSIGNED = 100;
/** Errors that are about one award: its documents cannot be signed, or the log lacks what it names. Others stop issuing. */
const OF_ONE_AWARD: ReadonlySet<string> = new Set(['USAGE', 'NOT_FOUND', 'AWARD_UNKNOWN']);
const SLICE = 25;

const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
const MAX_ATTEMPTS = 10;

/**
 * Issues credentials: follows awards and issuers in the log and brings each award's credential in line with it. An
 * effect is an append to the credential's stream, guarded by its revision and with an id that follows from what caused it, so
 * that a replay, a crash at any instruction or a second process issues nothing twice.
 */
export class Issuing {
  readonly issuers: Issuers;
  readonly #stories: AwardStories;
  /** The log, whose appends wait while it is full. */
  readonly #patient: Pick<EventStore, 'append' | 'readStream'>;
  readonly #places = new Map<string, StatusPlaces>();
  readonly #canonicalize = new CanonicalTemplates().canonicalize;
  #status: IssuingStatus = { state: 'running', position: 0, unsigned: [], unsignedCount: 0 };
  /** Reasons by award, the latest last. */
  readonly #unsigned = new Map<string, string>();
  #unsaved = new Map<string, string | undefined>();

  constructor(private readonly options: IssuingOptions) {
    const patient = { append: (appends: readonly Append[]) => this.#whenThereIsRoom(() => options.store.append(appends)), readStream: options.store.readStream.bind(options.store) };
    this.#patient = patient;
    this.issuers = new Issuers({ ...options, store: patient });
    this.#stories = new AwardStories(options.store);
  }

  get status(): IssuingStatus {
    return this.#status;
  }

  /** Follows the log until the signal is aborted or something cannot go on: it is then parked, and never throws. */
  async run(): Promise<void> {
    const { store, checkpoint, signal } = this.options;
    try {
      const after = await checkpoint.load();
      for (const { award, reason } of await checkpoint.loadUnsigned()) this.#unsigned.set(award, reason);
      this.#tellUnsigned();
      this.#report({ ...this.#status, state: 'running', position: Math.max(0, after) });
      for await (const batch of store.subscribe({ after, batchSize: BATCH, categories: ISSUING_CATEGORIES, signal })) {
        await this.#handle(batch);
        const position = batch.at(-1)?.position ?? 0;
        const changed = this.#unsaved;
        this.#unsaved = new Map();
        await this.#whenThereIsRoom(() => checkpoint.save(position, changed));
        const { reason: _, ...status } = this.#status;
        this.#report({ ...status, state: 'running', position });
      }
    } catch (error) {
      if (!signal.aborted) this.#report({ ...this.#status, state: 'parked', reason: messageOf(error) });
    }
  }

  #report(status: IssuingStatus): void {
    this.#status = status;
    this.options.onProgress?.(status);
  }

  async #handle(batch: readonly RecordedEvent[]): Promise<void> {
    const awards = new Map<string, number>();
    for (const recorded of batch) {
      if (categoryOf(recorded.stream) === 'award') awards.set(recorded.stream.slice('award-'.length), recorded.position);
      else {
        await this.#reflect([...awards]);
        awards.clear();
        await this.#followIssuer(recorded);
      }
    }
    await this.#reflect([...awards]);
  }

  /** Signs anew what a lost key has signed, or everything that somebody asks for. */
  async #followIssuer(recorded: RecordedEvent): Promise<void> {
    const event = readLogEvent(recorded.type, recorded.schema, recorded.json);
    if (event.type !== 'IssuerKeyCompromised' && event.type !== 'ReissueRequested') return;
    const { store } = this.options;
    const issuer = parseStream(recorded.stream)?.subject;
    const concerned = (state: CredentialState): boolean =>
      state.status !== 'none' && state.issuer === issuer && (event.type === 'ReissueRequested' ? state.signedBasis < recorded.position : state.kid === event.kid);
    for (let after = 0; ; ) {
      this.options.signal.throwIfAborted();
      const page = await store.readAll({ after, limit: BATCH, categories: ['credential'] });
      const awards = [...new Set(page.filter(({ type }) => type === 'CredentialIssued').map(({ stream }) => stream.slice('credential-'.length)))];
      this.#stories.newBatch();
      const currents = (await this.#currentsOf(awards)).filter(({ state }) => concerned(state));
      await this.#renew(currents, recorded.position, event.type === 'ReissueRequested' ? 'asked' : 'key-compromised');
      const last = page.at(-1);
      if (!last) return;
      after = last.position;
    }
  }

  async #currentsOf(awards: readonly string[]): Promise<readonly Current[]> {
    return Promise.all(awards.map(async (award) => {
      const recorded = await this.options.store.readStream(credentialStream(award));
      const state = fold(credentialFold, recorded.map(({ type, schema, json }) => readLogEvent(type, schema, json) as CredentialEvent));
      return { award, state, revision: recorded.at(-1)?.revision ?? -1 };
    }));
  }

  /** Brings the credentials of awards in line with them. */
  async #reflect(awards: readonly (readonly [award: string, position: number])[]): Promise<void> {
    this.#stories.newBatch();
    let open = awards;
    for (let attempt = 0; open.length > 0; attempt++) {
      if (attempt === MAX_ATTEMPTS) throw new ProofmarkError('CONCURRENT_CHANGE', 'Credentials change faster than they can be issued.');
      const positions = new Map(open);
      const currents = (await this.#currentsOf([...positions.keys()])).filter(({ award, state }) => state.status === 'none' || state.basis < (positions.get(award) ?? 0));
      const refused = await this.#step(currents);
      open = refused.map((award) => [award, positions.get(award) ?? 0] as const);
    }
  }

  /** What has to be done about a credential; undefined where nothing is, or it cannot be signed. */
  async #plan(current: Current): Promise<Planned | undefined> {
    const planning = await this.#orUnsigned(current.award, async () => {
      const known = await readKnownAward(this.options.store, current.award);
      const draft = await this.#draft(known);
      return { draft, steps: stepsFor(current.state, known.state.status, { issuer: draft.issuerId, stated: draft.stated }) };
    });
    return planning && planning.steps.length > 0 ? { current, ...planning } : undefined;
  }

  /** Returns the awards about which somebody else has written in between. */
  async #step(currents: readonly Current[]): Promise<readonly string[]> {
    const planned: Planned[] = [];
    for (let i = 0; i < currents.length; i += SLICE) {
      // Together, since each waits for what a server reads for it.
      const slice = await Promise.all(currents.slice(i, i + SLICE).map((current) => this.#plan(current)));
      planned.push(...slice.filter((one) => one !== undefined));
      await nextTurn(); // others in this thread have work as well
    }
    const places = await this.#placesFor(planned.filter(({ steps }) => steps.includes('issue')));
    const written = await Promise.all(planned.map(async ({ current, draft, steps }) => {
      const events = await this.#orUnsigned(current.award, async () => {
        const made: CredentialEvent[] = [];
        for (const step of steps) made.push(await this.#event(step, current, draft, places.get(current.award), draft.known.position));
        return made;
      });
      return { current, events: events ?? [] };
    }));
    return this.#append(written.filter(({ events }) => events.length > 0));
  }

  /** Signs credentials anew, whatever they state. */
  async #renew(currents: readonly Current[], basis: number, because: CredentialRenewed['because']): Promise<void> {
    let open = currents;
    for (let attempt = 0; open.length > 0; attempt++) {
      if (attempt === MAX_ATTEMPTS) throw new ProofmarkError('CONCURRENT_CHANGE', 'Credentials change faster than they can be issued.');
      const written = await Promise.all(open.map(async (current) => {
        const events = await this.#orUnsigned(current.award, async () => [
          await this.#event('renew', current, await this.#draft(await readKnownAward(this.options.store, current.award)), undefined, basis, because),
        ]);
        return { current, events: events ?? [] };
      }));
      const refused = new Set(await this.#append(written.filter(({ events }) => events.length > 0)));
      open = (await this.#currentsOf([...refused])).filter(({ state }) => state.status !== 'none' && state.signedBasis < basis);
    }
  }

  /** What cannot be signed because of what it says holds nobody else up: it is told, and waits for the next change of its award. */
  async #orUnsigned<T>(award: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      const done = await work();
      this.#noteUnsigned(award, undefined);
      return done;
    } catch (error) {
      if (!(error instanceof ProofmarkError) || !OF_ONE_AWARD.has(error.code)) throw error;
      this.#noteUnsigned(award, error.message);
      return undefined;
    }
  }

  #noteUnsigned(award: string, reason: string | undefined): void {
    if (this.#unsigned.get(award) === reason) return;
    this.#unsigned.delete(award);
    if (reason !== undefined) this.#unsigned.set(award, reason);
    this.#unsaved.set(award, reason);
    this.#tellUnsigned();
  }

  #tellUnsigned(): void {
    const unsigned = [...this.#unsigned].slice(-MOST_UNSIGNED).map(([award, reason]) => ({ award, reason }));
    this.#report({ ...this.#status, unsigned, unsignedCount: this.#unsigned.size });
  }

  async #draft(known: KnownAward): Promise<Draft> {
    const { keys } = this.options;
    const story = await this.#stories.tell(known);
    const { rule, reference } = story.version;
    const issuerId = rule.design.issuer ?? known.tenant;
    const issuer = await this.issuers.ready({ tenant: known.tenant, issuer: issuerId });
    const { trace, hash: traceHash } = await statedTrace(keys, known.award, rule.criteria, story.verdict);
    const { earnedAt } = known.supported;
    const { validUntil } = known.state;
    const period = statedPeriod(rule.recurs, known.supported.period, story.zone);
    const statement = {
      base: this.options.base(known.tenant),
      issuer: { id: issuerId, profile: profileOf(issuer, issuerId) },
      rule,
      reference,
      subject: await pseudonymOf(keys, known.tenant, known.learner),
      earnedOn: isoIn(earnedAt, story.zone),
      ...(validUntil !== undefined && { validUntil }),
      ...(period && { period }),
      evidence: story.evidence,
      traceHash,
    };
    return { known, issuerId, issuer, statement, stated: contentHash(statement), trace };
  }

  async #placesFor(planned: readonly { readonly current: Current; readonly draft: Draft }[]): Promise<ReadonlyMap<string, StatusEntry>> {
    const byIssuer = new Map<string, { readonly current: Current; readonly draft: Draft }[]>();
    for (const one of planned) {
      const key = `${one.draft.known.tenant} ${one.draft.issuerId}`;
      const group = byIssuer.get(key) ?? [];
      group.push(one);
      byIssuer.set(key, group);
    }
    const places = new Map<string, StatusEntry>();
    for (const [key, group] of byIssuer) {
      const [first] = group;
      if (!first) continue;
      let lists = this.#places.get(key);
      if (!lists) this.#places.set(key, (lists = new StatusPlaces(this.#patient, first.draft.known.tenant, first.draft.issuerId, (limit) => this.#randomBelow(limit))));
      const assigned = await lists.assign(group.map(({ current }) => ({ award: current.award, serial: serialAfter(current.state) })));
      group.forEach(({ current }, i) => places.set(current.award, assigned[i] as StatusEntry));
    }
    return places;
  }

  /** Uniform: what would favour small numbers is drawn again. */
  #randomBelow(limit: number): number {
    for (;;) {
      const [a = 0, b = 0, c = 0, d = 0] = this.options.random(4);
      const drawn = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
      if (drawn < 2 ** 32 - (2 ** 32 % limit)) return drawn % limit;
    }
  }

  async #event(step: CredentialStep, { award, state }: Current, draft: Draft, place: StatusEntry | undefined, basis: number, because: CredentialRenewed['because'] = 'award-changed'): Promise<CredentialEvent> {
    const { known, issuerId, statement } = draft;
    const at = this.options.now();
    const who = { tenant: known.tenant, issuer: issuerId, award, badge: statement.rule.badge };
    if (step === 'issue') {
      if (!place) throw new Error(`the credential of award ${award} has no place in a status list`);
      const code = newCode(this.options.random(CODE_BYTES));
      const signed = await this.#signed(draft, code, place, at);
      return { type: 'CredentialIssued', ...who, code, at, basis, learner: known.learner, serial: serialAfter(state), status: place, ...signed } satisfies CredentialIssued;
    }
    if (state.status === 'none') throw new Error(`there is no credential of award ${award} to ${step}`);
    const about = { ...who, issuer: state.issuer, code: state.code, at, basis };
    switch (step) {
      case 'renew':
        return { type: 'CredentialRenewed', ...about, because, ...(await this.#signed(draft, state.code, state.entry, at)) };
      case 'suspend':
        return { type: 'CredentialSuspended', ...about };
      case 'reinstate':
        return { type: 'CredentialReinstated', ...about };
      case 'revoke':
        return { type: 'CredentialRevoked', ...about };
    }
  }

  async #signed({ issuer, issuerId, statement, stated, trace }: Draft, code: string, status: StatusEntry, issuedAt: number): Promise<SignedEditions> {
    const key = signingKey(issuer, 'Ed25519');
    if (!key) throw new Error(`the issuer ${issuerId} has no key`);
    const languages = languagesOf(statement.rule);
    const signing = {
      signer: (bytes: Uint8Array) => this.options.keys.sign(key.kid, bytes),
      verificationMethod: `${issuerDid(statement.base, issuerId)}#${key.kid}`,
      created: isoSeconds(issuedAt),
      canonicalize: this.#canonicalize,
    };
    const editions: Record<string, JsonObject> = {};
    for (const language of languages) {
      editions[language] = await signDocument(openBadge({ ...statement, code, status, issuedAt }, language, languages), signing);
    }
    return { editions, kid: key.kid, stated, trace };
  }

  /** Returns the awards whose credential somebody else has changed. */
  async #append(written: readonly { readonly current: Current; readonly events: readonly CredentialEvent[] }[]): Promise<readonly string[]> {
    if (written.length === 0) return [];
    const appends = written.map(({ current: { award, revision }, events }) => ({
      stream: credentialStream(award),
      expected: revision < 0 ? ('no-stream' as const) : revision,
      events: events.map((event) => toNewEvent(event, hashUuid('credential', award, event.type, String(event.basis)))),
    }));
    const results = await this.#patient.append(appends);
    return written.flatMap(({ current }, k) => (results[k]?.outcome === 'wrong-expected-revision' ? [current.award] : []));
  }

  /** Does what writes as often as it takes, while there is no space. */
  async #whenThereIsRoom<T>(write: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await write();
      } catch (error) {
        if (!(error instanceof ProofmarkError) || error.code !== 'STORE_FULL') throw error;
        this.#report({ ...this.#status, state: 'waiting', reason: error.message });
        await sleep(FULL_STORE_PAUSE_MS, undefined, { signal: this.options.signal });
      }
    }
  }
}

const serialAfter = (state: CredentialState): number => (state.status === 'none' ? 1 : state.serial + 1);
