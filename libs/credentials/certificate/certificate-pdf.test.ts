import { readPdf } from '../../../test/pdf-text.js';
import { itWith, runOn } from '../../../test/programs.js';
import { LANGUAGES, TEMPLATES, type Certificate, type Language, type Template } from './certificate.js';
import { certificateUnderTest } from './certificate-under-test.js';
import { renderCertificate } from './render-certificate.js';

const EACH = TEMPLATES.flatMap((template) => LANGUAGES.map((language) => [template, language] as const));
const DAYS = { en: ['17 November 2026', '16 November 2028'], ko: ['2026년 11월 17일', '2028년 11월 16일까지'] } as const;
const CODE = '7K3M-9QTX-2HBW-5RZC';

const pdfOf = (template: Template, language: Language, more: Partial<Certificate> = {}): Promise<Uint8Array> => renderCertificate(certificateUnderTest(language, { ...more, template }), 'pdf');
/** Lines are broken where there is room, so blanks do not count. */
const dense = (text: string): string => text.replace(/\s/gu, '');
const latin = (pdf: Uint8Array): string => Buffer.from(pdf).toString('latin1');
/** The file's own words: without the contents of its streams and strings, in which anything may stand. */
const structure = (pdf: Uint8Array): string =>
  latin(pdf).replace(/\bstream\r?\n[\s\S]*?\r?\nendstream/g, '').replace(/\((?:\\[\s\S]|[^\\()])*\)/g, '()').replace(/<[0-9A-Fa-f\s]*>/g, '<>');
const DANGEROUS = /\/(?:JS|JavaScript|OpenAction|AA|Launch|EmbeddedFile|SubmitForm|ImportData|GoToR|RichMedia)\b/;
const FONT = /<<(?:(?!>>\s*endobj)[\s\S])*\/Type \/Font\b(?:(?!endobj)[\s\S])*>>\s*endobj/g;

describe.each(EACH)('a certificate as PDF, %s in %s', (template, language) => {
  const certificate = certificateUnderTest(language);
  let pdf: Uint8Array;
  beforeAll(async () => { pdf = await pdfOf(template, language); });

  it('is one page that says in text whose it is, for what, since when, and where it can be verified', async () => {
    const { pages, links } = await readPdf(pdf);
    expect(pages).toHaveLength(1);
    const text = dense(pages.join());
    const { recipient = '', badge, level = '', period = '', course = '', competence = '', criteria, issuer, signatory } = certificate;
    for (const said of [recipient, badge, level, period, course, competence, criteria, issuer, signatory?.name ?? '', CODE, 'badges.hanbit.example/v/7K3M9QTX2HBW5RZC', ...DAYS[language]]) expect(text).toContain(dense(said));
    expect(links).toEqual([certificate.verificationUrl]);
  });

  it('states what it is, in which language and from whom', async () => {
    const { info, language: stated } = await readPdf(pdf);
    expect(info).toMatchObject({ Author: certificate.issuer, Creator: 'Proofmark', Producer: 'Proofmark', CreationDate: 'D:20261117003000Z', Keywords: CODE });
    for (const part of [certificate.badge, certificate.recipient]) expect(info['Title']).toContain(part);
    expect(stated).toBe(language);
  });

  it('has all its fonts with it', () => {
    const fonts = latin(pdf).match(FONT) ?? [];
    const descriptors = latin(pdf).match(/\/Type \/FontDescriptor[\s\S]*?endobj/g) ?? [];
    expect(fonts.length).toBeGreaterThan(1);
    for (const font of fonts) expect(font).toMatch(/\/Subtype \/(?:Type0|CIDFontType2)\b/);
    expect(descriptors.length).toBeGreaterThan(0);
    for (const descriptor of descriptors) expect(descriptor).toMatch(/\/FontFile2 \d+ 0 R/);
  });

  itWith('pdffonts', 'has all its fonts with it, says pdffonts', () => {
    const { status, output } = runOn('pdffonts', [], 'certificate.pdf', pdf);
    const rows = output.trim().split('\n').slice(2);
    expect([status, rows.length > 0]).toEqual([0, true]);
    // Embedded, a subset, with the characters of its glyphs.
    for (const row of rows) expect(row).toMatch(/\byes yes yes\b/);
  });

  itWith('qpdf', 'is sound, says qpdf', () => expect(runOn('qpdf', ['--check'], 'certificate.pdf', pdf)).toMatchObject({ status: 0 }));

  it('runs nothing', async () => {
    expect(latin(pdf)).not.toMatch(DANGEROUS);
    expect(await readPdf(pdf)).toMatchObject({ runs: false });
  });

  it('has the same bytes each time', async () => expect(Buffer.compare(await pdfOf(template, language), pdf)).toBe(0));
});

