import type { Certificate, Language } from '#credentials/certificate/certificate.js';
import { renderPng } from '#credentials/raster.js';

const turned = (count: number, draw: (degrees: number) => string): string =>
  Array.from({ length: count }, (_, index) => draw((360 / count) * index)).join('');

/** A badge as plain as can be that still has what badges have: an edge, a gradient, fine lines, a mark. */
export const sampleArt = (hue: string, dark: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512"><defs><radialGradient id="g" cx="0.5" cy="0.4" r="0.6">` +
  `<stop offset="0" stop-color="#fdfcf9"/><stop offset="1" stop-color="#e9e4d8"/></radialGradient></defs>` +
  `<path d="M256 16L464 136L464 376L256 496L48 376L48 136Z" fill="${hue}" stroke="${dark}" stroke-width="6" stroke-linejoin="round"/>` +
  `<path d="M256 44L440 150L440 362L256 468L72 362L72 150Z" fill="url(#g)" stroke="#ffffff" stroke-width="3"/>` +
  turned(24, (degrees) => `<ellipse cx="256" cy="256" rx="168" ry="62" fill="none" stroke="${dark}" stroke-opacity="0.35" stroke-width="1" transform="rotate(${degrees} 256 256)"/>`) +
  `<circle cx="256" cy="256" r="82" fill="${dark}"/><path d="M214 258L244 290L300 226" fill="none" stroke="#ffffff" stroke-width="18" stroke-linecap="round" stroke-linejoin="round"/></svg>`;

/** A wide logo with a transparent ground. */
export const sampleLogo = (): Uint8Array => renderPng(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 80"><circle cx="40" cy="40" r="34" fill="#c8452d"/><path d="M24 54L24 26L40 44L56 26L56 54" fill="none" stroke="#ffffff" stroke-width="6" stroke-linejoin="round"/>' +
  '<path d="M96 20L120 20L120 60L96 60ZM132 20L156 20L156 60L132 60ZM168 20L192 20L192 60L168 60ZM204 20L228 20L228 60L204 60ZM240 20L290 20L290 32L240 32ZM240 48L290 48L290 60L240 60Z" fill="#2b2f38"/></svg>', { width: 900 });

const common = {
  template: 'corporate',
  timeZone: 'Asia/Seoul',
  awarded: '2026-11-17T09:30:00+09:00',
  code: '7K3M9QTX2HBW5RZC',
  verificationUrl: 'https://badges.hanbit.example/v/7K3M-9QTX-2HBW-5RZC',
  art: sampleArt('#7d8793', '#3d4854'),
} as const;

const texts = {
  en: {
    recipient: 'Mina Kim', badge: 'SQL Practitioner', level: 'Silver', course: 'SQL Basics, autumn term 2026', issuer: 'Hanbit Academy',
    competence: 'Writes joins, aggregations and window functions against a real schema, and explains what a query costs.',
    criteria: 'Attended at least 80 % of the sessions, reached an average of 70 over assignments A1 to A5 with the lowest one dropped, completed 3 missions tagged teamwork, and left no assignment missing when the course closed.',
    signatory: { name: 'Jiwoo Han', title: 'Head of Data Programmes' },
  },
  ko: {
    recipient: '김민아', badge: 'SQL 실무 활용', level: '실버', course: '2026년 가을 학기 SQL 기초', issuer: '한빛아카데미',
    competence: '실제 스키마에서 조인과 집계, 윈도 함수를 활용해 질의를 작성하고 실행 비용을 설명할 수 있습니다.',
    criteria: '수업의 80% 이상에 출석하고, 가장 낮은 과제 하나를 제외한 A1~A5 과제 평균이 70점 이상이며, 협업 미션 3개를 완료하고, 과정 종료 시점에 미제출 과제가 없어야 합니다.',
    signatory: { name: '한지우', title: '데이터 교육 책임자' },
  },
} as const;

const long = {
  en: {
    recipient: 'Maximiliana Theodora Konstantinopoulou-Featherstonehaugh von und zu Hohenlohe-Schillingsfürst',
    badge: 'Interdisciplinary Data Governance, Stewardship and Responsible Machine Learning Practitioner',
    level: 'Advanced professional level', course: 'Executive Programme in Data Governance and Responsible Machine Learning, cohort of autumn 2026',
    issuer: 'Hanbit Academy of Applied Data Sciences and Professional Education, Seoul Metropolitan Campus',
    competence: 'Designs, documents and defends a governance framework for personal and industrial data across departments, judges the fairness of models with measurable criteria, and leads the review of an incident from its discovery to the published lesson, in a language that everybody concerned understands.',
    criteria: Array.from({ length: 5 }, (_, index) => `${index + 1}. Attended at least 80 % of the sessions of module ${index + 1}, reached an average of 70 over its assignments with the lowest one dropped, completed three missions tagged teamwork and received two peer reviews.`).join('\n'),
    signatory: { name: 'Prof. Dr. Alexandrina Montgomery-Whitfield', title: 'Vice President for Academic Affairs and Professional Education' },
    verificationUrl: 'https://credentials.professional-education.hanbit-academy.example/verify/7K3M-9QTX-2HBW-5RZC',
  },
  ko: {
    recipient: '남궁하늘별빛나라사랑온누리에가득한아름다운우리말이름을가진사람',
    badge: '데이터 거버넌스와 책임 있는 기계 학습을 위한 부서 간 협업 및 품질 관리 전문가 과정 수료',
    level: '고급 전문가', course: '2026년 가을 학기 데이터 거버넌스와 책임 있는 기계 학습 최고위 과정',
    issuer: '한빛응용데이터과학전문교육원 서울캠퍼스 평생교육진흥센터',
    competence: '부서를 넘나드는 개인 정보와 산업 데이터의 거버넌스 체계를 설계하고 문서화하며, 측정 가능한 기준으로 모형의 공정성을 판단하고, 사고의 발견부터 재발 방지 대책의 공개까지 모든 관계자가 이해할 수 있는 언어로 검토를 이끌 수 있습니다.',
    criteria: Array.from({ length: 5 }, (_, index) => `${index + 1}. ${index + 1}단원 수업의 80% 이상에 출석하고, 가장 낮은 과제 하나를 제외한 과제 평균이 70점 이상이며, 협업 미션 3개를 완료하고 동료 평가를 2회 이상 받아야 합니다.`).join('\n'),
    signatory: { name: '황보알렉산드리나', title: '평생교육진흥센터 학사 및 전문교육 담당 부원장' },
    verificationUrl: 'https://credentials.professional-education.hanbit-academy.example/verify/7K3M-9QTX-2HBW-5RZC',
  },
} as const;

const without = (certificate: Certificate, ...keys: readonly (keyof Certificate)[]): Certificate =>
  Object.fromEntries(Object.entries(certificate).filter(([key]) => !keys.includes(key as keyof Certificate))) as unknown as Certificate;

/** One certificate with everything on it. */
export const sample = (language: Language): Certificate =>
  ({ ...common, language, ...texts[language], validUntil: '2028-11-16T23:59:59+09:00' });

/** The cases that a template has to look good in, by name. */
export const samples = (language: Language): Readonly<Record<string, Certificate>> => {
  const full = sample(language);
  return {
    full,
    'with-logo': { ...full, logo: sampleLogo(), accent: '#c8452d', art: sampleArt('#b8860b', '#6b4c08') },
    'no-recipient': without(full, 'recipient'),
    'no-level': without(full, 'level', 'course', 'validUntil', 'competence'),
    'short': { ...without(full, 'validUntil', 'signatory', 'course', 'competence'), recipient: language === 'ko' ? '이안' : 'Li An', criteria: language === 'ko' ? '출석 80% 이상.' : 'Attend 80 %.', art: sampleArt('#a8703a', '#5d3a17'), accent: '#1f3a5f' },
    'long': { ...full, ...long[language], logo: sampleLogo(), accent: '#5b3a8c' },
    'long-no-recipient': { ...without({ ...full, ...long[language] }, 'recipient') },
    'fallback': { ...full, recipient: 'José Álvarez 李 🎉 Ünsal', issuer: 'Académie <b>É</b> & "Söhne"' },
  };
};
