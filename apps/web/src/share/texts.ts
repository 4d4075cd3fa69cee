import { addTexts } from '../texts/areas.ts';

const en = {
  title: 'Show my badges',
  lead: 'Choose badges and show them on one page. Whoever has its link sees it; nobody finds it otherwise, and you can end it at any time.',
  choose: 'Which badges',
  chosen_one: '{{count}} badge chosen',
  chosen_other: '{{count}} badges chosen',
  all: 'Choose all',
  none: 'Choose none',
  empty: 'You have no badge to show yet. The first one appears here as soon as you have earned it.',
  show: 'Make the page',
  change: 'Save the choice',
  saved: 'Saved. The page shows it now.',
  failed: 'That was not done: {{why}}',
  link: 'Your page',
  since: 'There since {{date}}',
  address: 'Its link',
  open: 'Look at it',
  named: 'It shows your name, as you have agreed to.',
  unnamed: 'It does not show your name.',
  consent: 'Change that in My data',
  states: 'A badge that is suspended or revoked meanwhile stays on the page and says so.',
  withdraw: 'Withdraw it…',
  withdrawSure: 'Show your badges no more?',
  withdrawAbout: 'The link is dead at once and for good. Where you have sent it, it leads to nothing. You can make another page at any time; it has another link.',
  withdrawNow: 'Withdraw it',
  withdrawn: 'Nothing is shown any more.',
  back: 'Growth path',
};

/** The shape that each language has. */
export type ShareTexts = typeof en;

const ko: ShareTexts = {
  title: '내 배지 보여 주기',
  lead: '배지를 골라 한 페이지에 모아 보여 줄 수 있습니다. 링크를 아는 사람만 볼 수 있으며, 언제든지 공개를 끝낼 수 있습니다.',
  choose: '보여 줄 배지',
  chosen_one: '배지 {{count}}개 선택',
  chosen_other: '배지 {{count}}개 선택',
  all: '모두 선택',
  none: '선택 해제',
  empty: '아직 보여 줄 배지가 없습니다. 첫 배지를 얻으면 바로 이곳에 나타납니다.',
  show: '페이지 만들기',
  change: '선택 저장',
  saved: '저장했습니다. 페이지에 바로 반영되었습니다.',
  failed: '처리하지 못했습니다: {{why}}',
  link: '내 페이지',
  since: '{{date}}부터 공개',
  address: '링크',
  open: '페이지 열기',
  named: '동의하신 대로 이름이 표시됩니다.',
  unnamed: '이름은 표시되지 않습니다.',
  consent: '‘내 정보’에서 바꾸기',
  states: '그사이 보류되거나 취소된 배지는 페이지에 남고, 그 상태가 함께 표시됩니다.',
  withdraw: '공개 끝내기…',
  withdrawSure: '배지 공개를 끝낼까요?',
  withdrawAbout: '링크가 즉시, 영구히 끊어집니다. 이미 보낸 링크로는 더 이상 아무것도 볼 수 없습니다. 페이지는 언제든지 다시 만들 수 있으며 새 링크가 생깁니다.',
  withdrawNow: '공개 끝내기',
  withdrawn: '이제 아무것도 공개되지 않습니다.',
  back: '성장 경로',
};

addTexts('share', { en, ko });
