import type { PublicStatus } from '#credentials/sharing/shared-credential.js';
import { escapeHtml, page } from './page.html.js';
import type { Language } from './languages.js';

/** A badge as a collection shows it. */
export interface CollectedBadge {
  readonly code: string;
  readonly badge: string;
  readonly name: string;
  readonly issuer: string;
  /** ISO 8601, as it is signed. */
  readonly awardedAt: string;
  /** Of its texts. */
  readonly language: string;
  readonly status: PublicStatus;
}

const TEXTS = {
  en: {
    verify: 'Verify a badge', other: '한국어', title: 'A collection of badges', of: (name: string) => `Badges of ${name}`,
    lead: 'Chosen by who holds them. Open a badge to see what it certifies, and whether it is real.',
    nobody: 'This page names nobody. Whoever shows it to you can show that the badges are theirs.',
    named: 'The holder has agreed that this name is shown. Nobody has signed that it is right.',
    empty: 'Nothing is left to show here.', by: 'by',
    count: (count: number) => (count === 1 ? 'One badge' : `${count} badges`),
    states: { active: 'Valid', suspended: 'Suspended: somebody is looking into it', revoked: 'Revoked: it does not count any more', expired: 'Expired' },
    unknown: 'Nothing is shown here', unknownLead: 'There is no collection under this link, or its holder shows it no more.', tooMany: 'Too many links that lead nowhere were asked for from here. Try again in a minute.',
  },
  ko: {
    verify: '배지 확인', other: 'English', title: '배지 모음', of: (name: string) => `${name} 님의 배지`,
    lead: '소지자가 직접 고른 배지입니다. 배지를 누르면 인증 내용과 진위를 확인할 수 있습니다.',
    nobody: '이 페이지에는 이름이 표시되지 않습니다. 페이지를 보여 준 사람이 본인의 배지임을 증명할 수 있습니다.',
    named: '이 이름은 소지자의 동의에 따라 표시되며, 이름이 맞는지는 서명으로 보증되지 않습니다.',
    empty: '지금은 보여 줄 배지가 없습니다.', by: '·',
    count: (count: number) => `배지 ${count}개`,
    states: { active: '유효', suspended: '보류: 담당자가 확인하고 있습니다', revoked: '취소: 더 이상 유효하지 않습니다', expired: '유효 기간 만료' },
    unknown: '공개된 배지 모음이 없습니다', unknownLead: '이 링크의 배지 모음이 없거나, 소지자가 공개를 중단했습니다.', tooMany: '없는 링크를 너무 많이 조회했습니다. 1분 뒤에 다시 시도해 주십시오.',
  },
} as const;

const TONES: Readonly<Record<PublicStatus, 'good' | 'bad' | 'unsure'>> = { active: 'good', suspended: 'unsure', revoked: 'bad', expired: 'unsure' };
const MARKS = { good: '✓', bad: '✕', unsure: '!' } as const;

/** What the page of a collection is called, for its tab and for previews. */
export const collectionTitle = (language: Language, holder: string | undefined): string => (holder === undefined ? TEXTS[language].title : TEXTS[language].of(holder));

/** What a collection is, in a line, for previews. */
export const collectionSummary = (language: Language, badges: readonly CollectedBadge[]): string =>
  `${TEXTS[language].count(badges.length)}: ${badges.map(({ name }) => name).join(', ')}`;

const day = (iso: string, language: Language): string => {
  const time = Date.parse(iso.slice(0, 10)); // the day as it is written, in its own time zone
  return Number.isNaN(time) ? '' : new Intl.DateTimeFormat(language === 'ko' ? 'ko-KR' : 'en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(time);
};

const header = (language: Language, href: string): string => {
  const other = language === 'ko' ? 'en' : 'ko';
  return `<header><a href="/verify?lang=${language}">${TEXTS[language].verify}</a><a href="${escapeHtml(href)}?lang=${other}" lang="${other}" hreflang="${other}">${TEXTS[language].other}</a></header>`;
};

const item = ({ code, badge, name, issuer, awardedAt, language: edition, status }: CollectedBadge, language: Language): string => {
  const say = TEXTS[language];
  const tone = TONES[status];
  const lang = escapeHtml(edition);
  return `<li><a class="badge" href="/v/${code}?lang=${language}"><img src="/badges/${encodeURIComponent(badge)}/image.png?lang=${encodeURIComponent(edition)}&amp;size=256" alt="" width="96" height="96" loading="lazy">
<span><strong class="name" lang="${lang}">${escapeHtml(name)}</strong><span class="lead">${day(awardedAt, language)} ${say.by} <span lang="${lang}">${escapeHtml(issuer)}</span></span>
<span class="state ${tone}"><span class="mark" aria-hidden="true">${MARKS[tone]}</span>${say.states[status]}</span></span></a></li>`;
};

/** The page of a collection. `head` holds what link previews read. */
export const collectionPage = (code: string, badges: readonly CollectedBadge[], holder: string | undefined, language: Language, head: string): string => {
  const say = TEXTS[language];
  const title = holder === undefined ? escapeHtml(say.title) : say.of(`<bdi>${escapeHtml(holder)}</bdi>`);
  const list = badges.length === 0 ? `<p class="lead">${say.empty}</p>` : `<ul class="badges">${badges.map((badge) => item(badge, language)).join('')}</ul>`;
  const body = `${header(language, `/c/${code}`)}
<article class="card"><h1>${title}</h1><p class="lead">${say.lead}</p>
${list}</article>
<footer>${holder === undefined ? say.nobody : say.named}</footer>`;
  return page({ language, title: collectionTitle(language, holder), head, body });
};

/** The page for a link that leads nowhere, or not any more; `tooMany` where too many of them were tried. */
export const noCollectionPage = (language: Language, tooMany = false): string => {
  const say = TEXTS[language];
  const said = tooMany ? say.tooMany : say.unknown;
  const body = `${header(language, '/verify')}
<div class="card"><h1 class="verdict unsure"><span class="mark" aria-hidden="true">!</span>${said}</h1>${tooMany ? '' : `<p class="lead">${say.unknownLead}</p>`}</div>`;
  return page({ language, title: said, body });
};
