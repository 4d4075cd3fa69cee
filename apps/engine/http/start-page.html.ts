import { createHash } from 'node:crypto';
import type { Language } from './languages.js';

/** What the start page shows. */
export interface StartPage {
  readonly language: Language;
  readonly version: string;
  /** Who looks at it; absent where nobody has signed in. */
  readonly visitor?: {
    readonly roles: readonly string[];
    /** What they may open, of the pages below. */
    readonly opens: readonly Opening[];
    /** A learner to look at, where there is one. */
    readonly learner: string | undefined;
    readonly figures: { readonly badges: number; readonly awards: number; readonly openDeadLetters: number };
  };
}

/** What leads on from the start page, for who may open it. */
export const OPENINGS = { badgeList: '/v1/badges', awardList: '/v1/awards', analytics: '/v1/analytics/badges', letterList: '/v1/dead-letters', keys: '/v1/access/keys', projections: '/v1/projections' } as const;
export type Opening = keyof typeof OPENINGS;

const STYLE = `
:root{color-scheme:light dark;--ink:#1c2430;--paper:#fbfaf7;--quiet:#5b6675;--line:#d9d6cd;--mark:#8a5a12}
@media (prefers-color-scheme:dark){:root{--ink:#e8e6e1;--paper:#14181e;--quiet:#9aa5b3;--line:#2d3540;--mark:#e0b25c}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:17px/1.6 system-ui,"Noto Sans KR","Apple SD Gothic Neo","Malgun Gothic",sans-serif}
main{max-width:42rem;margin:0 auto;padding:clamp(2rem,8vw,5rem) 1.25rem}
h1{font-size:clamp(1.9rem,5vw,2.6rem);line-height:1.15;letter-spacing:-.02em;margin:0 0 .4rem}
p{margin:0 0 1.2rem}
.lead{color:var(--quiet);max-width:34rem}
dl{display:flex;flex-wrap:wrap;gap:1.5rem 2.5rem;margin:2rem 0;padding:1.2rem 0;border-block:1px solid var(--line)}
dt{color:var(--quiet);font-size:.85rem}
dd{margin:0;font-size:1.6rem;font-variant-numeric:tabular-nums}
ul{list-style:none;margin:0;padding:0}
li{border-bottom:1px solid var(--line)}
a{color:inherit;text-decoration:none;display:block;padding:.8rem 0}
a strong{color:var(--mark);font-weight:600}
a span{display:block;color:var(--quiet);font-size:.92rem}
a:hover strong,a:focus-visible strong{text-decoration:underline}
a:focus-visible{outline:2px solid var(--mark);outline-offset:2px}
form{margin-top:2rem;color:var(--quiet);font-size:.92rem}
button{font:inherit;color:var(--ink);background:none;border:1px solid var(--line);border-radius:10px;padding:.5rem 1rem;min-height:44px;cursor:pointer;margin-right:.6rem}
footer{color:var(--quiet);font-size:.85rem;margin-top:2rem}
`;

/** The source expression that lets the page's own style through its content security policy. */
export const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

const TEXTS = {
  en: {
    lead: 'A badge exists here because recorded outcomes met written criteria. Anybody can see which, and how.',
    badges: 'Badges', awards: 'Active awards', letters: 'Open dead letters',
    path: ['Growth path of', 'What a learner earned, what is in reach, what is missing'],
    badgeList: ['Badges', 'What can be earned, and how often it was'],
    awardList: ['Awards', 'Who earned what, with the whole decision trace'],
    verify: ['Verify a badge', 'By its code, or a file: is it real, for what, since when'],
    analytics: ['Analytics', 'Award rate and time to earn, badge by badge'],
    letterList: ['Dead letters', 'Deliveries that could not be recorded, and why'],
    keys: ['API keys', 'Which programs may do what'],
    projections: ['Read models', 'How far they are, to rebuild where needed'],
    signIn: ['Sign in', 'As a learner, an instructor, an administrator, …'],
    signedIn: 'Signed in as', signOut: 'Sign out',
    docs: ['API documentation', 'Every route, to read and to try'],
    health: ['Health', 'Whether the engine can work'],
  },
  ko: {
    lead: '기록된 성과가 공개된 기준을 충족했기 때문에 배지가 존재합니다. 무엇이 어떻게 충족되었는지 누구나 확인할 수 있습니다.',
    badges: '배지', awards: '유효한 수여', letters: '처리되지 않은 기록',
    path: ['성장 경로:', '획득한 배지, 가까워진 배지, 아직 필요한 것'],
    badgeList: ['배지', '획득할 수 있는 배지와 수여 횟수'],
    awardList: ['수여', '누가 무엇을 획득했는지, 판정 근거와 함께'],
    verify: ['배지 확인', '코드나 파일로 진위와 내용을 확인합니다'],
    analytics: ['분석', '배지별 수여율과 획득까지 걸린 시간'],
    letterList: ['처리되지 않은 기록', '저장할 수 없었던 전송과 그 이유'],
    keys: ['API 키', '어떤 프로그램이 무엇을 할 수 있는지'],
    projections: ['읽기 모델', '어디까지 반영되었는지, 필요하면 다시 만들기'],
    signIn: ['로그인', '학습자, 강사, 관리자 등으로'],
    signedIn: '로그인한 역할:', signOut: '로그아웃',
    docs: ['API 문서', '모든 경로를 읽고 시험해 볼 수 있습니다'],
    health: ['상태', '엔진이 동작할 수 있는지'],
  },
} as const;

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text: string): string => text.replace(/[&<>"']/g, (char) => ESCAPES[char] ?? char);

/** The start page as HTML; foreign text is escaped. */
export const startPage = ({ language, version, visitor }: StartPage): string => {
  const text = TEXTS[language];
  const number = (value: number): string => value.toLocaleString(language);
  const figure = (name: string, value: number): string => `<div><dt>${name}</dt><dd>${number(value)}</dd></div>`;
  const link = (href: string, [name, what]: readonly [string, string], of = ''): string =>
    `<li><a href="${escape(href)}"><strong>${name}${of && ` ${escape(of)}`}</strong><span>${what}</span></a></li>`;
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><link rel="icon" type="image/svg+xml" href="/app/favicon.svg"><title>Proofmark</title><style>${STYLE}</style></head>
<body><main>
<h1>Proofmark</h1>
<p class="lead">${text.lead}</p>
${visitor ? `<dl>${figure(text.badges, visitor.figures.badges)}${figure(text.awards, visitor.figures.awards)}${figure(text.letters, visitor.figures.openDeadLetters)}</dl>` : ''}
<nav><ul>
${visitor?.learner === undefined ? '' : link(`/app/learners/${encodeURIComponent(visitor.learner)}`, text.path, visitor.learner)}
${(visitor?.opens ?? []).map((one) => link(OPENINGS[one], text[one])).join('\n')}
${visitor ? '' : link('/sign-in', text.signIn)}
${link('/verify', text.verify)}
${link('/docs', text.docs)}
${link('/health/ready', text.health)}
</ul></nav>
${visitor ? `<form method="post" action="/sign-out"><button>${text.signOut}</button> <span>${text.signedIn} ${escape(visitor.roles.join(', '))}</span></form>` : ''}
<footer>Proofmark ${escape(version)}</footer>
</main></body></html>
`;
};
