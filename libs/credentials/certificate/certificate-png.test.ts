import readQr from 'jsqr';
import { PNG } from 'pngjs';
import { itWith, runOn } from '../../../test/programs.js';
import { LANGUAGES, TEMPLATES } from './certificate.js';
import { certificateUnderTest } from './certificate-under-test.js';
import { renderCertificate } from './render-certificate.js';

const EACH = TEMPLATES.flatMap((template) => LANGUAGES.map((language) => [template, language] as const));
const LONG_ADDRESS = 'https://credentials.professional-education.hanbit-academy.example:8443/badges/v/7K3M9QTX2HBW5RZC?via=qr';
const scan = (png: Uint8Array): string | undefined => {
  const { data, width, height } = PNG.sync.read(Buffer.from(png));
  // The package is CommonJS: what TypeScript sees as its default is one deeper.
  const read = typeof readQr === 'function' ? readQr : (readQr as { default: (data: Uint8ClampedArray, width: number, height: number) => { data: string } | null }).default;
  return read(new Uint8ClampedArray(data), width, height)?.data;
};

describe.each(EACH)('a certificate as PNG, %s in %s', (template, language) => {
  const certificate = certificateUnderTest(language, { template });
  let png: Uint8Array;
  beforeAll(async () => { png = await renderCertificate(certificate, 'png'); });

  it('is A4 in 150 dpi, on its feet or on its side', () => {
    const { width, height } = PNG.sync.read(Buffer.from(png));
    expect([width, height]).toEqual(template === 'modern' ? [1240, 1754] : [1754, 1240]);
  });

  it('has a QR code that leads to where it can be verified', () => expect(scan(png)).toBe(certificate.scanUrl));

  itWith('zbarimg', 'has a QR code that zbarimg reads as well', () =>
    expect(runOn('zbarimg', ['-q', '--raw'], 'certificate.png', png).output.trim()).toBe(certificate.scanUrl));

  itWith('pngcheck', 'is sound, says pngcheck', () => expect(runOn('pngcheck', [], 'certificate.png', png)).toMatchObject({ status: 0 }));

});

it('a certificate as PNG has a QR code that can be read where the address is long', async () =>
  expect(scan(await renderCertificate({ ...certificateUnderTest('en', {}), scanUrl: LONG_ADDRESS }, 'png'))).toBe(LONG_ADDRESS));

it('a certificate as PNG has the same bytes each time, and others for another name', async () => {
  const [one, again, other] = await Promise.all([{}, {}, { recipient: 'Ada' }].map((parts) => renderCertificate(certificateUnderTest('en', parts), 'png')));
  expect(Buffer.compare(one as Uint8Array, again as Uint8Array)).toBe(0);
  expect(Buffer.compare(one as Uint8Array, other as Uint8Array)).not.toBe(0);
});

it.each(TEMPLATES)('a long address can be read from the QR code of a certificate as well, %s', async (template) => {
  expect(scan(await renderCertificate(certificateUnderTest('en', { template, scanUrl: LONG_ADDRESS }), 'png'))).toBe(LONG_ADDRESS);
});

describe('pictures on a certificate', () => {
  const nothing = 'not a picture';
  const reaching = (inner: string): string => `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="8" height="8"><rect width="8" height="8" fill="red"/>${inner}</svg>`;

  it.each([
    ['a file', reaching('<image href="/etc/hostname" width="8" height="8"/>')],
    ['a file, the old way', reaching('<image xlink:href="file:///etc/hostname" width="8" height="8"/>')],
    ['another server', reaching('<image href="https://evil.example/x.png" width="8" height="8"/>')],
    ['a style sheet', reaching('<style>@import "https://evil.example/x.css";</style>')],
    ['a paint elsewhere', reaching('<rect width="8" height="8" fill="url(https://evil.example/x.svg#a)"/>')],
    ['entities', `<!DOCTYPE svg [<!ENTITY a "b">]>${reaching('')}`],
  ])('that name %s leave their place empty', async (what, art) => {
    // Both draw from the same flat form; drawing pixels takes long.
    for (const format of what === 'another server' ? (['pdf', 'png'] as const) : (['pdf'] as const)) {
      const [drawn, empty] = await Promise.all([art, nothing].map((one) => renderCertificate(certificateUnderTest('en', { art: one }), format)));
      expect(Buffer.compare(drawn as Uint8Array, empty as Uint8Array)).toBe(0);
    }
  });

  it('are drawn where they name nothing else', async () => {
    const [drawn, empty] = await Promise.all([reaching(''), nothing].map((art) => renderCertificate(certificateUnderTest('en', { art }), 'pdf')));
    expect(Buffer.compare(drawn as Uint8Array, empty as Uint8Array)).not.toBe(0);
  });

  it.each([['no PNG', Buffer.from('<svg onload="alert(1)"/>')], ['half a PNG', Buffer.from('89504e470d0a1a0a0000000d49484452000000400000004008060000', 'hex')], ['nothing', Buffer.alloc(0)]])('logos that are %s are left out', async (_what, logo) => {
    const [drawn, without] = [await renderCertificate(certificateUnderTest('en', { logo }), 'pdf'), await renderCertificate(certificateUnderTest('en'), 'pdf')];
    expect(Buffer.compare(drawn, without)).toBe(0);
  });
});
