import { stringify } from 'yaml';

/** How a new badge can begin. */
export const STARTS = ['attendance', 'grades', 'missions', 'blank'] as const;
export type Start = (typeof STARTS)[number];

const BEGINNINGS: Readonly<Record<Start, { readonly text: Readonly<Record<string, string>>; readonly decides: unknown; readonly criteria: unknown }>> = {
  attendance: { text: { en: 'At least 80 % of the sessions attended when the course closes.', ko: '과정이 끝날 때 출석률이 80% 이상이어야 합니다.' }, decides: { 'at-close': 'course' }, criteria: { 'attendance-rate': { 'at-least': 80 } } },
  grades: {
    text: { en: 'An average of at least 70 % of the grades when the course closes, and no assignment missing.', ko: '과정이 끝날 때 성적 평균이 70% 이상이고 제출하지 않은 과제가 없어야 합니다.' },
    decides: { 'at-close': 'course' },
    criteria: { all: [{ mean: { 'at-least': 70, missing: 'zero' } }, { 'none-missing': { of: 'submissions' } }] },
  },
  missions: { text: { en: 'Three missions completed.', ko: '미션 세 개를 완료해야 합니다.' }, decides: 'as-soon-as-met', criteria: { count: { of: 'missions', 'at-least': 3, distinct: 'activity' } } },
  blank: { text: { en: 'What a learner has to do.', ko: '학습자가 해야 할 일을 적어 주세요.' }, decides: 'as-soon-as-met', criteria: { all: [{ count: { of: 'missions', 'at-least': 1 } }] } },
};

/** The text of a new rule. */
export const newRule = ({ badge, name, course, start }: { readonly badge: string; readonly name: Readonly<Record<'en' | 'ko', string>>; readonly course: string; readonly start: Start }): string => {
  const { text, decides, criteria } = BEGINNINGS[start];
  const names = { en: name.en === '' ? name.ko : name.en, ...(name.ko !== '' && { ko: name.ko }) };
  return stringify({ badge, name: names, 'criteria-text': text, course, decides, 'when-corrected': 'review', criteria }, { lineWidth: 0 });
};

/** An id made of a name, as far as it has letters for one. */
export const idOf = (name: string): string =>
  name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 64);

/** The courses that somebody teaches, of those that are known; such as are named and not known yet, too. @param own ids, or beginnings with a "*" behind */
export const ownCourses = <T extends { readonly id: string }>(own: readonly string[], known: readonly T[]): readonly (T | { readonly id: string; readonly title?: string })[] => {
  const isOwn = (id: string): boolean => own.some((one) => (one.endsWith('*') ? id.startsWith(one.slice(0, -1)) : id === one));
  return [...known.filter(({ id }) => isOwn(id)), ...own.filter((one) => !one.endsWith('*') && known.every(({ id }) => id !== one)).map((id) => ({ id }))];
};
