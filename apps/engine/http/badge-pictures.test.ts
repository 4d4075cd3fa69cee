import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { variantPlaces } from '#credentials/badge-art/variant.js';
import { renderPng } from '#credentials/raster.js';
import { parseRule } from '#rules/parse.js';
import { ArtworkFiles } from '../artwork-files.js';
import { badgePicture } from '../batches/badge-picture.js';
import { serverUnderTest, type ServerUnderTest } from './server-under-test.js';

const filled = (colour: string, more = ''): string => `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="64" height="64" fill="${colour}"/>${more}</svg>`;
const rule = (badge: string, image: string | undefined): string => `
badge: ${badge}
name: { en: ${badge} }
criteria-text: { en: One session }
course: C1
decides: as-soon-as-met
when-corrected: review
${image === undefined ? '' : `image: ${image}`}
criteria:
  count: { of: attendance, at-least: 1 }
`;
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
    writeFileSync(join(dir, 'photo.png'), renderPng(filled('#00ff00'), { width: 64 }));
    utimesSync(join(dir, 'photo.png'), 1, 1);
    expect(colourOf(await pngAt('/badges/photo/image.png'))).toBe('00ff00ff');
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
      expect((await server.get(`/badges/${one.badge}/image.svg`)).text).toBe(await badgePicture(one, 'en', { place: places.get(one.badge) }));
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
    expect(await new ArtworkFiles([dir]).find(name)).toMatchObject({ refused: expect.stringContaining(reason) as string });
  });

  it('are looked for in each directory of rules, and never fetched', async () => {
    expect(await new ArtworkFiles([join(top, 'none'), join(dir, 'images'), dir]).find('images/own.svg')).toMatchObject({ png: expect.any(Uint8Array) as Uint8Array });
    expect(await new ArtworkFiles([dir]).find('https://evil.example/x.svg')).toBeUndefined();
  });
});
