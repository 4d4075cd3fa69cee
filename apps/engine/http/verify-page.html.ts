import { showCode } from '#credentials/code.js';
import type { JsonObject } from '#credentials/json-ld/json.js';
import type { Check, Report, Verdict } from '#credentials/verify/report.js';
import { escapeHtml, page } from './page.html.js';
import type { Language } from './languages.js';

/** A credential of ours, as its page shows it. */
export interface ShownCredential {
  readonly code: string;
  readonly badge: string;
  /** The signed document in the language of the page, or in the one that there is. */
  readonly document: JsonObject;
  /** Languages in which it is there. */
  readonly languages: readonly string[];
  /** The holder's name, where it may be shown. */
  readonly holder?: string;
}

const TEXTS = {
  en: {
    verify: 'Verify a badge',
    awarded: 'Awarded on', by: 'by', until: 'Holds until', pseudonym: 'This page names nobody. Whoever shows it to you can show that the badge is theirs.',
    holder: 'Shown by its holder as', named: 'The holder has agreed that this name is shown. It is not part of the signed badge, and nobody has signed that it is right.',
    certifies: 'What it certifies', evidence: 'Criteria that were met, with evidence', checks: 'What was checked', yourself: 'Check it yourself',
    code: 'Code', trace: 'Decision trace', elsewhere: 'Any verifier of Open Badges 3.0 can check these files.', other: '한국어',
    uploadTitle: 'Is this badge real?', uploadLead: 'Enter the code of a badge, or give the file: PNG, SVG, JSON or JWT. Nothing that you give is kept.',
    codeLabel: 'Code (16 characters)', fileLabel: 'File', go: 'Verify', slip: 'This is no code: one of its 16 characters is wrong or missing.',
    noFile: 'Choose a file first.', unknown: 'Nobody has this code', unknownLead: 'No badge was issued here under this code, or it is no longer shown. Check the code for slips of the pen.',
    scan: 'Scan with the camera', stop: 'Stop', camera: 'Picture of the camera', scanStarting: 'The camera is being switched on…', scanLooking: 'Hold the QR code of the badge before the camera. The picture does not leave your device.', scanFound: 'Found. It is being verified…',
    scanStopped: 'The camera is off.', scanRefused: 'The camera may not be used here. Allow it in the settings of your browser, or enter the code.', scanNone: 'There is no camera. Enter the code that stands beside the QR code.',
    scanBusy: 'The camera cannot be used now; something else may be using it. Enter the code instead.', scanFailed: 'That did not work. Enter the code that stands beside the QR code.', scanForeign: 'This QR code is not that of a badge from here, and was not opened:',
    again: 'Verify another badge', tooMany: 'Too many codes that nobody has were asked for from here. Try again in a minute.',
  },
  ko: {
    verify: '배지 확인',
    awarded: '수여일', by: '발급 기관', until: '유효 기간', pseudonym: '이 페이지에는 이름이 표시되지 않습니다. 배지를 보여 준 사람이 본인의 배지임을 증명할 수 있습니다.',
    holder: '소지자가 밝힌 이름', named: '이 이름은 소지자의 동의에 따라 표시됩니다. 서명된 배지에는 포함되지 않으며, 이름이 맞는지는 서명으로 보증되지 않습니다.',
    certifies: '인증 내용', evidence: '충족한 기준과 증거', checks: '확인한 항목', yourself: '직접 확인하기',
    code: '확인 코드', trace: '판정 기록', elsewhere: '오픈 배지 3.0을 지원하는 모든 검증 도구로 이 파일들을 확인할 수 있습니다.', other: 'English',
    uploadTitle: '이 배지는 진짜인가요?', uploadLead: '배지 코드를 입력하거나 파일(PNG, SVG, JSON, JWT)을 올려 주십시오. 올린 파일은 보관하지 않습니다.',
    codeLabel: '코드(16자)', fileLabel: '파일', go: '확인', slip: '올바른 코드가 아닙니다. 16자 중 틀리거나 빠진 글자가 있습니다.',
    noFile: '파일을 먼저 선택해 주십시오.', unknown: '해당 코드의 배지가 없습니다', unknownLead: '이 코드로 발급된 배지가 없거나 더 이상 공개되지 않습니다. 코드를 다시 확인해 주십시오.',
    scan: '카메라로 스캔', stop: '끄기', camera: '카메라 화면', scanStarting: '카메라를 켜는 중입니다…', scanLooking: '배지의 QR 코드를 카메라에 비춰 주십시오. 화면은 이 기기 밖으로 전송되지 않습니다.', scanFound: '찾았습니다. 확인하는 중입니다…',
    scanStopped: '카메라를 껐습니다.', scanRefused: '카메라를 사용할 수 없습니다. 브라우저 설정에서 허용하거나 코드를 입력해 주십시오.', scanNone: '카메라가 없습니다. QR 코드 옆의 코드를 입력해 주십시오.',
    scanBusy: '지금은 카메라를 사용할 수 없습니다. 다른 프로그램이 사용 중일 수 있습니다. 코드를 입력해 주십시오.', scanFailed: '스캔하지 못했습니다. QR 코드 옆의 코드를 입력해 주십시오.', scanForeign: '이곳에서 발급한 배지의 QR 코드가 아니어서 열지 않았습니다:',
    again: '다른 배지 확인', tooMany: '잘못된 코드를 너무 많이 조회했습니다. 1분 뒤에 다시 시도해 주십시오.',
  },
} as const;

