import type { Words } from '../words.js';
import type { Severity } from './finding.js';

/**
 * What the badge design score is made of: each dimension's share of the 100 points, which a badge without findings
 * has. A finding takes its points from its dimension, and no dimension goes below 0.
 */
export const DIMENSIONS = {
  sound: { weight: 30, about: { en: 'It can be earned, and it can be missed', ko: '얻을 수도, 얻지 못할 수도 있다' } },
  outcome: { weight: 25, about: { en: 'It asks for an outcome, not for being there', ko: '참여가 아니라 성과를 요구한다' } },
  meaning: { weight: 15, about: { en: 'It says what it certifies', ko: '무엇을 인증하는지 밝힌다' } },
  alignment: { weight: 10, about: { en: 'It is aligned to a competency framework', ko: '역량 체계와 연결되어 있다' } },
  evidence: { weight: 10, about: { en: 'Evidence comes with it', ko: '증거가 함께 제공된다' } },
  place: { weight: 5, about: { en: 'It has its place among the other badges', ko: '다른 배지 사이에서 자리가 분명하다' } },
  use: { weight: 5, about: { en: 'It can be used outside', ko: '외부에서 활용할 수 있다' } },
} as const satisfies Readonly<Record<string, { readonly weight: number; readonly about: Words }>>;

export type Dimension = keyof typeof DIMENSIONS;

interface Entry {
  readonly severity: Severity;
  readonly dimension: Dimension;
  readonly points: number;
  readonly why: Words;
  readonly fix: Words;
}

const entry = (severity: Severity, dimension: Dimension, points: number, why: Words, fix: Words): Entry => ({ severity, dimension, points, why, fix });

