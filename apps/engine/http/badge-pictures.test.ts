import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { variantPlaces } from '#credentials/badge-art/variant.js';
import { renderPng } from '#credentials/raster.js';
import { TEMPLATES, type Template } from '#credentials/certificate/certificate.js';
import { guardedFetch, type GuardedFetch } from '#credentials/verify/guarded-fetch.js';
import { zipEntries } from '../../../test/zip-entries.js';
import { BatchDesk, type BatchView } from '../batches/desk.js';
import { ARTWORK_FETCH, ArtworkFiles } from '../artwork-files.js';
import { parseRule } from '#rules/parse.js';
import { badgePicture } from '../batches/badge-picture.js';
import { serverUnderTest, type ServerUnderTest } from './server-under-test.js';

const filled = (colour: string, more = ''): string => `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="64" height="64" fill="${colour}"/>${more}</svg>`;
const rule = (badge: string, image: string | undefined, more = 'course: C1', criteria = 'count: { of: attendance, at-least: 1 }'): string => `
badge: ${badge}
name: { en: ${badge} }
criteria-text: { en: One session }
${more}
decides: as-soon-as-met
when-corrected: review
${image === undefined ? '' : `image: ${image}`}
criteria:
  ${criteria}
`;
const ISSUER = 'issuer: school\nname: { en: School }\nimage: images/logo.svg\n';
const WIDE = '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="100"><rect width="400" height="100" fill="#ff00ff"/></svg>';
const IMAGES = { own: 'images/own.svg', photo: 'photo.png', harmful: 'images/harmful.svg', missing: 'images/none.svg', elsewhere: 'https://evil.example/x.svg', linked: 'images/linked.svg', plain: undefined } as const;

let top: string;
let dir: string;
let server: ServerUnderTest;
beforeAll(async () => {
  top = mkdtempSync(join(tmpdir(), 'proofmark-artwork-'));
  dir = join(top, 'rules');
  mkdirSync(join(dir, 'images'), { recursive: true });
  for (const [badge, image] of Object.entries(IMAGES)) writeFileSync(join(dir, `${badge}.yaml`), rule(badge, image));
  writeFileSync(join(dir, 'images', 'own.svg'), filled('#00ff00'));
  for (const badge of ['own', 'elsewhere']) writeFileSync(join(dir, `given-${badge}.yaml`), rule(`given-${badge}`, IMAGES[badge as 'own'], 'issuer: school', 'approval: { by: 1 }'));
  writeFileSync(join(dir, 'school.issuer.yaml'), ISSUER);
  writeFileSync(join(dir, 'images', 'logo.svg'), WIDE);
  writeFileSync(join(dir, 'photo.png'), renderPng(filled('#0000ff'), { width: 64 }));
  writeFileSync(join(dir, 'images', 'harmful.svg'), filled('#ff0000', '<script>alert(1)</script>'));
  writeFileSync(join(top, 'secret.svg'), filled('#ff0000'));
  symlinkSync(join(top, 'secret.svg'), join(dir, 'images', 'linked.svg'));
  server = await serverUnderTest({ rulesDirs: [dir] });
  await server.post('/v1/events', [{ id: '1', source: 'lms', type: 'AttendanceMarked', learner: 'ada', course: 'C1', activity: 's', status: 'present', time: '2026-03-01T09:00:00Z' }]);
  await server.engine.followers.settle();
}, 120_000);
afterAll(async () => {
  await server.close();
  rmSync(top, { recursive: true, force: true });
});

const colourOf = (png: Uint8Array): string => {
  const { data, width, height } = PNG.sync.read(Buffer.from(png));
  const at = ((height / 2) * width + width / 2) * 4;
  return data.toString('hex', at, at + 4);
};
const pngAt = async (path: string): Promise<Buffer> => (await server.app.nest.inject({ method: 'GET', url: path })).rawPayload;

