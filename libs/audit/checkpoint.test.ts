import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import fc from 'fast-check';
import { checkpointText, openCheckpoint, parseCheckpointText, signedCheckpoint, type Checkpoint } from './checkpoint.js';
import { sha256 } from './merkle.js';
import { formatNote, formatVerifierKey, isKeyName, parseNote, parseVerifierKey, signerOf, verifierKey } from './signed-note.js';

/** An Ed25519 key from its 32 secret bytes. */
const keyOf = (seed: Uint8Array) => {
  const privateKey = createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]), format: 'der', type: 'pkcs8' });
  const x = createPublicKey(privateKey).export({ format: 'jwk' }).x ?? '';
  return { publicKey: Buffer.from(x, 'base64url'), sign: (text: string) => sign(null, Buffer.from(text), privateKey) };
};
const ours = keyOf(sha256(Buffer.from('ours')));
const theirs = keyOf(sha256(Buffer.from('theirs')));
const ORIGIN = 'badges.school.example/log-1';
const key = verifierKey(ORIGIN, ours.publicKey);
const signed = (text: string): string => formatNote(text, key, ours.sign(text));

const CHECKPOINT: Checkpoint = { origin: ORIGIN, size: 4, root: sha256(Buffer.from('root')), position: 9, chain: sha256(Buffer.from('chain')), time: Date.parse('2026-10-03T10:15:00.250Z') };

describe('signed notes', () => {
  // The key and the note of the Go module that the format comes from (golang.org/x/mod/sumdb/note).
  const PETER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
  const NOTE =
    'If you think cryptography is the answer to your problem,\nthen you don\'t know what your problem is.\n\n' +
    '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';

  it('verify as those of the first implementation', () => {
    const peter = parseVerifierKey(PETER);
    const note = parseNote(NOTE);
    if (!peter || !note) throw new Error('not read');
    expect(peter.name).toBe('PeterNeumann');
    expect(formatVerifierKey(peter)).toBe(PETER);
    expect(signerOf(note, [peter])).toBe(peter);
    expect(signerOf({ ...note, text: note.text.replace('problem', 'Problem') }, [peter])).toBeUndefined();
  });

  it('verify only where a known key signed them, and none of the known ones in vain', () => {
    const text = 'text\n';
    const other = verifierKey(ORIGIN, theirs.publicKey);
    const both = parseNote(`${signed(text)}${formatNote(text, other, theirs.sign(text)).split('\n\n')[1]}`);
    const oneWrong = parseNote(`${signed(text)}${formatNote(text, other, ours.sign(text)).split('\n\n')[1]}`);
    if (!both || !oneWrong) throw new Error('not read');
    expect(both.signatures).toHaveLength(2);
    expect([signerOf(both, []), signerOf(both, [key]), signerOf(both, [other]), signerOf(both, [other, key])]).toEqual([undefined, key, other, key]);
    expect([signerOf(oneWrong, [key]), signerOf(oneWrong, [key, other])]).toEqual([key, undefined]);
  });

  it('come back as they were written, empty lines and all', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('a', '\n', '—', ' ', '漢') }), (body) => {
      const text = `${body}\n`;
      expect(parseNote(signed(text))).toEqual({ text, signatures: [{ name: ORIGIN, id: key.id, signature: ours.sign(text) }] });
    }));
  });

  it.each([
    ['without a signature', 'text\n\n'],
    ['without an empty line', signed('text\n').replace('\n\n', '\n')],
    ['cut off', signed('text\n').slice(0, -1)],
    ['with a tab', signed('te\txt\n')],
    ['with the end of a line of Windows', signed('text\r\n')],
    ['with half a surrogate pair', signed('te\ud800xt\n')],
    ['with another dash', signed('text\n').replace('—', '-')],
    ['with spaces after the signature', signed('text\n').replace(/\n$/, ' \n')],
    ['with base64 that nobody writes', signed('text\n').replace(/=\n$/, '\n')],
    ['with too many signatures', `text\n\n${'— a AAAAAAAA\n'.repeat(101)}`],
  ])('are refused %s', (_what, note) => expect(parseNote(note)).toBeUndefined());

  it.each(['', 'a b', 'a+b', 'a\u2003b', 'a\nb', '\ud800'])('have no key called %j', (name) => expect(isKeyName(name)).toBe(false));

  it.each([
    formatVerifierKey(key).replace(key.id, '00000000'), formatVerifierKey(key).replace('log-1', 'log-2'), `${formatVerifierKey(key)}=`, formatVerifierKey(key).slice(0, -4),
    `${ORIGIN}+${key.id}+${Buffer.concat([Buffer.of(2), ours.publicKey]).toString('base64')}`, '', ORIGIN,
  ])('are verified with no key written %j', (line) => expect(parseVerifierKey(line)).toBeUndefined());
});

describe('a checkpoint', () => {
  const made = signedCheckpoint(CHECKPOINT, key, ours.sign(checkpointText(CHECKPOINT)));

  it('is this text', () => {
    expect(made.note).toBe(
      `badges.school.example/log-1\n4\nSBNJTRN+FjG7owHVrKtue7eqdM4RhdRWVl71HXN2d7I=\nposition 9\nchain ${Buffer.from(CHECKPOINT.chain).toString('base64')}\ntime 2026-10-03T10:15:00.250Z\n\n— badges.school.example/log-1 ${Buffer.concat([Buffer.from(key.id, 'hex'), ours.sign(checkpointText(CHECKPOINT))]).toString('base64')}\n`,
    );
  });

  it('is opened with the key that signed it, and with no other', () => {
    expect(openCheckpoint(made.note, [key])).toEqual(made);
    expect(openCheckpoint(made.note, [verifierKey(ORIGIN, theirs.publicKey)])).toBe('unsigned');
    expect(openCheckpoint(made.note.replace('position 9', 'position 8'), [key])).toBe('unsigned');
    const elsewhere = { ...CHECKPOINT, origin: 'elsewhere.example/log' };
    expect(openCheckpoint(signed(checkpointText(elsewhere)), [key])).toBe('of another log');
  });

  const TEXT = checkpointText(CHECKPOINT);
  it.each([
    ['no origin', TEXT.replace(ORIGIN, '')], ['zeros before its size', TEXT.replace('\n4\n', '\n04\n')], ['a size below zero', TEXT.replace('\n4\n', '\n-4\n')], ['a size that no number holds', TEXT.replace('\n4\n', '\n9007199254740993\n')],
    ['a short root', TEXT.replace('SBNJ', '')], ['another name for the position', TEXT.replace('position', 'Position')], ['no position', TEXT.replace('position 9\n', '')],
    ['another way of writing its time', TEXT.replace('10:15:00.250Z', '10:15:00.25Z')], ['no time at all', TEXT.replace(/time .*Z/, 'time never')], ['one more line', `${TEXT}more\n`], ['no end', TEXT.slice(0, -1)], ['nothing', ''],
  ])('is none with %s', (_what, text) => {
    expect(parseCheckpointText(text)).toBeUndefined();
    expect(openCheckpoint(signed(text), [key])).toBe('malformed');
  });

  it('comes back as it was written', () => expect(parseCheckpointText(TEXT)).toEqual(CHECKPOINT));
});
