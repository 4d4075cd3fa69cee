import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inPng, inSvg, issuer, signed, statusList, token, unsigned } from '#credentials/verify/badges-under-test.js';
import type { JsonObject } from '#credentials/json-ld/json.js';
import type { Report } from '#credentials/verify/report.js';
import { proofmark } from './cli.js';

const dir = mkdtempSync(join(tmpdir(), 'proofmark-verify-'));
afterAll(() => rmSync(dir, { recursive: true }));

const saved = (name: string, content: string | Uint8Array): string => {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
};
/** A badge that holds whenever this test is run. */
const lasting = (number: number): JsonObject => ({ ...unsigned({ number }), validFrom: '2026-01-01T00:00:00Z', validUntil: '2126-01-01T00:00:00Z' });

describe('proofmark verify', () => {
  let trusted: readonly string[] = [];
  let badge = '';
  beforeAll(async () => {
    const lists = [saved('revocation.json', await statusList('revocation', [13])), saved('suspension.json', await statusList('suspension', [12]))];
    trusted = ['--issuer', saved('did.json', JSON.stringify(issuer.document)), '--status', ...lists];
    badge = JSON.stringify(await signed(lasting(1)));
  });

  it.each(['json', 'jwt', 'png', 'svg'])('says of a badge in %s that it is valid, offline', async (form) => {
    const content: Readonly<Record<string, string | Uint8Array>> = { json: badge, jwt: await token(lasting(1)), png: inPng(badge), svg: inSvg(badge) };
    const { code, stdout, stderr } = await proofmark('verify', saved(`badge.${form}`, content[form] ?? ''), ...trusted);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^valid: This badge is genuine and holds\.\n {2}Practitioner of event sourcing\n {2}by Seoul School of Data \(did:web:/);
    expect(stdout).toContain('✓ revocation ');
  });

  it.each<readonly [string, number, () => Promise<string>]>([
    ['invalid', 10, async () => badge.replace('Practitioner', 'Doctor')],
    ['expired', 11, async () => JSON.stringify(await signed({ ...lasting(1), validUntil: '2026-01-02T00:00:00Z' }))],
    ['suspended', 12, async () => JSON.stringify(await signed(lasting(12)))],
    ['revoked', 13, async () => JSON.stringify(await signed(lasting(13)))],
    ['cannot-be-told', 14, async () => JSON.stringify(await signed({ ...lasting(1), issuer: 'https://unknown.example/' }))],
    ['unsupported', 15, async () => '{"hello":"world"}'],
  ])('ends with a code of its own for %s', async (verdict, exit, content) => {
    const { code, stdout } = await proofmark('verify', saved(`${verdict}.json`, await content()), ...trusted, '--json');
    expect([code, (JSON.parse(stdout) as Report).verdict]).toEqual([exit, verdict]);
  });

  it('says what is wrong with the command line', async () => {
    expect((await proofmark('verify', join(dir, 'missing.json'))).code).toBe(5);
    expect((await proofmark('verify', 'https://badges.school.example/credentials/x')).stderr).toContain('--online');
    expect(await proofmark('verify', '0000-0000-0000-0000')).toMatchObject({ code: 2 });
    expect(await proofmark('verify', saved('ok.json', badge), '--issuer', saved('no.json', '{}'))).toMatchObject({ code: 2 });
    expect((await proofmark('verify', saved('large.json', Buffer.alloc(5_000_000)))).stdout).toContain('✗ input      It is larger');
  });

  it('says of a hosted badge that was taken away that it is revoked, and why', async () => {
    const server = createServer((request, response) => {
      const revoked = { '@context': 'https://w3id.org/openbadges/v2', type: 'Assertion', id: `http://${request.headers.host ?? ''}/assertions/1`, revoked: true, revocationReason: 'A slip of the pen.' };
      response.writeHead(410, { 'content-type': 'application/ld+json' }).end(JSON.stringify(revoked));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { code, stdout } = await proofmark('verify', `http://127.0.0.1:${(server.address() as AddressInfo).port}/assertions/1`, '--online', '--loopback');
      expect([code, stdout]).toEqual([13, expect.stringContaining('✗ revocation The issuer has revoked it. [A slip of the pen.]')]);
    } finally {
      server.close();
    }
  });

  it('asks an engine on this machine when it may, and nobody when it may not', async () => {
    let asked = 0;
    let host = '';
    const documents = (): Readonly<Record<string, unknown>> => ({
      '/badge': JSON.parse(badge) as unknown,
      '/issuers/seoul/did.json': JSON.parse(JSON.stringify(issuer.document).replaceAll(issuer.did, `did:web:${host}:issuers:seoul`)) as unknown,
    });
    const server = createServer((request, response) => {
      asked++;
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(documents()[request.url ?? '']));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    host = `127.0.0.1%3A${port}`;
    const did = `did:web:${host}:issuers:seoul`;
    const { credentialStatus: _, ...plain } = lasting(1);
    const file = saved('own.json', JSON.stringify(await signed({ ...plain, issuer: did }, { ...issuer, did, method: `${did}#k1` })));
    try {
      expect((await proofmark('verify', file)).code).toBe(14);
      expect((await proofmark('verify', file, '--online')).stdout).toContain('○ key        The issuer’s address is one that must not be asked.');
      expect(asked).toBe(0);
      expect(await proofmark('verify', file, '--online', '--loopback')).toMatchObject({ code: 0 });
      expect(asked).toBe(1);
      expect((await proofmark('verify', `http://127.0.0.1:${port}/badge`, '--online', '--loopback', ...trusted)).code).toBe(0);
    } finally {
      server.close();
    }
  });
});
