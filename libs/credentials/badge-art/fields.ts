/** The printing ink of a field of competence. */
export type Ink = 'indigo' | 'teal' | 'plum' | 'moss' | 'brick' | 'slate';

/** What a badge's words say about its field: an icon for what it is about, an ink for the family it belongs to. */
export interface Field {
  /** Name of a Lucide icon. */
  readonly icon: string;
  readonly ink: Ink;
}

type Entry<T> = readonly [value: T, words: string];

/*
 * Words stand in the order in which they are looked for: what is special before what is general. A Latin word stands for all
 * that begins with it ("present" for "presentation"); Hangul is found anywhere, since particles and compounds join it.
 */
const ICONS: readonly Entry<string>[] = [
  ['footprints', 'first step, beginner, getting started, introduct, 첫걸음, 입문'],
  ['trophy', 'winner, champion, competition, hackathon, 우승, 경진, 해커톤'],
  ['award', 'honour, honor, distinction, excellence, merit, 우등, 최우수, 우수'],
  ['graduation-cap', 'graduat, completion, bootcamp, 졸업, 수료'],
  ['calendar-check', 'attendance, every week, punctual, 출석, 개근'],
  ['shield-check', 'reliab, dependab, trust, 믿음직, 신뢰, 책임'],
  ['flag', 'lead, manage, 리더, 관리자'],
  ['message-square-quote', 'feedback, critic, critique, peer review, 피드백, 비평, 동료 평가'],
  ['presentation', 'storytell, present, pitch, demo day, 스토리, 발표, 데모데이'],
  ['mic', 'speaking, speech, debate, 말하기, 토론, 연설'],
  ['trending-up', 'momentum, progress, growth, streak, 추진력, 성장, 향상'],
  ['repeat-2', 'weekly practice, in practice, revision, monthly, 복습, 실습, 매월'],
  ['notebook-pen', 'habit, study, self-organi, 습관, 자기 주도, 학습 태도'],
  ['lightbulb', 'idea, creativ, innovat, problem-solving, 창의, 아이디어, 문제 해결'],
  ['search', 'research, investigat, inquiry, 연구, 조사, 탐구'],
  ['chart-spline', 'analy, data science, statistic, forecast, 분석, 데이터 과학, 통계'],
  ['pencil-ruler', 'design, prototyp, ux, ui, 디자인, 설계'],
  ['chart-column', 'chart, visuali, data-visuali, dashboard, 차트, 시각화, 대시보드'],
  ['database', 'sql, database, quer, data model, 데이터베이스, 쿼리'],
  ['brain', 'machine learning, artificial intelligence, deep learning, ai, 인공지능, 머신러닝, 딥러닝'],
  ['shield', 'security, privacy, 보안, 개인정보'],
  ['cloud', 'cloud, devops, infrastructure, 클라우드, 인프라'],
  ['circuit-board', 'electronic, robot, embedded, hardware, 전자, 로봇, 하드웨어'],
  ['code-xml', 'program, coding, software, python, java, web, develop, 프로그래밍, 코딩, 소프트웨어, 개발'],
  ['table-2', 'spreadsheet, excel, data, 스프레드시트, 엑셀, 데이터'],
  ['users', 'team, collaborat, cooperat, community, 팀, 협업, 협력, 공동체'],
  ['languages', 'language, translat, english, korean, toeic, topik, 언어, 외국어, 번역, 영어, 한국어'],
  ['feather', 'writing, author, essay, journalis, 글쓰기, 작문, 작가'],
  ['book-open', 'reading, literature, history, philosoph, 독서, 문학, 역사, 철학'],
  ['calculator', 'mathemat, algebra, calculus, accounting, 수학, 회계'],
  ['flask-conical', 'chemi, laborator, experiment, science, 화학, 실험, 과학'],
  ['leaf', 'environment, sustainab, ecolog, biolog, 환경, 지속가능, 생태, 생물'],
  ['stethoscope', 'medic, nurs, clinical, health, 의료, 의학, 간호, 보건, 건강'],
  ['heart-handshake', 'volunteer, caring, caregiv, social work, 봉사, 돌봄, 사회 복지'],
  ['landmark', 'finance, bank, economi, 금융, 은행, 경제'],
  ['scale', 'law, legal, compliance, ethic, 법률, 법학, 준법, 윤리'],
  ['megaphone', 'marketing, advertis, public relations, 마케팅, 광고, 홍보'],
  ['briefcase-business', 'business, sales, project, consult, 경영, 영업, 프로젝트, 비즈니스'],
  ['hard-hat', 'safety, construction, 안전, 건설'],
  ['wrench', 'engineer, mechanic, maintenance, craft, 공학, 기계, 정비, 제작'],
  ['palette', 'art, paint, illustrat, 미술, 예술, 그림'],
  ['music', 'music, choir, 음악, 합창'],
  ['dumbbell', 'sport, fitness, 체육, 운동'],
  ['presentation', 'teach, tutor, mentor, 교육, 강의, 멘토'],
];

const INKS: readonly Entry<Ink>[] = [
  ['plum', 'team, collaborat, cooperat, community, lead, communicat, social, volunteer, 팀, 협업, 협력, 소통, 리더, 봉사'],
  ['teal', 'visuali, design, chart, ux, art, music, present, storytell, 시각화, 디자인, 차트, 발표, 스토리, 미술, 예술, 음악'],
  ['indigo', 'sql, database, data, program, coding, software, security, cloud, ai, 데이터, 프로그래밍, 코딩, 소프트웨어, 보안, 인공지능'],
  ['moss', 'science, biolog, environment, health, medic, nurs, sport, sustainab, 과학, 생물, 환경, 보건, 의료, 건강, 체육'],
  ['brick', 'language, writing, history, literature, reading, law, ethic, 언어, 글쓰기, 역사, 문학, 독서, 법률, 법학, 윤리'],
];

const HANGUL = /\p{Script=Hangul}/u;
const matcher = (words: string): RegExp =>
  new RegExp(
    words.split(', ').map((word) => {
      if (HANGUL.test(word)) return word;
      // Short words and those that begin many others have to stand alone.
      return word.length <= 3 ? `(?<![a-z])${word}(?![a-z])` : `(?<![a-z])${word}`;
    }).join('|'),
    'u',
  );
const compiled = <T>(entries: readonly Entry<T>[]): readonly (readonly [T, RegExp])[] => entries.map(([value, words]) => [value, matcher(words)]);
const ICON_WORDS = compiled(ICONS);
const INK_WORDS = compiled(INKS);

const firstIn = <T>(table: readonly (readonly [T, RegExp])[], texts: readonly string[]): T | undefined => {
  for (const text of texts) {
    const lower = text.slice(0, 2000).normalize('NFC').toLowerCase();
    for (const [value, words] of table) if (words.test(lower)) return value;
  }
  return undefined;
};

/**
 * The field that texts about a badge speak of. The icon comes from the first text that says anything (`texts` goes from the
 * name to the tags to the long ones), the ink from the tags before the rest, so that badges of one course look related.
 */
export const fieldOf = (names: readonly string[], tags: readonly string[], longer: readonly string[]): Field => {
  const tagged = tags.join(', ');
  return {
    icon: firstIn(ICON_WORDS, [...names, tagged, ...longer]) ?? 'badge-check',
    ink: firstIn(INK_WORDS, [...tags, ...names, ...longer]) ?? 'slate',
  };
};
