import { createHash } from 'node:crypto';
import { isUtf8 } from 'node:buffer';
import { deflateRawSync } from 'node:zlib';
import type { DeadLetterReason, DeliveryRejected, KeptContent } from '#domain/dead-letter.js';
import { hashId, hashUuid } from '#domain/ids.js';
import { deadLetterStream } from '#domain/streams.js';
import type { Append, AppendResult, EventStore } from '#event-store/event-store.js';
import { toNewEvent } from '#event-store/execute.js';
import type { Seals } from '#vault/vault.js';
import { KEPT_BYTES, MAX_RAW_BYTES, type Delivery, type Oversize } from './delivery.js';
import { letterSubject, openLetter, RAW, readLetter } from './letter-content.js';
import type { FieldProblem } from './mapped.js';

/** Why a delivery is not recorded. */
export interface Rejection {
  readonly reason: DeadLetterReason;
  readonly detail: string;
  readonly fields?: readonly FieldProblem[];
}

/** What is known of a delivery that is longer than is kept; undefined for others. */
export const oversizeOf = ({ raw, oversize }: Delivery): Oversize | undefined => {
  if (oversize) return oversize;
  if (raw.length * 3 <= MAX_RAW_BYTES) return undefined; // a UTF-16 unit has at most three bytes in UTF-8
  const bytes = typeof raw === 'string' ? Buffer.byteLength(raw) : raw.length;
  return bytes > MAX_RAW_BYTES ? { bytes, sha256: createHash('sha256').update(raw).digest('hex') } : undefined;
};

/** The rejection of a delivery that is longer than is kept. */
export const tooLarge = ({ bytes, sha256 }: Oversize): Rejection => ({
  reason: 'too-large',
  detail:
    `the delivery has ${bytes} bytes, more than ${MAX_RAW_BYTES}; only its first ${KEPT_BYTES} are kept here` +
    ` (sha256 of the whole: ${sha256}); send smaller deliveries`,
});

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

/** The first bytes of a long delivery, cut between characters. */
const cut = (raw: string | Uint8Array): Uint8Array => {
  // A string of so many units has at least so many bytes: no need to encode the rest.
  const bytes = typeof raw === 'string' ? Buffer.from(raw.slice(0, KEPT_BYTES)) : raw;
  let end = Math.min(bytes.length, KEPT_BYTES);
  for (let back = 0; back < 3 && isContinuation(bytes[end]); back++) end--;
  return bytes.subarray(0, end);
};

const bytesOf = (raw: string | Uint8Array): Uint8Array => (typeof raw === 'string' ? Buffer.from(raw) : raw);

/** A delivery that is to be kept as a dead letter. */
export interface Rejected {
  readonly delivery: Delivery;
  readonly rejection: Rejection;
}

/** A dead letter and the append that keeps it; none where an earlier version of this program kept it. */
export interface Letter {
  readonly id: string;
  readonly append: Append | undefined;
  /** The position of one that is there already. */
  readonly position?: number;
  /** Its key was made now: what was sealed for it before opens no more. */
  readonly fresh: boolean;
}

interface Drafted extends Rejected {
  readonly id: string;
  /** Undefined where nothing may be kept. */
  readonly content: Uint8Array | undefined;
}

/** The id that an earlier version of this program gave: a hash without a key, which who guesses a short delivery can find. */
const formerId = (tenant: string, { delivery, rejection: { reason } }: Rejected): string => {
  const oversize = reason === 'too-large' ? oversizeOf(delivery) : undefined;
  const bytes = Buffer.from(bytesOf(delivery.raw));
  const content = oversize ? [oversize.sha256, String(oversize.bytes)] : isUtf8(bytes) ? ['utf8', bytes.toString('utf8')] : ['base64', bytes.toString('base64')];
  return hashId('letter', tenant, reason, delivery.format, ...content);
};

/** What letters are made with. */
export interface LettersOptions {
  readonly store: Pick<EventStore, 'append' | 'readAll' | 'readStream'>;
  readonly seals: Seals;
  readonly tenant: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Makes dead letters. Their ids depend on tenant, reason, format and content only, so that a bad delivery that is sent
 * again finds its letter there; the content's part in it is a code under the key ring, since a hash of a short text in
 * the log could be guessed. What was sent is sealed with a key of the letter's own, durable before the letter is.
 */
export class Letters {
  #former: Promise<boolean> | undefined;

  constructor(private readonly options: LettersOptions) {}

