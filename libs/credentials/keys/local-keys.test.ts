import { createPublicKey, verify, type JsonWebKey } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KEY_ALGORITHMS } from '#domain/issuer-event.js';
import { openLocalKeys } from './local-keys.js';

let dir: string;
beforeEach(async () => { dir = await mkdtemp(join(tmpdir(), 'proofmark-keys-')); });
afterEach(() => rm(dir, { recursive: true, force: true }));
const openKeys = (passphrase?: string) => openLocalKeys({ dir, rounds: 1000, ...(passphrase !== undefined && { passphrase }) });
const BYTES = new TextEncoder().encode('what is signed');

describe('local keys', () => {
  it.each(KEY_ALGORITHMS)('sign with %s so that the public half verifies, also after a restart', async (algorithm) => {
    const { kid, jwk } = await (await openKeys()).create(algorithm);
    const signature = await (await openKeys()).sign(kid, BYTES);
    const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
    const how = algorithm === 'ES256' ? { key, dsaEncoding: 'ieee-p1363' as const } : key;
    const hash = algorithm === 'Ed25519' ? null : 'sha256';
    expect(verify(hash, BYTES, how, signature)).toBe(true);
    expect(verify(hash, new Uint8Array([1]), how, signature)).toBe(false);
  });

  it('never tell the private half', async () => {
    const keys = await openKeys();
    for (const algorithm of KEY_ALGORITHMS) {
      const { jwk } = await keys.create(algorithm);
      expect(Object.keys(jwk).filter((member) => 'd p q dp dq qi'.split(' ').includes(member))).toEqual([]);
    }
  });

  it('are encrypted on disk, for their owner alone', async () => {
    const keys = await openKeys('correct horse');
    await keys.create('Ed25519');
    expect((await readdir(dir)).filter((name) => !/\.(lock|holder)$/.test(name))).toEqual(['keyring.jwe']);
    const text = await readFile(join(dir, 'keyring.jwe'), 'utf8');
    const [header = ''] = text.split('.');
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toMatchObject({ alg: 'PBES2-HS512+A256KW', enc: 'A256GCM' });
    expect((await stat(join(dir, 'keyring.jwe'))).mode & 0o077).toBe(0);
  });

  it('do not open with another passphrase, nor when the file was changed', async () => {
    await (await openKeys('correct horse')).create('Ed25519');
    await expect(openKeys('wrong')).rejects.toMatchObject({ code: 'KEYS_LOCKED' });
    const path = join(dir, 'keyring.jwe');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.slice(0, -8) + (text.at(-8) === 'A' ? 'B' : 'A') + text.slice(-7));
    await expect(openKeys('correct horse')).rejects.toMatchObject({ code: 'KEYS_LOCKED' });
  });

  it('say that the passphrase is lost, and make no other one in its place', async () => {
    const { kid } = await (await openKeys()).create('Ed25519');
    const passphrase = await readFile(join(dir, 'passphrase'), 'utf8');
    for (const lose of [() => rm(join(dir, 'passphrase')), () => writeFile(join(dir, 'passphrase'), '\n')]) {
      await lose();
      const before = await readdir(dir);
      for (const readOnly of [false, true]) {
        await expect(openLocalKeys({ dir, rounds: 1000, readOnly })).rejects.toMatchObject({ code: 'KEYS_LOCKED', message: expect.stringMatching(/passphrase of the key ring .* is lost.*PROOFMARK_KEY_PASSPHRASE_FILE/) as string });
      }
      expect(await readdir(dir)).toEqual(before);
      await writeFile(join(dir, 'passphrase'), passphrase);
      expect((await (await openKeys()).sign(kid, BYTES)).length).toBe(64);
    }
  });

  it('lose no passphrase while they are open: nothing is written that it does not open', async () => {
    const keys = await openKeys();
    const { kid } = await keys.create('Ed25519');
    const passphrase = await readFile(join(dir, 'passphrase'), 'utf8');
    await rm(join(dir, 'passphrase'));
    await expect(keys.create('ES256')).rejects.toMatchObject({ code: 'KEYS_LOCKED' });
    expect((await readdir(dir)).filter((name) => !/\.(lock|holder)$/.test(name))).toEqual(['keyring.jwe']);
    await writeFile(join(dir, 'passphrase'), passphrase);
    expect((await (await openKeys()).sign(kid, BYTES)).length).toBe(64);
  });

  it('find a key that another thread has made since', async () => {
    const [one, other] = [await openKeys(), await openKeys()];
    const { kid } = await one.create('Ed25519');
    expect((await other.sign(kid, BYTES)).length).toBe(64);
  });

  it('say which key is missing', async () => {
    await expect((await openKeys()).sign('nobody', BYTES)).rejects.toMatchObject({ code: 'KEYS_LOCKED' });
  });

  it('keep secrets: the same text gives the same code, also after a restart, and another secret another', async () => {
    const keys = await openKeys();
    const [first, link] = [await keys.mac('pseudonym', 'ada'), await keys.mac('link', 'ada')];
    expect(first).not.toEqual(link);
    expect(await (await openKeys()).mac('pseudonym', 'ada')).toEqual(first);
  });

  it('made by several at the same time are all there, and the first secret is everybody\'s', async () => {
    const [one, other] = [await openKeys(), await openKeys()];
    const made = await Promise.all([one, other, one, other].map((keys) => keys.create('Ed25519')));
    const codes = await Promise.all([one, other].map((keys) => keys.mac('link', 'text')));
    const later = await openKeys();
    for (const { kid } of made) expect(await later.sign(kid, BYTES)).toHaveLength(64);
    expect(codes[0]).toEqual(codes[1]);
  });

  it('make keys at the same time and lose none', async () => {
    const keys = await openKeys();
    const made = await Promise.all([1, 2, 3, 4].map(() => keys.create('Ed25519')));
    const reopened = await openKeys();
    for (const { kid } of made) expect(await reopened.sign(kid, BYTES)).toHaveLength(64);
    expect(new Set(made.map(({ kid }) => kid)).size).toBe(4);
  });
});
