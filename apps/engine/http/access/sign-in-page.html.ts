import { LEAST_PASSWORD } from '#access/passwords.js';
import { PERSON_ROLES, type PersonRole } from '#access/actions.js';
import type { Language } from '../languages.js';
import { escapeHtml, page } from '../page.html.js';
import type { NotTaken } from './local-people.js';

/** What the sign-in page offers. */
export interface SignInPage {
  readonly language: Language;
  /** Where to go on, a path of this server. */
  readonly to: string;
  /** Roles are to be chosen. */
  readonly demo: boolean;
  /** A sign-in provider is set. */
  readonly provider: boolean;
  /** What was sent before did not let them in. */
  readonly wrong?: boolean;
}

/** What the page shows on which somebody who was invited chooses how they sign in. */
export interface WelcomePage {
  readonly language: Language;
  /** The invitation; absent where it is good no more. */
  readonly token?: string;
  /** As it was typed before. */
  readonly login?: string;
  /** What is wrong with what was typed. */
  readonly wrong?: NotTaken;
}

const TEXTS = {
  en: {
    title: 'Sign in',
    demo: 'This is the demo: choose who you are. It runs on this machine alone.',
    login: 'Login or e-mail address', password: 'Password', signIn: 'Sign in', or: 'or',
    wrong: 'This login and password do not go together. Who administers Proofmark at your school can send you a new link.',
    welcome: 'Welcome', welcomeLead: 'Choose how you sign in from now on.', newPassword: 'New password', rule: `At least ${LEAST_PASSWORD} characters, whatever they are: a sentence is good.`, begin: 'Begin',
    old: 'This link is good no more', oldLead: 'It was used, is more than a week old, or a newer one was made. Ask who administers Proofmark at your school for another. Who runs it finds a new one in its output at the next start, as long as nobody administers it.',
    taken: { login: 'A login has 2 to 254 characters and no spaces.', 'login-taken': 'Somebody else has this login.', password: `The password needs at least ${LEAST_PASSWORD} characters.`, 'password-is-login': 'The login is part of the password: choose another one.' },
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
    login: '아이디 또는 이메일', password: '비밀번호', signIn: '로그인', or: '또는',
    wrong: '아이디와 비밀번호가 맞지 않습니다. 학교의 Proofmark 관리자가 새 링크를 보내 드릴 수 있습니다.',
    welcome: '환영합니다', welcomeLead: '앞으로 로그인할 방법을 정하세요.', newPassword: '새 비밀번호', rule: `${LEAST_PASSWORD}자 이상이면 무엇이든 좋습니다. 문장도 괜찮습니다.`, begin: '시작하기',
    old: '더는 쓸 수 없는 링크입니다', oldLead: '이미 사용했거나, 일주일이 지났거나, 새 링크가 만들어졌습니다. 학교의 Proofmark 관리자에게 새 링크를 요청하세요. 아직 관리자가 없다면, 운영자가 다시 시작할 때 새 링크가 출력됩니다.',
    taken: { login: '아이디는 공백 없이 2~254자여야 합니다.', 'login-taken': '이미 사용 중인 아이디입니다.', password: `비밀번호는 ${LEAST_PASSWORD}자 이상이어야 합니다.`, 'password-is-login': '비밀번호에 아이디가 들어 있습니다. 다른 비밀번호를 정하세요.' },
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

const header = (language: Language, here: string): string => {
  const other = language === 'ko' ? 'en' : 'ko';
  return `<header><span>Proofmark</span><a href="${escapeHtml(`${here}${other}`)}" hreflang="${other}" lang="${other}">${other === 'ko' ? '한국어' : 'English'}</a></header>`;
};

/** The page on which people sign in; it needs no script. */
export const signInPage = ({ language, to, demo, provider, wrong = false }: SignInPage): string => {
  const text = TEXTS[language];
  const choice = (role: PersonRole): string => {
    const [name, what] = text.roles[role];
    return `<form method="post" action="/sign-in/demo"><input type="hidden" name="role" value="${role}"><input type="hidden" name="to" value="${escapeHtml(to)}"><button class="choice"><strong>${name}</strong> <span>${what}</span></button></form>`;
  };
  const byProvider = provider ? `<p><a class="go" href="/sign-in/oidc?to=${encodeURIComponent(to)}">${text.provider}</a></p><p class="lead">${text.or}</p>` : '';
  const byPassword = `${wrong ? `<p class="verdict bad" role="alert">${text.wrong}</p>` : ''}<form method="post" action="/sign-in?lang=${language}"><input type="hidden" name="to" value="${escapeHtml(to)}">
<label for="login">${text.login}</label><input id="login" name="login" required maxlength="254" autocomplete="username" autocapitalize="none" spellcheck="false">
<label for="password">${text.password}</label><input id="password" name="password" type="password" required maxlength="256" autocomplete="current-password"><button>${text.signIn}</button></form>`;
  const body = `${header(language, `/sign-in?to=${encodeURIComponent(to)}&lang=`)}
<section class="card"><h1>${text.title}</h1>
${demo ? `<p class="lead">${text.demo}</p><br><div class="choices">${PERSON_ROLES.map(choice).join('\n')}</div>` : `<br>${byProvider}${byPassword}`}
<p><a href="/verify?lang=${language}">${text.verify}</a></p></section>`;
  return page({ language, title: `${text.title} · Proofmark`, body });
};

/** The page on which somebody who was invited chooses login and password. */
export const welcomePage = ({ language, token, login = '', wrong }: WelcomePage): string => {
  const text = TEXTS[language];
  const form = (invitation: string): string => `<h1>${text.welcome}</h1><p class="lead">${text.welcomeLead}</p><br>
${wrong ? `<p class="verdict bad" role="alert">${text.taken[wrong]}</p>` : ''}<form method="post" action="/welcome?lang=${language}"><input type="hidden" name="token" value="${escapeHtml(invitation)}">
<label for="login">${text.login}</label><input id="login" name="login" required maxlength="254" value="${escapeHtml(login)}" autocomplete="username" autocapitalize="none" spellcheck="false">
<label for="password">${text.newPassword}</label><input id="password" name="password" type="password" required minlength="${LEAST_PASSWORD}" maxlength="256" autocomplete="new-password" aria-describedby="rule"><small id="rule" class="lead">${text.rule}</small><button>${text.begin}</button></form>`;
  const body = `${header(language, token === undefined ? '/sign-in?lang=' : `/welcome?token=${encodeURIComponent(token)}&lang=`)}
<section class="card">${token === undefined ? `<h1>${text.old}</h1><p class="lead">${text.oldLead}</p>` : form(token)}</section>`;
  return page({ language, title: `${token === undefined ? text.old : text.welcome} · Proofmark`, body });
};