  /** One letter for each different delivery, and by delivery which. */
  async make(rejected: readonly Rejected[]): Promise<{ readonly letters: readonly Letter[]; readonly ids: readonly string[] }> {
    const drafts = await Promise.all(rejected.map((one) => this.#draft(one)));
    const former = (await this.#hasFormer()) ? await this.#formerOf(drafts) : new Map<string, Letter>();
    const fresh = [...new Map(drafts.filter(({ id }) => !former.has(id)).map((draft) => [draft.id, draft])).values()];
    const made = await this.#keep(fresh);
    return { letters: [...new Map([...former.values()].map((letter) => [letter.id, letter])).values(), ...made], ids: drafts.map(({ id }) => former.get(id)?.id ?? id) };
  }

  /**
   * Opens letters again that were shredded, and whose delivery has come once more: what was sealed for them before opens no
   * more. Returns where they stand now, by letter.
   */
  async reopen(letters: readonly Letter[], results: readonly (AppendResult | undefined)[]): Promise<ReadonlyMap<string, number>> {
    const met = letters.filter(({ append, fresh }, i) => append && fresh && results[i]?.outcome === 'already-appended');
    const opens = await Promise.all(met.map(({ id }) => this.#opens(id)));
    const again = met.filter((_letter, i) => !opens[i]); // another delivery of the same moment may have been the first
    if (again.length === 0) return new Map();
    const appends = again.map(({ append, id }): Append => ({
      stream: deadLetterStream(id),
      expected: 'any',
      events: (append?.events ?? []).map((event) => ({ ...event, id: hashUuid('DeliveryRejected', id, event.json) })),
    }));
    const reopened = await this.options.store.append(appends);
    return new Map(again.map(({ id }, i) => [id, positionIn(reopened[i]) ?? 0]));
  }

  async #opens(id: string): Promise<boolean> {
    const { store, seals, tenant } = this.options;
    return (await openLetter(seals, await readLetter(store, tenant, id))) !== undefined;
  }

  async #draft(one: Rejected): Promise<Drafted> {
    const { seals, tenant } = this.options;
    const { delivery, rejection: { reason } } = one;
    const oversize = reason === 'too-large' ? oversizeOf(delivery) : undefined;
    const content = oversize ? cut(delivery.raw) : bytesOf(delivery.raw);
    const about = oversize ? Buffer.from(`${oversize.sha256} ${oversize.bytes}`) : content;
    const code = Buffer.from(await seals.mark(tenant, 'letter', about)).toString('hex');
    return { ...one, id: hashId('letter', tenant, reason, delivery.format, 'sealed', code), content: reason === 'erased' ? undefined : content };
  }

  /** Whether the log has letters of an earlier version: the first one tells. */
  #hasFormer(): Promise<boolean> {
    this.#former ??= this.options.store.readAll({ after: 0, limit: 1, categories: ['deadletter'] }).then(([first]) => first?.type === 'DeliveryRejected' && first.schema === 1);
    this.#former.catch(() => (this.#former = undefined)); // the next one asks again
    return this.#former;
  }

  async #formerOf(drafts: readonly Drafted[]): Promise<ReadonlyMap<string, Letter>> {
    const found = new Map<string, Letter>();
    for (const draft of drafts) {
      const id = formerId(this.options.tenant, draft);
      const [first] = await this.options.store.readStream(deadLetterStream(id), { limit: 1 });
      if (first) found.set(draft.id, { id, append: undefined, position: first.position, fresh: false });
    }
    return found;
  }

  async #keep(drafts: readonly Drafted[]): Promise<readonly Letter[]> {
    const { seals, tenant, now } = this.options;
    const keeping = drafts.flatMap(({ id, content }) => (content ? [{ subject: letterSubject(tenant, id), field: RAW, content: deflateRawSync(content) }] : []));
    const sealed = new Map((await seals.seal(keeping)).map((one, i) => [keeping[i]?.subject.id, one]));
    return drafts.map(({ id, delivery: { format, origin }, rejection: { reason, detail } }) => {
      const own = sealed.get(id);
      const content: KeptContent = own ? { kept: 'sealed', sealed: Buffer.from(own.sealed).toString('base64') } : { kept: 'nothing' };
      const event: DeliveryRejected = { type: 'DeliveryRejected', letter: id, tenant, reason, detail, content, format, origin, rejectedAt: now() };
      return { id, append: { stream: deadLetterStream(id), expected: 'no-stream', events: [toNewEvent(event, hashUuid('DeliveryRejected', id))] }, fresh: own?.fresh ?? false };
    });
  }
}

/** Where what was appended stands; undefined where it was not. */
export const positionIn = (result: AppendResult | undefined): number | undefined =>
  result === undefined || result.outcome === 'wrong-expected-revision' ? undefined : result.position;
