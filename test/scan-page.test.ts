import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page, type Response } from 'playwright-core';
import { qrMatrix } from '#credentials/qr.js';
import { installedBrowser } from './browser.js';
import { describeInBrowser, LANGUAGES, MINUTES, mission, openSchool, readsWell } from './school-under-test.js';

/*
 * The page to verify a badge, without script and with a camera: Chromium is given a video of a QR code for one.
 */

const WORDS = {
  en: { scan: 'Scan with the camera', stop: 'Stop', genuine: 'This badge is genuine and holds.', refused: /^The camera may not be used here/, none: /^There is no camera/, foreign: /was not opened: elsewhere\.example$/, code: 'Code (16 characters)', go: 'Verify', looking: /^Hold the QR code/, off: 'The camera is off.' },
  ko: { scan: '카메라로 스캔', stop: '끄기', genuine: '이 배지는 진본이며 유효합니다.', refused: /^카메라를 사용할 수 없습니다/, none: /^카메라가 없습니다/, foreign: /열지 않았습니다: elsewhere\.example$/, code: '코드(16자)', go: '확인', looking: /^배지의 QR 코드를/, off: '카메라를 껐습니다.' },
} as const;

const [WIDTH, HEIGHT, SIDE] = [640, 480, 400];

/** A video of one picture, as cameras give it (YUV4MPEG2, 4:2:0): a QR code on white, or nothing where there is no text. */
const videoOf = (text: string | undefined): Buffer => {
  const matrix = text === undefined ? [] : qrMatrix(text);
  const cell = Math.floor(SIDE / Math.max(1, matrix.length));
  const [left, top] = [(WIDTH - cell * matrix.length) >> 1, (HEIGHT - cell * matrix.length) >> 1];
  const luma = Buffer.alloc(WIDTH * HEIGHT, 235);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) if (matrix[Math.floor((y - top) / cell)]?.[Math.floor((x - left) / cell)]) luma[y * WIDTH + x] = 16;
  }
  const frame = Buffer.concat([Buffer.from('FRAME\n'), luma, Buffer.alloc((WIDTH * HEIGHT) / 2, 128)]);
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420mpeg2\n`), frame, frame]);
};

describeInBrowser('who scans a badge', () => {
  const { post, get, pageOf } = openSchool();
  const dir = mkdtempSync(join(tmpdir(), 'proofmark-video-'));
  const opened: Browser[] = [];
  let code = '';
  const urlOf = (path: string): string => new URL(path, pageOf('')).href.replace('/app/', '/');

  beforeAll(async () => {
    await post('/v1/events', [mission('ada', 1)]);
    const { items } = (await (await get('/v1/awards?learner=ada&minPosition=1')).json()) as { readonly items: readonly { readonly credential?: string }[] };
    code = items.find(({ credential }) => credential !== undefined)?.credential ?? '';
    while (code === '') code = ((await (await get('/v1/awards?learner=ada')).json()) as { readonly items: readonly { readonly credential?: string }[] }).items[0]?.credential ?? '';
  }, 2 * MINUTES);
  afterAll(async () => {
    for (const browser of opened) await browser.close();
    rmSync(dir, { recursive: true, force: true });
  });

  /** A browser with a camera that sees a text, and whose owner lets pages use it; or without one, or with one that pages may not use. */
  const seeing = async (camera: { readonly text?: string; readonly allowed: boolean } | undefined, locale: 'en' | 'ko', options: Parameters<Browser['newContext']>[0] = {}): Promise<{ readonly page: Page; readonly context: BrowserContext }> => {
    const file = join(dir, `${opened.length}.y4m`);
    writeFileSync(file, videoOf(camera?.text));
    const args = camera ? ['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${file}`] : [];
    const browser = await chromium.launch({ executablePath: installedBrowser() ?? '', args: ['--no-sandbox', ...args] });
    opened.push(browser);
    const context = await browser.newContext({ locale, ...options });
    await context.grantPermissions(camera?.allowed === false ? [] : ['camera']);
    const page = await context.newPage();
    return { page, context };
  };

  it.each(LANGUAGES)('is led to its page (%s)', async (language) => {
    const words = WORDS[language];
    const { page } = await seeing({ text: `${urlOf(`v/${code}`)}?via=qr`, allowed: true }, language);
    const wrong: string[] = [];
    page.on('console', (message) => void (message.type() === 'error' && !message.location().url.endsWith('/favicon.ico') && wrong.push(message.text())));
    page.on('pageerror', ({ message }) => void wrong.push(message));
    await page.goto(urlOf('verify'));
    await page.getByRole('button', { name: words.scan }).click();
    await page.getByText(words.genuine).waitFor();
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe(`/v/${code}?via=qr&lang=${language}`);
    expect(wrong).toEqual([]);
  }, 2 * MINUTES);

  it('is not led elsewhere, but told where the code would lead', async () => {
    const { page } = await seeing({ text: `https://elsewhere.example/v/${code}`, allowed: true }, 'en');
    await page.goto(urlOf('verify'));
    await page.getByRole('button', { name: WORDS.en.scan }).click();
    await page.getByText(WORDS.en.foreign).waitFor();
    expect(new URL(page.url()).pathname).toBe('/verify');
  }, 2 * MINUTES);

  it('can stop, and the camera is off', async () => {
    const { page } = await seeing({ allowed: true }, 'en');
    await page.goto(urlOf('verify'));
    await page.getByRole('button', { name: WORDS.en.scan }).click();
    await page.getByText(WORDS.en.looking).waitFor();
    const isLive = (): Promise<boolean> => page.evaluate("document.querySelector('video').srcObject.getTracks().some((track) => track.readyState === 'live')");
    expect(await isLive()).toBe(true);
    await page.getByRole('button', { name: WORDS.en.stop }).click();
    await page.getByText(WORDS.en.off).waitFor();
    expect(await isLive()).toBe(false);
  }, 2 * MINUTES);

  it.each([
    ['en', 'it may not be used', { allowed: false }, 'refused'],
    ['ko', 'it may not be used', { allowed: false }, 'refused'],
    ['en', 'there is none', undefined, 'none'],
    ['ko', 'there is none', undefined, 'none'],
  ] as const)('is told where the camera does not help, and goes on with the code (%s: %s)', async (language, _what, camera, told) => {
    const words = WORDS[language];
    const { page } = await seeing(camera, language);
    await page.goto(urlOf('verify'));
    await page.getByRole('button', { name: words.scan }).click();
    await page.getByText(words[told]).waitFor();
    await page.getByLabel(words.code).fill(code);
    await page.getByRole('button', { name: words.go }).first().click();
    await page.getByText(words.genuine).waitFor();
  }, 2 * MINUTES);

  it('needs no script: without one there is no camera, and the code does', async () => {
    const { page } = await seeing(undefined, 'en', { javaScriptEnabled: false });
    await page.goto(urlOf('verify'));
    expect(await page.getByText(WORDS.en.scan).isVisible()).toBe(false);
    await page.getByLabel(WORDS.en.code).fill(code);
    await page.getByRole('button', { name: WORDS.en.go }).first().click();
    await page.getByText(WORDS.en.genuine).waitFor();
  }, 2 * MINUTES);

  it('loads 30 kB of script at most, and the reader of codes only when the camera is asked for', async () => {
    const { page } = await seeing({ text: urlOf(`v/${code}`), allowed: true }, 'en');
    const scripts: Response[] = [];
    page.on('response', (response) => void (response.request().resourceType() === 'script' && scripts.push(response)));
    const sizes = async (): Promise<number> => (await Promise.all(scripts.map(async (response) => (await response.request().sizes()).responseBodySize))).reduce((sum, size) => sum + size, 0);
    await page.goto(urlOf('verify'), { waitUntil: 'networkidle' });
    const atFirst = await sizes();
    expect([atFirst > 500, atFirst < 30_000, scripts.some((one) => /jsqr/i.test(one.url()))]).toEqual([true, true, false]);
    await page.getByRole('button', { name: WORDS.en.scan }).click();
    await page.getByText(WORDS.en.genuine).waitFor();
    expect(scripts.some((one) => /jsqr/i.test(one.url()))).toBe(true);
  }, 2 * MINUTES);

  it.each([['light', 'en', 1440], ['dark', 'ko', 360]] as const)('finds no barrier (%s, %s, %i px)', async (colorScheme, language, width) => {
    const { page } = await seeing({ allowed: true }, language, { colorScheme, viewport: { width, height: 800 }, bypassCSP: true });
    await page.goto(urlOf('verify'));
    await page.getByRole('button', { name: WORDS[language].scan }).waitFor();
    await readsWell(page, 'verify');
    await page.getByRole('button', { name: WORDS[language].scan }).click();
    await page.getByText(WORDS[language].looking).waitFor();
    await readsWell(page, 'scanning');
  }, 2 * MINUTES);
});
