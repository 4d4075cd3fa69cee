import type { Certificate, Language } from './certificate.js';

/** The words of a certificate that do not come from its data. */
export interface Wording {
  readonly title: string;
  /** Before the name. */
  readonly certifies?: string;
  /** Between the name and the badge. */
  readonly earned: string;
  /** In place of both where nobody is named. */
  readonly holder: string;
  readonly criteria: string;
  readonly awarded: string;
  readonly validUntil: string;
  readonly course: string;
  readonly code: string;
  readonly verify: string;
  readonly until: (day: string) => string;
  /** The document's title, with the recipient where there is one. */
  readonly documentTitle: (badge: string, recipient?: string) => string;
  readonly artOf: (badge: string) => string;
  readonly qrOf: (url: string) => string;
}

const WORDINGS: Readonly<Record<Language, Wording>> = {
  en: {
    title: 'Certificate of Achievement',
    certifies: 'This certifies that',
    earned: 'has met every criterion of',
    holder: 'The holder of this certificate has met every criterion of',
    criteria: 'Criteria',
    awarded: 'Awarded',
    validUntil: 'Valid until',
    course: 'Course',
    code: 'Code',
    verify: 'Verify',
    until: (day) => day,
    documentTitle: (badge, recipient) => (recipient ? `${badge} – ${recipient}` : badge),
    artOf: (badge) => `Badge: ${badge}`,
    qrOf: (url) => `QR code to verify this certificate: ${url}`,
  },
  ko: {
    title: '역량 인증서',
    earned: '위 사람은 아래 배지의 인증 기준을 모두 충족하였으므로 이 증서를 수여합니다.',
    holder: '이 증서의 소지자는 아래 배지의 인증 기준을 모두 충족하였습니다.',
    criteria: '인증 기준',
    awarded: '수여일',
    validUntil: '유효 기간',
    course: '과정',
    code: '확인 번호',
    verify: '진위 확인',
    until: (day) => `${day}까지`,
    documentTitle: (badge, recipient) => (recipient ? `${badge} 인증서 – ${recipient}` : `${badge} 인증서`),
    artOf: (badge) => `배지: ${badge}`,
    qrOf: (url) => `진위 확인 QR 코드: ${url}`,
  },
};

/** The words of a language. */
export const wordingOf = (language: Language): Wording => WORDINGS[language];

// British order: the day is not taken for a month anywhere.
const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', ko: 'ko-KR' };
const formats = new Map<string, Intl.DateTimeFormat>();

/** The day of an instant where the certificate was issued, in words of its language. */
export const dayOf = (instant: string, { language, timeZone }: Pick<Certificate, 'language' | 'timeZone'>): string => {
  const key = `${language} ${timeZone}`;
  let format = formats.get(key);
  if (!format) formats.set(key, (format = new Intl.DateTimeFormat(LOCALES[language], { dateStyle: 'long', timeZone })));
  return format.format(new Date(instant));
};

/** A code as people read it: 4-4-4-4. */
export const codeInFours = (code: string): string => (code.match(/.{1,4}/gsu) ?? []).join('-');
