import readQr from 'jsqr';
import { PNG } from 'pngjs';
import { bakedInPng } from '#credentials/verify/baked-png.js';
import { bakedInSvg } from '#credentials/verify/baked-svg.js';
import { readPdf } from '../../../test/pdf-text.js';
import { PrivateArtefacts } from './private-artefacts.js';
import { ProblemException } from './problem.js';
import { serverUnderTest, type ServerUnderTest } from './server-under-test.js';

const BASE = 'https://badges.school.example';
const NOBODYS = '0000000000000000';
let server: ServerUnderTest;
let code: string;
let revoked: string;

const graded = (learner: string, n: number) => ({ id: `${learner}-${n}`, source: 'lms', type: 'AssignmentGraded', learner, course: 'C1', activity: `a${n}`, score: 90, max: 100, time: `2026-03-0${n}T09:00:00Z` });
const codeOf = async (learner: string): Promise<string> => (await server.engine.readModels.find('credential', { where: { tenant: 'default', learner } }))[0]?.['code'] as string;
const fetchBytes = async (url: string) => {
  const { statusCode, headers, rawPayload } = await server.app.nest.inject({ method: 'GET', url });
  return { status: statusCode, headers, bytes: rawPayload };
};
const path = (address: unknown): string => String(address).slice(BASE.length);
const scan = (png: Uint8Array): string | undefined => {
  const { data, width, height } = PNG.sync.read(Buffer.from(png));
  const read = typeof readQr === 'function' ? readQr : (readQr as { default: (data: Uint8ClampedArray, width: number, height: number) => { data: string } | null }).default;
  return read(new Uint8ClampedArray(data), width, height)?.data;
};

beforeAll(async () => {
  server = await serverUnderTest({ publicUrl: BASE });
  await server.post('/v1/events', ['ada', 'bob'].flatMap((learner) => [1, 2].map((n) => graded(learner, n))));
  await server.engine.followers.settle();
  [code, revoked] = [await codeOf('ada'), await codeOf('bob')];
  const award = (await server.engine.readModels.find('award', { where: { learner: 'bob' } }))[0]?.['award'] as string;
  await server.post(`/v1/awards/${award}/review`, { decision: 'revoke', reason: 'a test' });
  await server.engine.followers.settle();
}, 120_000);
afterAll(() => server.close());

describe('the picture of a badge at its address', () => {
  it('is there in the sizes that pages ask for', async () => {
    for (const [asked, width] of [['', 512], ['?size=16', 64], ['?size=64', 64], ['?size=65', 128], ['?size=200&lang=ko', 256], ['?size=1024', 1024]] as const) {
      const { status, headers, bytes } = await fetchBytes(`/badges/essays/image.png${asked}`);
      expect([status, headers['content-type'], headers['access-control-allow-origin']]).toEqual([200, 'image/png', '*']);
      expect([asked, PNG.sync.read(bytes).width]).toEqual([asked, width]);
    }
    for (const size of ['15', '1025', '1e3', 'x']) expect((await server.get(`/badges/essays/image.png?size=${size}`)).status).toBe(400);
  });

  it('is one for each language and each badge', async () => {
    const svgs = await Promise.all(['essays/image.svg', 'essays/image.svg?lang=ko', 'present/image.svg'].map(async (one) => (await server.get(`/badges/${one}`)).text));
    expect(new Set(svgs).size).toBe(3);
    const pngs = await Promise.all(['essays/image.png', 'essays/image.png?lang=ko', 'present/image.png'].map(async (one) => (await fetchBytes(`/badges/${one}`)).bytes.toString('base64')));
    expect(new Set(pngs).size).toBe(3);
  });

  it('is not there for a badge that is not', async () => {
    for (const name of ['nothing', '__proto__', 'constructor', '..%2Fetc']) for (const type of ['png', 'svg']) expect([name, (await server.get(`/badges/${name}/image.${type}`)).status]).toEqual([name, 404]);
  });
});