describe('the picture of a badge whose rule names one', () => {
  it('is that one, in each size and form', async () => {
    for (const size of [64, 256, 1024]) expect(colourOf(await pngAt(`/badges/own/image.png?size=${size}`))).toBe('00ff00ff');
    expect(colourOf(await pngAt('/badges/photo/image.png'))).toBe('0000ffff');
    const { text } = await server.get('/badges/own/image.svg');
    expect(text).toMatch(/^<svg [^>]*><title>own<\/title><image width="1024" height="1024" href="data:image\/png;base64,[\w+/=]+"\/><\/svg>\n$/);
  });

  it('is the one into which the credential is baked', async () => {
    const code = (await server.engine.readModels.find('credential', { where: { badge: 'own' } }))[0]?.['code'] as string;
    expect(colourOf(await pngAt(`/credentials/${code}/en/badge.png`))).toBe('00ff00ff');
    expect((await server.get(`/credentials/${code}/en/badge.svg`)).text).toContain('href="data:image/png;base64,');
  });

  it('is made where the file cannot be used, is not there, lies elsewhere or on the web', async () => {
    for (const badge of ['harmful', 'missing', 'elsewhere', 'linked', 'plain']) {
      const { status, text } = await server.get(`/badges/${badge}/image.svg`);
      expect([badge, status, text.includes('<image'), text.includes('<path')]).toEqual([badge, 200, false, true]);
      expect(colourOf(await pngAt(`/badges/${badge}/image.png`))).not.toBe('ff0000ff');
    }
  });

  it('changes with its file', async () => {
    expect(colourOf(await pngAt('/badges/photo/image.png'))).toBe('0000ffff');
    for (const badge of ['own', 'elsewhere']) writeFileSync(join(dir, `given-${badge}.yaml`), rule(`given-${badge}`, IMAGES[badge as 'own'], 'issuer: school', 'approval: { by: 1 }'));
  writeFileSync(join(dir, 'school.issuer.yaml'), ISSUER);
  writeFileSync(join(dir, 'images', 'logo.svg'), WIDE);
  writeFileSync(join(dir, 'photo.png'), renderPng(filled('#00ff00'), { width: 64 }));
    utimesSync(join(dir, 'photo.png'), 1, 1);
    expect(colourOf(await pngAt('/badges/photo/image.png'))).toBe('00ff00ff');
  });
});

