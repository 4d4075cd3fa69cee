import { PERSON_ROLES, type PersonRole } from '#access/actions.js';
import type { Language } from '../languages.js';
import { escapeHtml, page } from '../page.html.js';

/** What the sign-in page offers. */
export interface SignInPage {
  readonly language: Language;
  /** Where to go on, a path of this server. */
  readonly to: string;
  /** Roles are to be chosen. */
  readonly demo: boolean;
  /** A sign-in provider is set. */
  readonly provider: boolean;
}

const TEXTS = {
  en: {
    title: 'Sign in',
    demo: 'This is the demo: choose who you are. It runs on this machine alone.',
    none: 'Nobody can sign in here yet. Programs send an API key with each request.',
    provider: 'Sign in with your school account',
    roles: {
      learner: ['Learner', 'my badges, what is close, what is missing'],
      instructor: ['Instructor', 'rules and learners of the SQL courses'],
      admin: ['Administrator', 'everything of the school: rules, awards, keys, people'],
      auditor: ['Auditor', 'looks at everything and changes nothing'],
      operator: ['Operator', 'sources, dead letters, read models: no learner data'],
    },
    verify: 'Verify a badge without signing in',
  },
  ko: {
    title: '로그인',
    demo: '데모입니다. 어떤 사람으로 둘러볼지 고르세요. 이 컴퓨터에서만 열립니다.',
    none: '아직 로그인할 수 있는 사람이 없습니다. 프로그램은 요청마다 API 키를 보냅니다.',
    provider: '학교 계정으로 로그인',
    roles: {
      learner: ['학습자', '내 배지, 곧 얻을 배지, 남은 조건'],
      instructor: ['강사', 'SQL 과정의 규칙과 학습자'],
      admin: ['관리자', '학교 전체: 규칙, 수여, 키, 사람'],
      auditor: ['감사자', '모두 볼 수 있고 아무것도 바꾸지 않습니다'],
      operator: ['운영자', '연동, 처리되지 않은 기록, 읽기 모델: 학습자 정보는 보이지 않습니다'],
    },
    verify: '로그인하지 않고 배지 확인하기',
  },
} as const satisfies Readonly<Record<Language, { readonly roles: Readonly<Record<PersonRole, readonly [string, string]>> } & Readonly<Record<string, unknown>>>>;

/** The page on which people sign in; it needs no script. */
export const signInPage = ({ language, to, demo, provider }: SignInPage): string => {
  const text = TEXTS[language];
  const other = language === 'ko' ? 'en' : 'ko';
  const choice = (role: PersonRole): string => {
    const [name, what] = text.roles[role];
    return `<form method="post" action="/sign-in/demo"><input type="hidden" name="role" value="${role}"><input type="hidden" name="to" value="${escapeHtml(to)}"><button>${name}</button><p class="lead">${what}</p></form>`;
  };
  const body = `<header><span>Proofmark</span><a href="/sign-in?lang=${other}&amp;to=${encodeURIComponent(to)}" hreflang="${other}" lang="${other}">${other === 'ko' ? '한국어' : 'English'}</a></header>
<section class="card"><h1>${text.title}</h1>
${demo || !provider ? `<p>${demo ? text.demo : text.none}</p>` : ''}
${provider ? `<p><a class="go" href="/sign-in/oidc?to=${encodeURIComponent(to)}">${text.provider}</a></p>` : ''}
${demo ? PERSON_ROLES.map(choice).join('\n') : ''}
<p><a href="/verify?lang=${language}">${text.verify}</a></p></section>`;
  return page({ language, title: `${text.title} · Proofmark`, body });
};