describe('a baked badge at its address', () => {
  it('carries the credential that stands beside it, as JSON or as a token', async () => {
    const document = (await server.get(`/credentials/${code}/en`)).text;
    const png = await fetchBytes(`/credentials/${code}/en/badge.png`);
    expect(png.headers).toMatchObject({ 'content-type': 'image/png', 'content-disposition': 'inline; filename="essays.png"', 'access-control-allow-origin': '*' });
    expect(bakedInPng(png.bytes)).toEqual({ text: document });
    expect(PNG.sync.read(png.bytes).width).toBe(1024);
    expect(bakedInSvg((await server.get(`/credentials/${code}/en/badge.svg`)).text)).toEqual({ text: document });
    for (const baked of [bakedInPng((await fetchBytes(`/credentials/${code}/ko/badge.png?format=jwt`)).bytes), bakedInSvg((await server.get(`/credentials/${code}/ko/badge.svg?format=jwt`)).text)]) {
      expect(baked).toEqual({ text: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/) as string });
    }
  });

  it('is not there for another code, language or format', async () => {
    for (const one of [`${NOBODYS}/en/badge.png`, `x/en/badge.svg`, `${code}/fr/badge.png`, `${code}/__proto__/badge.svg`, `${code}/fr/certificate.pdf`, `${NOBODYS}/en/certificate.png`, `${code}/en/certificate.gif`]) {
      expect([one, (await server.get(`/credentials/${one}`)).status]).toEqual([one, 404]);
    }
    expect((await server.get(`/credentials/${code}/en/badge.png?format=xml`)).status).toBe(400);
    expect((await server.get(`/credentials/${code}/en/certificate.pdf?template=__proto__`)).status).toBe(400);
  });
});

describe('a certificate at its address', () => {
  it('names nobody, and leads to the page of the badge', async () => {
    const { status, headers, bytes } = await fetchBytes(`/credentials/${code}/ko/certificate.pdf?template=modern`);
    expect([status, headers['content-type'], headers['content-disposition']]).toEqual([200, 'application/pdf', 'inline; filename="essays-certificate.pdf"']);
    const { pages, links, language } = await readPdf(bytes);
    expect([pages.length, language, links]).toEqual([1, 'ko', [`${BASE}/v/${code}`]]);
    expect(pages[0]).toContain('에세이');
    expect(pages[0]).not.toMatch(/\bada\b/);
    const png = await fetchBytes(`/credentials/${code}/ko/certificate.png?template=modern`);
    expect(png.headers['content-type']).toBe('image/png');
    expect(scan(png.bytes)).toBe(`${BASE}/v/${code}?via=qr`);
  });
});