/** How many pixels of a certificate have a colour, and how wide and high the place is in which they are. */
const placeOf = (png: Uint8Array, colour: string): { readonly pixels: number; readonly width: number; readonly height: number } => {
  const { data, width } = PNG.sync.read(Buffer.from(png));
  const wanted = Buffer.from(`${colour}ff`, 'hex').readUInt32BE();
  let [pixels, left, right, top, bottom] = [0, Infinity, -1, Infinity, -1];
  for (let at = 0; at < data.length; at += 4) {
    if (data.readUInt32BE(at) !== wanted) continue;
    const [x, y] = [(at / 4) % width, Math.floor(at / 4 / width)];
    [pixels, left, right, top, bottom] = [pixels + 1, Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
  }
  return { pixels, width: right - left + 1, height: bottom - top + 1 };
};
/** The badge is a square of its colour, the logo four times as wide as high. */
const expectPictures = (png: Uint8Array, what: unknown): void => {
  const [badge, logo] = [placeOf(png, '00ff00'), placeOf(png, 'ff00ff')];
  expect([what, badge.pixels > 10_000, Math.round((10 * badge.width) / badge.height)]).toEqual([what, true, 10]);
  expect([what, logo.pixels > 3_000, Math.round(logo.width / logo.height)]).toEqual([what, true, 4]);
};

describe('certificates', () => {
  let desk: BatchDesk;
  beforeAll(() => {
    desk = new BatchDesk(server.engine, Date.now, (line) => {
      throw new Error(line);
    });
  });
  afterAll(() => desk.close());

  const issued = async (badge: string, template: Template): Promise<{ readonly view: BatchView; readonly pngs: readonly Buffer[]; readonly codes: readonly string[] }> => {
    const { id, confirm = '' } = await desk.receive(badge, Readable.from([Buffer.from('id,name\nada,Ada\n')]));
    await desk.issue(id, confirm, { by: 'hr', template });
    for (let view = await desk.get(id); ; view = await desk.get(id)) {
      if (view.state === 'done') {
        const entries = zipEntries(Buffer.concat(await (await desk.archive(id)).stream.toArray() as Buffer[]));
        await desk.remove(id);
        const codes = [...entries.keys()].flatMap((path) => /^certificates\/(.{16})\.png$/.exec(path)?.[1] ?? []);
        return { view, codes, pngs: codes.map((code) => entries.get(`certificates/${code}.png`) ?? Buffer.alloc(0)) };
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  };

  it.each(TEMPLATES)('of a batch and of one badge have the picture of the badge and the logo of the issuer (%s)', async (template) => {
    const { view, pngs, codes } = await issued('given-own', template);
    expect(view).toMatchObject({ result: { awarded: 1, unused: [] } });
    expectPictures(pngs[0] ?? Buffer.alloc(0), `batch ${template}`);
    expectPictures(await pngAt(`/credentials/${String(codes[0])}/en/certificate.png?template=${template}`), `one ${template}`);
  });

  it('say which picture is not on them, and why', async () => {
    const { view, pngs } = await issued('given-elsewhere', 'classic');
    expect(view).toMatchObject({ result: { awarded: 1, unused: [expect.stringMatching(/^the badge's picture https:\/\/evil\.example\/x\.svg: it is on the web, which is not asked; .*PROOFMARK_VERIFY=online$/) as string] } });
    expect(placeOf(pngs[0] ?? Buffer.alloc(0), 'ff00ff').pixels).toBeGreaterThan(3_000);
  });

  it('are drawn anew when the logo or the name of the issuer changes', async () => {
    const { codes: [code] } = await issued('given-own', 'classic');
    const drawn = () => pngAt(`/credentials/${String(code)}/en/certificate.png`);
    const [before, same] = [await drawn(), await drawn()];
    expect(same.equals(before)).toBe(true);
    writeFileSync(join(dir, 'images', 'logo.svg'), WIDE.replace('#ff00ff', '#00ffff'));
    utimesSync(join(dir, 'images', 'logo.svg'), 1, 1);
    const recoloured = await drawn();
    expect([placeOf(recoloured, 'ff00ff').pixels, placeOf(recoloured, '00ffff').pixels > 3_000]).toEqual([0, true]);
    await server.engine.followers.issuer({ act: 'publish', tenant: 'default', issuer: 'school', profile: { name: { en: 'Academy of Another Name' }, image: 'images/logo.svg' } });
    expect((await drawn()).equals(recoloured)).toBe(false);
  });
});

describe('pictures on the web', () => {
  const reds = filled('#ff0000');
  let web: Server;
  let base: string;
  let asked: string[] = [];
  let answer: (path: string) => readonly [type: string, body: string | Buffer] | undefined;
  beforeAll(async () => {
    web = createServer((request, response) => {
      const path = request.url ?? '';
      asked.push(path);
      const found = answer(path);
      response.writeHead(found ? 200 : 404, { 'content-type': found?.[0] ?? 'text/plain' }).end(found?.[1]);
    }).listen(0, '127.0.0.1');
    await once(web, 'listening');
    base = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
  });
  afterAll(() => web.close());
  beforeEach(() => {
    asked = [];
    rmSync(join(top, 'fetched'), { recursive: true, force: true });
  });
  const places = (fetch?: GuardedFetch) => ({ rulesDirs: [dir], fetchedDir: join(top, 'fetched'), ...(fetch && { fetch }) });

  it('are fetched when they are published, at no other time, and kept', async () => {
    answer = (path) => (path === '/red.svg' ? ['image/svg+xml', reds] : undefined);
    const artwork = new ArtworkFiles(places(guardedFetch({ ...ARTWORK_FETCH, allowLoopback: true })));
    expect(await artwork.find(`${base}/red.svg`)).toMatchObject({ refused: 'it could not be fetched when it was published' });
    expect(asked).toEqual([]);
    expect(await artwork.fetch([`${base}/red.svg`, `${base}/red.svg`, 'images/own.svg'])).toEqual([]);
    expect(asked).toEqual(['/red.svg']);
    const found = await artwork.find(`${base}/red.svg`);
    expect('png' in found && colourOf(found.png)).toBe('ff0000ff');
    const later = new ArtworkFiles(places()); // another start, which asks nobody
    expect(await later.find(`${base}/red.svg`)).toMatchObject({ png: expect.any(Uint8Array) as Uint8Array });
    answer = () => undefined;
    expect(await artwork.fetch([`${base}/red.svg`])).toEqual([`the picture ${base}/red.svg is used as it was fetched before: the answer was 404`]);
    expect(await artwork.find(`${base}/red.svg`)).toMatchObject({ png: expect.any(Uint8Array) as Uint8Array });
    expect(asked).toEqual(['/red.svg', '/red.svg']);
  });

  it.each([
    ['that are not there', undefined, 'the answer was 404'],
    ['that are pages', ['text/html', '<svg/>'], 'the answer is text/html'],
    ['that are too long', ['image/png', Buffer.alloc(2_000_001)], 'the answer is longer than 2000000 bytes'],
    ['that do harm', ['image/svg+xml', filled('#ff0000', '<script>alert(1)</script>')], 'it has a script'],
  ] as const)('are not used, and it is said so, %s', async (_what, given, reason) => {
    answer = () => given;
    const artwork = new ArtworkFiles(places(guardedFetch({ ...ARTWORK_FETCH, allowLoopback: true })));
    expect(await artwork.fetch([`${base}/x`])).toEqual([`the picture ${base}/x is not used: ${reason}`]);
    expect(await artwork.find(`${base}/x`)).toMatchObject({ refused: expect.any(String) as string });
  });

  it('are not asked for where the engine is not online, nor inside the network', async () => {
    expect(server.engine.publication()?.pictures).toEqual(['the picture https://evil.example/x.svg is not used: it is on the web, which is not asked; put the file beside the rules, or set PROOFMARK_VERIFY=online']);
    const warned = await server.post('/v1/rules', { source: rule('other-web', 'https://evil.example/y.svg') });
    expect(warned).toMatchObject({ status: 201, body: { warnings: [{ file: 'source', message: expect.stringContaining('y.svg is not used') as string }] } });
    answer = () => ['image/svg+xml', reds];
    expect(await new ArtworkFiles(places(guardedFetch(ARTWORK_FETCH))).fetch([`${base}/red.svg`])).toEqual([`the picture ${base}/red.svg is not used: only https is asked`]);
    expect(asked).toEqual([]);
  });
});

describe('the pictures of badges whose rules name none', () => {
  it('give way to those that were published before, and are the same where a later version asks', async () => {
    const firsts = Object.keys(IMAGES).sort().map((badge) => {
      const parsed = parseRule(rule(badge, undefined), 'rule.yaml');
      if (!parsed.ok) throw new Error(badge);
      return parsed.rule;
    });
    const places = variantPlaces(firsts);
    for (const one of firsts.filter(({ badge }) => ['harmful', 'missing', 'plain'].includes(badge))) {
      expect((await server.get(`/badges/${one.badge}/image.svg`)).text).toBe(await badgePicture(one, 'en', { place: places.get(one.badge), artwork: undefined }));
    }
    // Left to themselves these three would be drawn in the same way.
    expect(new Set(['harmful', 'missing', 'plain'].map((badge) => variantPlaces(firsts.filter((one) => one.badge === badge)).get(badge))).size).toBe(1);
    const before = (await server.get('/badges/missing/image.svg')).text;
    for (const source of [rule('missing', undefined).replace('One session', 'At least one session'), rule('aaa', undefined)]) expect((await server.post('/v1/rules', { source })).status).toBe(201);
    await server.engine.followers.settle();
    expect((await server.get('/badges/missing/image.svg')).text).toBe(before);
  });
});

describe('files of artwork', () => {
  it.each([
    ['above the rules', '../secret.svg', 'not below'],
    ['above the rules, by a way around', 'images/../../secret.svg', 'not below'],
    ['behind a link', 'images/linked.svg', 'not below'],
    ['that is a directory', 'images', 'no file'],
    ['that is not there', 'images/none.svg', 'no such file'],
    ['whose name is too long', 'x'.repeat(5_000), 'no such file'],
    ['that does harm', 'images/harmful.svg', 'script'],
  ])('are refused %s', async (_what, name, reason) => {
    expect(await new ArtworkFiles({ rulesDirs: [dir], fetchedDir: top }).find(name)).toMatchObject({ refused: expect.stringContaining(reason) as string });
  });

  it('are looked for in each directory of rules', async () => {
    expect(await new ArtworkFiles({ rulesDirs: [join(top, 'none'), join(dir, 'images'), dir], fetchedDir: top }).find('images/own.svg')).toMatchObject({ png: expect.any(Uint8Array) as Uint8Array });
  });
});