describe('a certificate as PDF that names nobody', () => {
  it.each(EACH)('says so, %s in %s', async (template, language) => {
    const { recipient: _, ...nameless } = certificateUnderTest(language, { template });
    const holder = { en: 'The holder of this certificate has met every criterion of', ko: '이 증서의 소지자는 아래 배지의 인증 기준을 모두 충족하였습니다.' } as const;
    for (const certificate of [nameless, { ...nameless, recipient: '\u0000\u202e' }, { ...nameless, recipient: '🎉' }]) {
      const { pages: [text = ''], info } = await readPdf(await renderCertificate(certificate, 'pdf'));
      expect(dense(text)).toContain(dense(holder[language]));
      expect(info['Title']).not.toContain('–');
    }
  });
});

const LONG = `${'Ada Lovelace '.repeat(800)}the last`;
const HOSTILE: readonly (readonly [what: string, name: string, shown: string])[] = [
  ['markup', '<b onload="alert(1)">Ada</b> & "Co"', '<b onload="alert(1)">Ada</b> & "Co"'],
  ['the syntax of PDF', ')/JS (app.alert(1)) >> endobj', ')/JS (app.alert(1)) >> endobj'],
  ['the end of a string', 'Ada\\) /AA << >> ET Q', 'Ada\\) /AA << >> ET Q'],
  ['an end of a stream', 'endstream endobj 1 0 obj <</OpenAction 2 0 R>>', 'endstream endobj 1 0 obj <</OpenAction 2 0 R>>'],
  ['characters that turn text around', 'A\u202eda\u2066 Love\u200flace\u061c', 'Ada Lovelace'],
  ['pictographs', 'Ada 🎉👩‍👩‍👧 Lovelace', 'Ada Lovelace'],
  ['NUL and other controls', 'Ada\u0000\u0007\u009f Lovelace', 'Ada Lovelace'],
  ['halves of characters', '\ud800Ada \udc00Lovelace\ud83c', 'Ada Lovelace'],
  ['more marks than letters', `A${'\u0301'.repeat(500)}da Lovelace`, 'da Lovelace'],
  ['line breaks', 'Ada\r\n\u2028Lovelace', 'Ada Lovelace'],
  ['10 kB', LONG, 'Ada Lovelace Ada'],
  ['10 kB without a blank', 'W'.repeat(10_000), 'WWWWWWWW'],
  ['letters that no face has', 'Ada ދިވެހި', 'Ada □'],
];

describe('names that were made to do harm', () => {
  /** What a certificate states of itself, by name. */
  let stated: readonly string[];
  beforeAll(async () => { stated = Object.keys((await readPdf(await pdfOf('corporate', 'en'))).info).sort(); });

  describe.each(TEMPLATES)('%s', (template) => {
    it.each(HOSTILE)('%s: are literal text or left out, on one page', async (_what, name, shown) => {
      const pdf = await pdfOf(template, 'en', { recipient: name, badge: name, issuer: name, level: name, course: name, competence: name, criteria: name, signatory: { name, title: name } });
      const { pages, runs, links, info } = await readPdf(pdf);
      expect([pages.length, runs, links.length]).toEqual([1, false, 1]);
      expect(dense(pages[0] ?? '')).toContain(dense(shown));
      expect(pages[0]).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/u);
      expect(String(info['Title'])).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
      expect(String(info['Title']).length).toBeLessThan(1_000);
      expect((pages[0] ?? '').length).toBeLessThan(6_000);
      expect(structure(pdf)).not.toMatch(DANGEROUS);
      expect(Object.keys(info).sort()).toEqual(stated);
    });
  });

  itWith('qpdf', 'leave the file sound, says qpdf', async () => {
    for (const [, name] of HOSTILE) {
      const pdf = await pdfOf('classic', 'en', { recipient: name, badge: name, issuer: name });
      expect(runOn('qpdf', ['--check'], 'certificate.pdf', pdf)).toMatchObject({ status: 0 });
    }
  });

  it('make no link of an address that is none of the web', async () => {
    const { links } = await readPdf(await pdfOf('modern', 'en', { verificationUrl: 'javascript:alert(1)' }));
    expect(links).toEqual([]);
  });
});
