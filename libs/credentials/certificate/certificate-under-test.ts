import type { Certificate, Language } from './certificate.js';

const TEXTS = {
  en: {
    recipient: 'Mina Kim', badge: 'SQL Practitioner', level: 'Silver', period: 'March 2026', course: 'SQL Basics', issuer: 'Hanbit Academy',
    competence: 'Writes joins and aggregations against a real schema.', criteria: 'Attended at least 80 % of the sessions.',
    signatory: { name: 'Jiwoo Han', title: 'Head of Programmes' },
  },
  ko: {
    recipient: '김민아', badge: 'SQL 실무 활용', level: '실버', period: '2026년 3월', course: 'SQL 기초 과정', issuer: '한빛아카데미',
    competence: '실제 스키마에서 조인과 집계를 작성할 수 있습니다.', criteria: '수업의 80% 이상에 출석합니다.',
    signatory: { name: '한지우', title: '교육 책임자' },
  },
} as const;

/** A certificate with everything on it. */
export const certificateUnderTest = (language: Language, more: Partial<Certificate> = {}): Certificate => ({
  template: 'corporate', language, ...TEXTS[language], timeZone: 'Asia/Seoul', awarded: '2026-11-17T09:30:00+09:00', validUntil: '2028-11-16T23:59:59+09:00',
  code: '7K3M9QTX2HBW5RZC', verificationUrl: 'https://badges.hanbit.example/v/7K3M9QTX2HBW5RZC', scanUrl: 'https://badges.hanbit.example/v/7K3M9QTX2HBW5RZC?via=qr',
  art: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="#0b6e69"/></svg>', ...more,
});
