import { addTexts } from '../texts/areas.ts';

const en = {
  share: 'Show a choice of them',
  nextStep: {
    title: 'The step that helps most',
    completes_one: 'It completes {{badges}}.',
    completes_other: 'It completes {{badges}}.',
    closer: 'It brings you closer to {{badges}}.',
    alsoCloser: 'It also brings you closer to {{badges}}.',
    roles: 'On the way to {{roles}}.',
  },
  pathway: {
    title: 'Ways to a role',
    to: 'Way to {{role}}',
    parts: '{{met}} of {{count}} parts',
    reached: 'Reached',
    along: 'Leads there, not required',
    all: 'All of these',
    some: '{{count}} of these',
    anyLevel: 'Any of these levels',
    role: 'The role',
    more_one: 'Show {{count}} more way',
    more_other: 'Show {{count}} more ways',
    fewer: 'Show fewer',
    states: { earned: 'Earned', 'in-progress': 'Begun', open: 'Not begun', 'out-of-reach': 'Out of reach', lost: 'Lost' },
    lost: { suspended: 'Suspended', revoked: 'Revoked', expired: 'Expired', active: 'Earned' },
    progress: '{{met}} of {{count}} met, {{share}} done',
    share: '{{share}} done',
    missing: 'What is still missing',
    seeAward: 'What became of it',
    gone: 'Nobody can earn this badge any more.',
    elsewhere: 'Nothing is recorded about you in its course yet.',
    close: 'Close',
  },
};

/** The shape that each language has. */
export type LearnerTexts = typeof en;

const ko: LearnerTexts = {
  share: '골라서 보여 주기',
  nextStep: {
    title: '지금 가장 도움이 되는 한 걸음',
    completes_one: '{{badges}} 배지가 완성됩니다.',
    completes_other: '{{badges}} 배지가 완성됩니다.',
    closer: '{{badges}} 배지에 가까워집니다.',
    alsoCloser: '{{badges}} 배지에도 가까워집니다.',
    roles: '{{roles}}{{ro}} 이어지는 길입니다.',
  },
  pathway: {
    title: '역할로 가는 길',
    to: '{{role}}{{ro}} 가는 길',
    parts: '{{count}}단계 중 {{met}}단계 완료',
    reached: '도달함',
    along: '필수는 아니지만 도움이 되는 배지',
    all: '모두 필요',
    some: '이 중 {{count}}개',
    anyLevel: '이 중 한 등급',
    role: '역할',
    more_one: '다른 길 {{count}}개 더 보기',
    more_other: '다른 길 {{count}}개 더 보기',
    fewer: '줄여서 보기',
    states: { earned: '획득', 'in-progress': '진행 중', open: '시작 전', 'out-of-reach': '더 이상 얻을 수 없음', lost: '잃음' },
    lost: { suspended: '보류됨', revoked: '취소됨', expired: '만료됨', active: '획득' },
    progress: '조건 {{count}}개 중 {{met}}개 충족, {{share}} 진행',
    share: '{{share}} 진행',
    missing: '아직 필요한 것',
    seeAward: '어떻게 되었는지 보기',
    gone: '이 배지는 더 이상 아무도 얻을 수 없습니다.',
    elsewhere: '이 배지의 과정에는 아직 기록이 없습니다.',
    close: '닫기',
  },
};

addTexts('learner', { en, ko });
