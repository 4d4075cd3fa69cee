import type { Random } from '#engine/demo/random.js';

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The places of bytes that stand inside quotation marks, from one place up to another. */
const quoted = (bytes: Uint8Array, from: number, to: number): readonly number[] => {
  const places: number[] = [];
  let inside = false;
  for (let i = from; i < to; i++) {
    if (bytes[i] === QUOTE) inside = !inside;
    else if (inside) places.push(i);
    if (bytes[i] === BACKSLASH) i++;
  }
  return places;
};

const replaced = (bytes: Uint8Array, at: number, by: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at] = by;
  return copy;
};

const drawn = (random: Random, places: readonly number[]): number => places[random.whole(0, places.length - 1)] ?? 0;

/**
 * A signed credential, alone or baked into a picture, with one byte of a name or value changed: twice somewhere in what it says, once in
 * its proof, once in the signature itself.
 */
export const changedJson = (given: Uint8Array, random: Random): readonly Buffer[] => {
  const bytes = Buffer.from(given);
  const start = bytes.indexOf('{"@context"');
  const proof = bytes.lastIndexOf('"proof":');
  const signature = bytes.lastIndexOf('"proofValue":"') + '"proofValue":"'.length;
  const end = bytes.indexOf('"', signature);
  const [content, about] = [quoted(bytes, start, proof), quoted(bytes, proof, bytes.indexOf('}', end))];
  const places = [drawn(random, content), drawn(random, content), drawn(random, about), random.whole(signature, end - 1)];
  return places.map((at) => replaced(bytes, at, bytes[at] === 0x78 ? 0x79 : 0x78));
};

/**
 * A JSON Web Token with one character changed: in its header, its payload and its signature. The last character
 * of a part has bits that mean nothing; the highest one is changed, which always means something.
 */
export const changedToken = (token: string, random: Random): readonly Buffer[] => {
  const [header = '', payload = ''] = token.split('.');
  const signature = header.length + payload.length + 2;
  const places = [
    random.whole(0, header.length - 1),
    random.whole(header.length + 1, signature - 2),
    random.whole(signature, token.length - 1),
  ];
  return places.map((at) => replaced(Buffer.from(token), at, BASE64URL.charCodeAt(BASE64URL.indexOf(token.charAt(at)) ^ 32)));
};