/** Every finding: how much it matters, what it costs, why, and what to do. */
export const CATALOGUE = {
  'never-met': entry('error', 'sound', 30,
    { en: 'Nobody can ever earn this badge.', ko: '아무도 이 배지를 받을 수 없습니다.' },
    { en: 'Lower the number, or widen what it counts.', ko: '기준 수를 낮추거나 대상 범위를 넓히세요.' }),
  'contradiction': entry('error', 'sound', 30,
    { en: 'Two criteria exclude each other, so nobody can meet both.', ko: '두 조건이 서로 배타적이어서 함께 충족할 수 없습니다.' },
    { en: 'Take one of them out, or let one look at something else.', ko: '둘 중 하나를 지우거나 서로 다른 것을 보게 하세요.' }),
  'met-by-nothing': entry('error', 'sound', 30,
    { en: 'A learner who does nothing meets the criteria, so the badge proves nothing.', ko: '아무것도 하지 않은 학습자도 조건을 충족하므로 배지가 증명하는 것이 없습니다.' },
    { en: 'Add a criterion that asks for something to be done.', ko: '실제로 해내야 하는 조건을 추가하세요.' }),
  'dead-part': entry('warning', 'sound', 10,
    { en: 'This part can never be met, so it only looks like a way to the badge.', ko: '이 부분은 결코 충족될 수 없어 배지로 가는 길처럼 보일 뿐입니다.' },
    { en: 'Take it out, or correct its numbers.', ko: '지우거나 숫자를 바로잡으세요.' }),
  'idle-part': entry('advice', 'sound', 5,
    { en: 'This part is always met, so it asks for nothing.', ko: '이 부분은 항상 충족되므로 요구하는 것이 없습니다.' },
    { en: 'Take it out, or make it stricter.', ko: '지우거나 더 엄격하게 하세요.' }),
  'more-than-offered': entry('warning', 'sound', 15,
    { en: 'The course does not offer enough for anybody to meet it.', ko: '과정이 제공하는 것만으로는 충족할 수 없습니다.' },
    { en: 'Lower the number, or publish the missing activities.', ko: '기준 수를 낮추거나 부족한 활동을 게시하세요.' }),
  'more-than-full-marks': entry('warning', 'sound', 15,
    { en: 'It asks for more than full marks, which only extra credit gives.', ko: '만점보다 높은 점수를 요구하며, 이는 가산점이 있어야만 가능합니다.' },
    { en: 'Ask for at most 100 %.', ko: '100% 이하로 정하세요.' }),
  'threshold-zero': entry('warning', 'sound', 10,
    { en: 'A threshold of 0 is met by any result, the worst included.', ko: '기준이 0이면 가장 낮은 결과도 충족합니다.' },
    { en: 'Ask for the level that the badge is meant to state.', ko: '배지가 나타내려는 수준을 기준으로 정하세요.' }),
  'counts-after-close': entry('advice', 'sound', 5,
    { en: 'What happens after the day on which it decides still changes the result.', ko: '판정일 이후의 기록도 결과를 바꿉니다.' },
    { en: 'Give the criterion a "to-course-day" that is not after the closing day.', ko: '조건에 마감일을 넘지 않는 "to-course-day"를 지정하세요.' }),
  'nearly-nobody': entry('warning', 'sound', 15,
    { en: 'On recorded history hardly anybody earns it: it motivates nobody.', ko: '과거 기록에서 거의 아무도 받지 못해 동기를 주지 못합니다.' },
    { en: 'Check the thresholds against what learners reached.', ko: '학습자가 실제로 도달한 값과 기준을 비교하세요.' }),
  'unknown-name': entry('warning', 'sound', 10,
    { en: 'A criterion that names what does not exist counts nothing.', ko: '존재하지 않는 이름을 쓰는 조건은 아무것도 세지 않습니다.' },
    { en: 'Correct the name, or record what it stands for first.', ko: '이름을 바로잡거나 해당 항목을 먼저 등록하세요.' }),
  'prerequisite-unknown': entry('warning', 'sound', 15,
    { en: 'A badge that asks for one that nobody can earn cannot be earned either.', ko: '아무도 받을 수 없는 배지를 요구하면 이 배지도 받을 수 없습니다.' },
    { en: 'Correct the name, or write the rule of that badge.', ko: '이름을 바로잡거나 그 배지의 규칙을 작성하세요.' }),
  'prerequisite-cycle': entry('error', 'sound', 30,
    { en: 'Badges that ask for each other cannot be earned, by anybody.', ko: '서로를 요구하는 배지는 아무도 받을 수 없습니다.' },
    { en: 'Take one of the badges out of the circle.', ko: '순환에서 한 배지를 빼세요.' }),

  'submission-only': entry('warning', 'outcome', 25,
    { en: 'Handing in, starting or being enrolled says nothing about what a learner can do.', ko: '제출, 시작, 등록만으로는 학습자의 능력을 알 수 없습니다.' },
    { en: 'Ask for a quality as well: a mark ("min-score", "mean"), a completed mission or an approval.', ko: '점수("min-score", "mean"), 완료한 미션, 승인처럼 질을 나타내는 조건을 더하세요.' }),
  'attendance-only': entry('advice', 'outcome', 10,
    { en: 'Being there is a habit worth a badge, but no evidence of a skill.', ko: '출석은 좋은 습관이지만 역량의 증거는 아닙니다.' },
    { en: 'Say so in its name, or ask for an outcome as well.', ko: '이름에서 이를 밝히거나 성과 조건을 더하세요.' }),
  'rate-of-one': entry('warning', 'outcome', 12,
    { en: 'The rate is final only at the close; decided as soon as it is met, one early result can earn the badge.', ko: '비율은 과정이 끝나야 확정됩니다. 충족 즉시 판정하면 이른 결과 하나로도 배지를 받을 수 있습니다.' },
    { en: 'Decide "at-close", or ask for a number of results beside the rate.', ko: '"at-close"로 판정하거나 비율과 함께 결과의 개수를 요구하세요.' }),
  'rate-before-end': entry('advice', 'outcome', 4,
    { en: 'The rate can drop after the badge is earned, which stays.', ko: '배지를 받은 뒤 비율이 떨어져도 배지는 유지됩니다.' },
    { en: 'Decide "at-close" or "continuously" where the whole course should count.', ko: '과정 전체를 반영하려면 "at-close"나 "continuously"로 판정하세요.' }),
  'one-event': entry('advice', 'outcome', 8,
    { en: 'One event is thin evidence: a single slip of a source awards the badge.', ko: '사건 하나는 증거로 약하며, 원천의 실수 하나로 배지가 수여됩니다.' },
    { en: 'Ask for several results, or for an approval.', ko: '여러 결과나 승인을 요구하세요.' }),
  'one-approver': entry('warning', 'outcome', 8,
    { en: 'Its rule takes two people to change, and one alone gives the badge.', ko: '규칙을 바꾸려면 두 사람이 필요하지만 배지는 한 사람이 혼자 줄 수 있습니다.' },
    { en: 'Ask for the approval of two ("by: 2"), or for a recorded result as well.', ko: '두 사람의 승인("by: 2")이나 기록된 결과를 함께 요구하세요.' }),
  'recurs-without-limit': entry('warning', 'outcome', 10,
    { en: 'A badge that everybody gets again and again is worth little.', ko: '누구나 거듭 받는 배지는 가치가 낮습니다.' },
    { en: 'Let it recur less often, or ask for more in each period.', ko: '반복 주기를 늘리거나 기간마다 더 많은 것을 요구하세요.' }),
  'nearly-everybody': entry('warning', 'outcome', 15,
    { en: 'A badge that nearly everybody earns tells nobody anything.', ko: '거의 모두가 받는 배지는 아무것도 알려 주지 않습니다.' },
    { en: 'Raise the threshold, or make it a lower level of a family.', ko: '기준을 높이거나 배지 계열의 낮은 단계로 만드세요.' }),

  'no-competency': entry('warning', 'meaning', 8,
    { en: 'Nobody outside can tell what its holder can do.', ko: '외부에서는 보유자가 무엇을 할 수 있는지 알 수 없습니다.' },
    { en: 'Add "competency": one sentence with a verb, what its holder can do.', ko: '보유자가 할 수 있는 일을 동사가 있는 한 문장으로 "competency"에 적으세요.' }),
  'text-too-short': entry('advice', 'meaning', 4,
    { en: 'The published text is all that an employer reads.', ko: '고용주가 읽는 것은 게시된 글뿐입니다.' },
    { en: 'Write one full sentence.', ko: '완전한 문장으로 쓰세요.' }),
  'text-without-threshold': entry('warning', 'meaning', 5,
    { en: 'The published criteria and those that decide must be the same.', ko: '게시된 기준과 실제 판정 기준이 같아야 합니다.' },
    { en: 'Say the number in "criteria-text".', ko: '"criteria-text"에 그 수를 적으세요.' }),

  'no-alignment': entry('advice', 'alignment', 10,
    { en: 'Without a link to a framework nobody can compare the badge with others or search for it.', ko: '역량 체계와 연결되지 않으면 다른 배지와 비교하거나 검색할 수 없습니다.' },
    { en: 'Add "alignments" with name, url and framework (ESCO, CASE, CTDL, …).', ko: 'name, url, framework(ESCO, CASE, CTDL 등)를 갖춘 "alignments"를 추가하세요.' }),
  'alignment-no-link': entry('advice', 'alignment', 4,
    { en: 'An alignment that no browser opens cannot be checked by its readers.', ko: '브라우저로 열 수 없는 연결은 독자가 확인할 수 없습니다.' },
    { en: 'Give the https address of the framework item.', ko: '해당 항목의 https 주소를 적으세요.' }),

  'no-evidence': entry('warning', 'evidence', 10,
    { en: 'No criterion names a fact that counts for the learner, so the award comes without evidence.', ko: '학습자에게 유리한 사실을 세는 조건이 없어 증거 없이 수여됩니다.' },
    { en: 'Add a criterion that something was reached.', ko: '무언가에 도달했다는 조건을 추가하세요.' }),
  'no-evidence-text': entry('advice', 'evidence', 5,
    { en: 'Readers of the credential do not learn what the evidence shows.', ko: '자격을 보는 사람이 증거의 의미를 알 수 없습니다.' },
    { en: 'Add "evidence": what the evidence will show.', ko: '증거가 보여 주는 것을 "evidence"에 적으세요.' }),

  'badge-twice': entry('error', 'place', 5,
    { en: 'A badge has one rule; the second file is not published.', ko: '배지 하나에는 규칙이 하나이며 두 번째 파일은 게시되지 않습니다.' },
    { en: 'Give one of them another badge id.', ko: '둘 중 하나의 배지 id를 바꾸세요.' }),
  'same-criteria': entry('warning', 'place', 5,
    { en: 'Two badges for the same thing devalue each other.', ko: '같은 것에 대한 두 배지는 서로의 가치를 떨어뜨립니다.' },
    { en: 'Keep one of them, or let them ask for different things.', ko: '하나만 두거나 서로 다른 것을 요구하게 하세요.' }),
  'implied': entry('advice', 'place', 3,
    { en: 'Whoever earns the one earns the other, and nothing says that they are steps of one thing.', ko: '하나를 받으면 다른 것도 받지만 둘이 같은 것의 단계라는 표시가 없습니다.' },
    { en: 'Make them levels of one family with "level".', ko: '"level"로 한 계열의 단계로 만드세요.' }),
  'level-taken': entry('warning', 'place', 4,
    { en: 'Of two badges with one rank nobody can say which supersedes the other.', ko: '같은 순위의 두 배지는 어느 것이 상위인지 알 수 없습니다.' },
    { en: 'Give each level a rank of its own.', ko: '단계마다 다른 순위를 주세요.' }),
  'level-gap': entry('advice', 'place', 2,
    { en: 'Learners look for the level in between, which does not exist.', ko: '학습자가 존재하지 않는 중간 단계를 찾게 됩니다.' },
    { en: 'Number the levels 1, 2, 3, … or write the missing one.', ko: '단계를 1, 2, 3처럼 이어서 매기거나 빠진 단계를 만드세요.' }),
  'pathway-unknown': entry('warning', 'place', 4,
    { en: 'The badge is shown on no pathway.', ko: '배지가 어떤 경로에도 표시되지 않습니다.' },
    { en: 'Correct the name, or write the rule of the role badge.', ko: '이름을 바로잡거나 역할 배지의 규칙을 작성하세요.' }),
  'pathway-no-role': entry('warning', 'place', 3,
    { en: 'Only a badge with a "role" has a pathway.', ko: '"role"이 있는 배지만 경로를 가집니다.' },
    { en: 'Name a role badge, or give that badge a "role".', ko: '역할 배지를 지정하거나 그 배지에 "role"을 추가하세요.' }),

  'language-missing': entry('advice', 'use', 3,
    { en: 'Readers of the other language see a text that they may not understand.', ko: '다른 언어를 쓰는 사람은 이해하지 못하는 글을 보게 됩니다.' },
    { en: 'Add the missing language.', ko: '빠진 언어를 추가하세요.' }),
  'no-image': entry('advice', 'use', 2,
    { en: 'A picture of its own is recognised where badges are shared; the generated one looks like its siblings.', ko: '고유한 그림이 있어야 공유될 때 알아보기 쉽습니다. 자동 생성된 그림은 서로 비슷합니다.' },
    { en: 'Add "image": a file beside the rule, or an https address.', ko: '규칙 옆의 파일이나 https 주소를 "image"에 적으세요.' }),
} as const satisfies Readonly<Record<string, Entry>>;

export type FindingCode = keyof typeof CATALOGUE;