describe('a certificate with a name', () => {
  const ask = (more: Record<string, unknown> = {}) => server.post('/v1/certificates', { code, recipient: 'Ada <b>Lovelace</b>', ...more });
  const alter = (address: string, name: string, change: (value: string) => string): string => {
    const url = new URL(address);
    url.searchParams.set(name, change(url.searchParams.get(name) ?? ''));
    return path(url.href);
  };

  it('is behind addresses that are signed', async () => {
    const { status, body } = await ask({ language: 'en', template: 'classic' });
    expect(status).toBe(201);
    const pdf = await fetchBytes(path(body['pdf']));
    expect(pdf).toMatchObject({ status: 200, headers: { 'content-type': 'application/pdf', 'cache-control': 'no-store', 'content-disposition': 'attachment; filename="certificate.pdf"' } });
    expect((await readPdf(pdf.bytes)).pages.join().replace(/\s/g, '')).toContain('Ada<b>Lovelace</b>');
    expect(await fetchBytes(path(body['png']))).toMatchObject({ status: 200, headers: { 'content-type': 'image/png' } });
    for (const file of ['certificate.pdf', 'certificate.png']) expect((await fetchBytes(`/credentials/${code}/en/${file}?template=classic`)).bytes.equals(pdf.bytes)).toBe(false);
  });

  it('answers every address that is not one of them alike', async () => {
    const { body } = await ask();
    const address = String(body['pdf']);
    const [, id = ''] = /artefacts\/([^/]+)\//.exec(address) ?? [];
    const other = `${id.slice(0, -1)}${id.endsWith('0') ? '1' : '0'}`;
    const wrong = [
      path(address.replace(id, other)), path(address.replace('certificate.pdf', 'certificate.png')), path(address.replace('certificate.pdf', 'constructor')), path(address.replace('certificate.pdf', 'other.pdf')),
      alter(address, 'until', (until) => String(Number(until) + 1)), alter(address, 'until', () => '99999999999999'), alter(address, 'until', () => 'never'),
      alter(address, 'signature', (signature) => (signature.startsWith('A') ? 'B' : 'A') + signature.slice(1)), alter(address, 'signature', (signature) => signature.slice(0, -4)), alter(address, 'signature', () => '*'),
    ];
    const answers = await Promise.all(wrong.map((one) => server.get(one)));
    expect(answers.map(({ status }) => status)).toEqual(wrong.map(() => 403));
    expect(new Set(answers.map(({ body: { detail } }) => detail)).size).toBe(1);
    expect((await fetchBytes(path(address))).status).toBe(200);
    expect((await server.get(path(address).replace(/\?.*/, ''))).status).toBe(400);
  });

  it('is made of badges that count, and of nothing else', async () => {
    expect(await ask({ code: NOBODYS })).toMatchObject({ status: 404 });
    expect(await ask({ code: revoked })).toMatchObject({ status: 409 });
    for (const bad of [{ recipient: '' }, { recipient: 'x'.repeat(201) }, { language: 'fr' }, { template: 'x' }, { art: '<svg/>' }]) expect(await ask(bad)).toMatchObject({ status: 400 });
  });

  it('leaves no trace of the name in the log', async () => {
    await ask({ recipient: 'Grace Hopper' });
    for (const { json } of await server.engine.store.readAll({ after: 0, limit: 10_000 })) expect(json).not.toMatch(/Hopper|Lovelace/);
  });
});

describe('private files', () => {
  const NOW = Date.UTC(2026, 2, 9);
  const file = (size: number) => ({ 'a.pdf': { bytes: new Uint8Array(size), mediaType: 'application/pdf' } });
  const parts = (address: string | undefined): readonly [string, string, string, string] => {
    const { pathname, searchParams } = new URL(String(address));
    const [, , id = '', name = ''] = pathname.split('/');
    return [id, name, searchParams.get('until') ?? '', searchParams.get('signature') ?? ''];
  };
  const refusal = async (given: Promise<unknown>): Promise<unknown> => given.then(() => undefined, (error: unknown) => (error instanceof ProblemException ? error.problem.type : error));

  it('are there for five minutes and not a moment longer', async () => {
    const kept = new PrivateArtefacts(server.engine);
    const { until, addresses } = await kept.keep(file(10), NOW);
    expect(until - NOW).toBeLessThanOrEqual(300_000);
    const link = parts(addresses['a.pdf']);
    expect(await kept.get(...link, until - 1)).toMatchObject({ mediaType: 'application/pdf' });
    expect(await refusal(kept.get(...link, until))).toBe('urn:proofmark:problem:link-not-good');
    expect(await refusal(kept.get(...link, until - 1))).toBe('urn:proofmark:problem:link-not-good');
  });

  it('take up bounded memory, and make room when their time is over', async () => {
    const kept = new PrivateArtefacts(server.engine);
    await kept.keep(file(150_000_000), NOW);
    expect(await refusal(kept.keep(file(100_000_000), NOW))).toBe('urn:proofmark:problem:busy');
    const later = await kept.keep(file(100_000_000), NOW + 300_000);
    expect(await kept.get(...parts(later.addresses['a.pdf']), NOW + 300_001)).toBeDefined();
  });

  it('of one server are not those of another', async () => {
    const [one, other] = [new PrivateArtefacts(server.engine), new PrivateArtefacts(server.engine)];
    const link = parts((await one.keep(file(10), NOW)).addresses['a.pdf']);
    expect(await refusal(other.get(...link, NOW))).toBe('urn:proofmark:problem:link-not-good');
  });
});
