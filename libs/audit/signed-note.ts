import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { fromBase64, toBase64 } from './base64.js';
import { sha256 } from './merkle.js';

/* Signed notes, https://c2sp.org/signed-note: text, an empty line, signature lines. Ed25519 alone. */

/** A public key that signs notes, and the name that it signs under. */
export interface VerifierKey {
  readonly name: string;
  /** Eight hexadecimal digits, which follow from name and key. */
  readonly id: string;
  /** Ed25519, as RFC 8032 writes it: 32 bytes. */
  readonly publicKey: Uint8Array;
}

/** One line of signatures. */
export interface NoteSignature {
  readonly name: string;
  readonly id: string;
  readonly signature: Uint8Array;
}

/** A note that is one by its form; nothing in it may be believed before a signature was verified. */
export interface SignedNote {
  /** With the end of its last line. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

const ED25519 = 0x01;
const KEY_BYTES = 32;
const ID_BYTES = 4;
/** Beyond that a note is refused: the specification asks for 16. */
const MOST_SIGNATURES = 100;

/** Control characters but for the end of a line, and halves of surrogate pairs, which have no UTF-8. */
const FORBIDDEN = /[\x00-\x09\x0b-\x1f]|\p{Cs}/u;

/** Whether a key may have this name. */
export const isKeyName = (name: string): boolean => name !== '' && !/[\p{White_Space}+\p{Cc}\p{Cs}]/u.test(name);

/** The key under a name. */
export const verifierKey = (name: string, publicKey: Uint8Array): VerifierKey => {
  const digest = sha256(Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(ED25519), publicKey]));
  return { name, id: digest.toString('hex', 0, ID_BYTES), publicKey };
};

/** A key as one line to pass on: its name, id, and algorithm with key in base64, with "+" in between. */
export const formatVerifierKey = ({ name, id, publicKey }: VerifierKey): string => `${name}+${id}+${toBase64(Buffer.concat([Buffer.of(ED25519), publicKey]))}`;

/** The key that a line passes on; undefined where it is none, or of another algorithm. */
export const parseVerifierKey = (line: string): VerifierKey | undefined => {
  const [, name = '', id, key = ''] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(line) ?? [];
  const bytes = fromBase64(key);
  if (!isKeyName(name) || bytes?.length !== 1 + KEY_BYTES || bytes[0] !== ED25519) return undefined;
  const made = verifierKey(name, bytes.subarray(1));
  return made.id === id ? made : undefined;
};

/** A note with the signature of its text. */
export const formatNote = (text: string, { name, id }: VerifierKey, signature: Uint8Array): string =>
  `${text}\n— ${name} ${toBase64(Buffer.concat([Buffer.from(id, 'hex'), signature]))}\n`;

const parseSignature = (line: string): NoteSignature | undefined => {
  const [, name = '', encoded = ''] = /^— (\S+) (\S+)$/u.exec(line) ?? [];
  const bytes = fromBase64(encoded);
  if (!isKeyName(name) || !bytes || bytes.length <= ID_BYTES) return undefined;
  return { name, id: bytes.toString('hex', 0, ID_BYTES), signature: bytes.subarray(ID_BYTES) };
};

/** A note, read strictly; undefined where it is none. */
export const parseNote = (note: string): SignedNote | undefined => {
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n') || FORBIDDEN.test(note)) return undefined;
  const lines = note.slice(split + 2, -1).split('\n');
  const signatures = lines.map(parseSignature).filter((signature) => signature !== undefined);
  if (signatures.length !== lines.length || lines.length > MOST_SIGNATURES) return undefined;
  return { text: note.slice(0, split + 1), signatures };
};

/** Made once: a directory holds many notes of one key. */
const objects = new WeakMap<VerifierKey, KeyObject>();

const objectOf = (key: VerifierKey): KeyObject => {
  let object = objects.get(key);
  if (!object) objects.set(key, (object = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(key.publicKey).toString('base64url') }, format: 'jwk' })));
  return object;
};

/** The key among those known that has signed a note; undefined where none has, or where one of their signatures is wrong. */
export const signerOf = ({ text, signatures }: SignedNote, known: readonly VerifierKey[]): VerifierKey | undefined => {
  let signer: VerifierKey | undefined;
  for (const { name, id, signature } of signatures) {
    const key = known.find((one) => one.name === name && one.id === id);
    if (!key) continue;
    if (!verify(null, Buffer.from(text), objectOf(key), signature)) return undefined;
    signer ??= key;
  }
  return signer;
};
