import type { KnownKey } from '#access/directory.js';
import { entitlementsOf } from '#access/entitlements.js';
import { isSignedInQueue, type QueuedMessage } from '#access/queue-signature.js';
import type { Delivery } from '#intake/delivery.js';
import type { Mapped } from '#intake/mapped.js';
import { attributesOf, isBinary } from './cloud-event-headers.js';
import type { Headers, KafkaMessage } from './message.js';

/** The header that names the API key whose owner signed a message. */
export const KEY_HEADER = 'proofmark-key';
/** The header with the signatures: "v1,BASE64", several separated by spaces. */
export const SIGNATURE_HEADER = 'proofmark-signature';

/** What a message's headers claim about who sent it. */
export type Claim =
  | { readonly by: 'nobody' }
  | { readonly by: 'unreadable'; readonly why: string }
  | { readonly by: 'key'; readonly key: string; readonly signatures: string };

/** What is known of a message's sender: what it may send, or that it is in doubt; nothing where it need not say. */
export type Judgement = Pick<Delivery, 'sender' | 'doubt'>;

/** What is known of the key that a message names: the key, and those of its secrets that are good now. */
export interface Signer {
  readonly known: KnownKey | undefined;
  readonly secrets: readonly Uint8Array[];
}

const KEY = /^[0-9a-z]{1,64}$/;
/** No sender needs more than a signature for each of its secrets. */
const SIGNATURES = /^[\x20-\x7e]{1,1000}$/;

const NOBODY: Claim = { by: 'nobody' };

/** The value of a header that is there once and has that form, which is ASCII. */
const only = (headers: Headers, name: string, form: RegExp): string | undefined => {
  const value = headers[name];
  const text = value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value;
  return typeof text === 'string' && form.test(text) ? text : undefined;
};

/** Reads what the headers claim. Whoever sends either of the two claims to have signed, however badly. */
export const claimOf = (headers: Headers | undefined): Claim => {
  if (headers?.[KEY_HEADER] === undefined && headers?.[SIGNATURE_HEADER] === undefined) return NOBODY;
  const key = only(headers, KEY_HEADER, KEY);
  if (key === undefined) return { by: 'unreadable', why: `the header ${KEY_HEADER} must be there once and hold the id of an API key` };
  const signatures = only(headers, SIGNATURE_HEADER, SIGNATURES);
  if (signatures === undefined) return { by: 'unreadable', why: `the header ${SIGNATURE_HEADER} must be there once and hold signatures like "v1,BASE64"` };
  return { by: 'key', key, signatures };
};

/**
 * What a signature over a message is bound to; undefined where the message holds no event. Where it stands for several events that is
 * the one which the sender states, the last: the others follow from the same bytes, and each is held to the key's entitlements.
 */
export const signedPartsOf = (message: KafkaMessage, mapped: Mapped, tenant: string): QueuedMessage | undefined => {
  const event = mapped.ok ? mapped.events.at(-1) : undefined;
  if (!event || message.value === null) return undefined;
  const parts = { tenant, course: event.course ?? '', id: event.id, body: message.value };
  if (!isBinary(message)) return parts;
  const { type = '', source = '', time = '' } = attributesOf(message);
  return { ...parts, attributes: [type, source, time] };
};

/** The judgement on a message without a signature, where one is required. */
export const UNSIGNED: Judgement = { doubt: { reason: 'unsigned', detail: `the message is not signed: it must have the headers ${KEY_HEADER} and ${SIGNATURE_HEADER}` } };

const bad = (detail: string): Judgement => ({ doubt: { reason: 'bad-signature', detail } });

/** Judges who sent a message that claims to be signed. */
export const judge = (claim: Exclude<Claim, { readonly by: 'nobody' }>, signed: QueuedMessage, { known, secrets }: Signer): Judgement => {
  if (claim.by === 'unreadable') return bad(claim.why);
  if (known?.tenant !== signed.tenant) return bad('there is no such API key');
  if (known.status !== 'active') return bad(`the API key ${known.key} is revoked`);
  if (!known.grant.actions.includes('event:send')) return bad(`the API key ${known.key} may not do "event:send"`);
  if (!isSignedInQueue(signed, claim.signatures, secrets)) return bad(`no signature is one of the API key ${known.key} over this tenant, course, id and message`);
  return { sender: entitlementsOf(known.grant) };
};