const TONES: Readonly<Record<Verdict, 'good' | 'bad' | 'unsure'>> = {
  valid: 'good', invalid: 'bad', revoked: 'bad', expired: 'unsure', suspended: 'unsure', 'cannot-be-told': 'unsure', unsupported: 'unsure',
};
const MARKS = { good: '✓', bad: '✕', unsure: '!', open: '–' } as const;

const mark = (tone: keyof typeof MARKS): string => `<span class="mark" aria-hidden="true">${MARKS[tone]}</span>`;

const text = (node: unknown, name: string): string => {
  const value = typeof node === 'object' && node !== null ? (node as JsonObject)[name] : undefined;
  return typeof value === 'string' ? value : '';
};

const day = (iso: string, language: Language): string => {
  const time = Date.parse(iso.slice(0, 10)); // the day as it is written, in its own time zone
  return Number.isNaN(time) ? '' : new Intl.DateTimeFormat(language === 'ko' ? 'ko-KR' : 'en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(time);
};

const checkItem = ({ result, words, detail }: Check, language: Language): string => {
  const tone = result === 'passed' ? 'good' : result === 'failed' ? 'bad' : 'open';
  const more = detail !== undefined && result !== 'passed' ? `<small>${escapeHtml(detail)}</small>` : '';
  return `<li class="${tone}">${mark(tone)}<span>${escapeHtml(words[language])}${more}</span></li>`;
};

const checkList = ({ checks }: Report, language: Language): string => `<ul class="checks">${checks.map((check) => checkItem(check, language)).join('')}</ul>`;

const verdictLine = ({ verdict, words }: Report, language: Language): string => {
  const tone = TONES[verdict];
  return `<p class="verdict ${tone}" role="status">${mark(tone)}${escapeHtml(words[language])}</p>`;
};

const header = (language: Language, otherHref: string): string => {
  const other = language === 'ko' ? 'en' : 'ko';
  return `<header><a href="/verify?lang=${language}">${TEXTS[language].verify}</a><a href="${escapeHtml(otherHref)}" lang="${other}" hreflang="${other}">${TEXTS[language].other}</a></header>`;
};

const evidenceItem = (node: JsonObject): string => {
  const lines = text(node, 'narrative').split('\n').filter((line) => line !== '');
  const facts = lines.length === 0 ? '' : `<ul class="facts">${lines.map((line) => `<li>${escapeHtml(line.replace(/^- /, ''))}</li>`).join('')}</ul>`;
  const reached = text(node, 'description') && `<p class="reached">${escapeHtml(text(node, 'description'))}</p>`;
  return `<li><p class="asked">${escapeHtml(text(node, 'name'))}</p>${reached}${facts}</li>`;
};

/** The page of one credential of ours. `head` holds what link previews read. */
export const credentialPage = ({ code, badge, document, languages, holder }: ShownCredential, report: Report, language: Language, head: string): string => {
  const say = TEXTS[language];
  const achievement = (document['credentialSubject'] as JsonObject | undefined)?.['achievement'];
  const issuer = document['issuer'];
  const edition = text(achievement, 'inLanguage') || languages[0] || 'en';
  const name = text(document, 'name');
  const validUntil = text(document, 'validUntil');
  const links = [
    ['PNG', `/credentials/${code}/${edition}/badge.png`], ['SVG', `/credentials/${code}/${edition}/badge.svg`], ['PDF', `/credentials/${code}/${edition}/certificate.pdf`],
    ['JSON', `/credentials/${code}/${edition}?format=json`], ['JWT', `/credentials/${code}/${edition}?format=jwt`], [say.trace, `/credentials/${code}/trace`],
  ].map(([label = '', href = '']) => `<a href="${href}">${label}</a>`).join('');
  const evidence = (document['evidence'] as readonly JsonObject[] | undefined) ?? [];
  const body = `${header(language, `/v/${code}?lang=${language === 'ko' ? 'en' : 'ko'}`)}
<article class="card">
<div class="top"><img src="/badges/${encodeURIComponent(badge)}/image.svg?lang=${encodeURIComponent(edition)}" alt="" width="208" height="208">
<div>${verdictLine(report, language)}
<h1 lang="${escapeHtml(edition)}">${escapeHtml(name)}</h1>
<p class="lead">${say.awarded} <strong>${day(text(document, 'awardedDate') || text(document, 'validFrom'), language)}</strong> · ${say.by} <strong lang="${escapeHtml(edition)}">${escapeHtml(text(issuer, 'name'))}</strong></p>
${holder === undefined ? '' : `<p class="lead">${say.holder} <strong><bdi>${escapeHtml(holder)}</bdi></strong></p>`}
${validUntil && `<p class="lead">${say.until} <strong>${day(validUntil, language)}</strong></p>`}</div></div>
<h2>${say.certifies}</h2>
<p lang="${escapeHtml(edition)}">${escapeHtml(text(achievement, 'description'))}</p>
<details><summary>${say.evidence}</summary><div lang="${escapeHtml(edition)}"><p class="reached">${escapeHtml(text(document, 'description'))}</p><ul>${evidence.map(evidenceItem).join('')}</ul></div></details>
<details${report.verdict === 'valid' ? '' : ' open'}><summary>${say.checks}</summary><div>${checkList(report, language)}</div></details>
<h2>${say.yourself}</h2>
<p class="links">${links}</p>
<p class="lead">${say.elsewhere}</p>
<p class="lead">${say.code} <span class="code">${showCode(code)}</span></p>
</article>
<footer>${holder === undefined ? say.pseudonym : say.named}</footer>`;
  return page({ language, title: name, head, body });
};

/** Where the camera goes, once a script has found one; until then nobody sees it. What it says stands here, in the language of the page. */
const scanner = (language: Language, base: string): string => {
  const say = TEXTS[language];
  const words = {
    starting: say.scanStarting, looking: say.scanLooking, found: say.scanFound, stopped: say.scanStopped, refused: say.scanRefused, none: say.scanNone, busy: say.scanBusy, failed: say.scanFailed,
    foreign: say.scanForeign,
  };
  const said = Object.entries(words).map(([name, text]) => ` data-${name}="${escapeHtml(text)}"`).join('');
  return `<section id="scan" class="scan" hidden data-root="/" data-origin="${escapeHtml(new URL(base).origin)}"${said}>
<button type="button">${say.scan}</button><div hidden><video muted playsinline aria-label="${say.camera}"></video><button type="button">${say.stop}</button></div><p role="status"></p></section>
<script type="module" src="/app/scan.js"></script>`;
};

/** The page where a code is entered or a file is given; `message` says what was wrong the last time. @param base the public address, where badges may be scanned */
export const verifyForm = (language: Language, message?: 'slip' | 'noFile' | 'tooMany', base?: string): string => {
  const say = TEXTS[language];
  const wrong = message ? `<p class="verdict bad" role="alert">${mark('bad')}${say[message]}</p>` : '';
  const body = `${header(language, `/verify?lang=${language === 'ko' ? 'en' : 'ko'}`)}
<div class="card"><h1>${say.uploadTitle}</h1><p class="lead">${say.uploadLead}</p><br>
${wrong}
${base === undefined ? '' : scanner(language, base)}
<form method="get" action="/verify"><input type="hidden" name="lang" value="${language}"><label for="code">${say.codeLabel}</label>
<input id="code" name="code" required maxlength="40" autocomplete="off" autocapitalize="characters" spellcheck="false" placeholder="7K3M-9QTX-2HBW-5RZC"><button>${say.go}</button></form>
<form method="post" action="/verify?lang=${language}" enctype="multipart/form-data"><label for="file">${say.fileLabel}</label>
<input id="file" name="file" type="file" required accept=".png,.svg,.json,.jsonld,.jwt,.txt,image/png,image/svg+xml,application/json"><button>${say.go}</button></form></div>`;
  return page({ language, title: say.uploadTitle, body });
};

/** What was found out about a file that somebody gave. Names in it are shown only where they are signed. */
export const reportPage = (report: Report, language: Language): string => {
  const say = TEXTS[language];
  const { badge } = report;
  const signed = badge
    ? `<h1>${escapeHtml(badge.name)}</h1><p class="lead">${say.by} <strong>${escapeHtml(badge.issuer.name ?? badge.issuer.id)}</strong></p><p class="lead">${escapeHtml(badge.issuer.id)}</p>${
        badge.awardedDate === undefined ? '' : `<p class="lead">${say.awarded} <strong>${day(badge.awardedDate, language)}</strong></p>`
      }`
    : '';
  const body = `${header(language, `/verify?lang=${language === 'ko' ? 'en' : 'ko'}`)}
<article class="card">${verdictLine(report, language)}${signed}<h2>${say.checks}</h2>${checkList(report, language)}</article>
<footer><a href="/verify?lang=${language}">${say.again}</a></footer>`;
  return page({ language, title: report.words[language], body });
};

/** The page for a code that nobody has, or that was erased. */
export const unknownPage = (language: Language): string => {
  const say = TEXTS[language];
  const body = `${header(language, `/verify?lang=${language === 'ko' ? 'en' : 'ko'}`)}
<div class="card"><h1 class="verdict unsure">${mark('unsure')}${say.unknown}</h1><p class="lead">${say.unknownLead}</p></div>
<footer><a href="/verify?lang=${language}">${say.again}</a></footer>`;
  return page({ language, title: say.unknown, body });
};
