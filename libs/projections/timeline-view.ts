import type { AwardEvent } from '#domain/award.js';
import type { Fact } from '#domain/facts.js';
import { factId, isCorrection, type CorrectionEvent, type FactValues, type LearnerFactEvent } from '#domain/learning-event.js';
import { supersedes } from '#domain/versions.js';
import type { LocalizedText } from '#rules/rule.js';
import { plain, type Words } from '#rules/words.js';
import { causeWords } from './cause-words.js';

/** A value that was reported anew: what it was and what it is. */
export interface ValueChange {
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** A badge for which a fact is evidence. */
export interface CountsFor {
  readonly badge: string;
  readonly state: 'earned' | 'in-reach';
}

/** One thing that happened to a learner: a fact that was reported, a correction of one, or a change of an award. */
export interface TimelineEntry {
  /** Log position; unique. */
  readonly position: number;
  /** Epoch milliseconds. */
  readonly time: number;
  readonly kind: 'fact' | 'correction' | 'award';
  readonly type: string;
  readonly course: string | undefined;
  /** What the course is called, where the learner is in more than one. */
  readonly courseTitle?: string;
  readonly text: Words;
  /** Facts and corrections: the fact that it is about. */
  readonly fact?: string;
  readonly activity?: string;
  readonly title?: string;
  /** Facts: what holds now, corrections applied. */
  readonly values?: FactValues;
  /** Facts: whether it holds, was withdrawn, or was reported anew by a later event. Corrections: whether it applies yet. */
  readonly status?: 'current' | 'withdrawn' | 'replaced' | 'waiting';
  readonly changes?: readonly ValueChange[];
  readonly countsFor?: readonly CountsFor[];
  readonly award?: string;
  /** Awards and approvals: the badge that they are about. */
  readonly badge?: string;
  /** Awards: why it changed. */
  readonly reason?: Words;
}

/** A learning event of the learner's stream with its place. */
export interface PlacedEvent<Event> {
  readonly position: number;
  readonly time: number;
  readonly event: Event;
}

/** What the timeline is made of. */
export interface TimelineInput {
  readonly learning: readonly PlacedEvent<LearnerFactEvent | CorrectionEvent>[];
  readonly awards: readonly PlacedEvent<AwardEvent>[];
  /** The facts that hold now, by id. */
  readonly current: ReadonlyMap<string, Fact>;
  /** Facts that were withdrawn. */
  readonly withdrawn: ReadonlySet<string>;
  /** Badges by the id of a fact that is evidence for them. */
  readonly evidence: ReadonlyMap<string, readonly CountsFor[]>;
  readonly nameOfBadge: (badge: string) => LocalizedText | undefined;
  readonly courseOfBadge: (badge: string) => string | undefined;
  readonly titleOf: (course: string, activity: string) => string | undefined;
  /** What courses are called, where entries have to say it. */
  readonly courseTitleOf: (course: string) => string | undefined;
}

const STATUS_KO: Readonly<Record<string, string>> = { present: '출석', late: '지각', excused: '공결', absent: '결석' };

const scoreText = ({ score, max }: FactValues): Words => {
  if (score === undefined) return { en: '', ko: '' };
  if (max === undefined) return { en: `: ${plain(score)} points`, ko: `: ${plain(score)}점` };
  return { en: `: ${plain(score)} of ${plain(max)}`, ko: `: ${plain(max)}점 중 ${plain(score)}점` };
};

const badgeText = (badge: string, name: LocalizedText | undefined): Words => {
  const en = name?.['en'] ?? badge;
  return { en, ko: name?.['ko'] ?? en };
};

const factText = ({ type, occurrence }: LearnerFactEvent, values: FactValues, { en, ko }: Words): Words => {
  const score = scoreText(values);
  switch (type) {
    case 'Enrolled':
      return values.role === 'staff' ? { en: 'Enrolled as staff', ko: '운영진으로 등록' } : { en: 'Enrolled', ko: '수강 등록' };
    case 'Withdrawn':
      return { en: 'Withdrew', ko: '수강 철회' };
    case 'AttendanceMarked': {
      const status = values.status ?? 'present';
      return { en: `${en || 'Attendance'}: ${status}`, ko: `${ko || '출석'}: ${STATUS_KO[status] ?? status}` };
    }
    case 'AssignmentSubmitted':
      return { en: `Handed in ${en}`, ko: `${ko} 제출` };
    case 'AssignmentGraded':
      if (values.released === false) return { en: `${en} graded, mark not released yet`, ko: `${ko} 채점 (점수 미공개)` };
      return { en: `${en} graded${score.en}`, ko: `${ko} 채점${score.ko}` };
    case 'MissionStarted':
      return { en: `Started ${en}`, ko: `${ko} 시작` };
    case 'MissionCompleted':
      return { en: `Completed ${en}${score.en}`, ko: `${ko} 완료${score.ko}` };
    case 'ExtensionGranted': {
      const due = shown('due', values.due);
      return { en: `Extension for ${en}: due ${due}`, ko: `${ko} 기한 연장: ${due}까지` };
    }
    case 'LearnerFlagged': {
      const kind = shown('kind', values.kind);
      return { en: `Flagged${en && ` at ${en}`}: ${kind}`, ko: `${ko && `${ko} `}주의 기록: ${kind}` };
    }
    case 'ApprovalGiven':
      return { en: `Approved by ${occurrence ?? '–'}: ${en}`, ko: `${occurrence ?? '–'} 승인: ${ko}` };
  }
};

const FIELDS = ['score', 'max', 'released', 'status', 'role', 'kind', 'tags', 'weight', 'due', 'submitted', 'timezone', 'title', 'time'] as const;
type Comparable = FactValues & { readonly time?: number };

/** What the learner may see of a report: no mark that was not released then, or is not `now`. */
const visible = (values: Comparable, now = values): Comparable => {
  if (values.released !== false && now.released !== false) return values;
  const { score: _score, ...others } = values;
  return others;
};

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The fields in which the newer values differ; a field that they do not name stays as it was. */
const changesOf = (from: Comparable, to: Comparable): readonly ValueChange[] =>
  FIELDS.flatMap((field) =>
    to[field] === undefined || same(from[field], to[field]) ? [] : [{ field, from: from[field] ?? null, to: to[field] }],
  );

const FIELD_KO: Readonly<Record<string, string>> = {
  score: '점수', max: '만점', released: '공개', status: '상태', role: '역할', kind: '종류', tags: '태그', weight: '가중치', due: '마감',
  submitted: '제출', timezone: '시간대', title: '제목', time: '시각',
};

const INSTANTS: ReadonlySet<string> = new Set(['time', 'due', 'submitted']);

const shown = (field: string, value: unknown): string => {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'number') return INSTANTS.has(field) ? isoTime(value) : plain(value);
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.join(', ') : JSON.stringify(value);
};

/** ISO 8601 in UTC; an instant that no calendar has is given as its number. */
export const isoTime = (time: number): string => (Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : String(time));

const changeText = (changes: readonly ValueChange[]): Words => {
  const arrow = ({ field, from, to }: ValueChange): string => `${shown(field, from)} → ${shown(field, to)}`;
  return {
    en: changes.map((change) => `${change.field} ${arrow(change)}`).join(', '),
    ko: changes.map((change) => `${FIELD_KO[change.field] ?? change.field} ${arrow(change)}`).join(', '),
  };
};

type Facts = PlacedEvent<LearnerFactEvent>;
type Corrections = PlacedEvent<CorrectionEvent>;

/** Everything that was reported about one fact. */
interface Dossier {
  readonly id: string;
  /** The fact's events, the newest version last. */
  readonly reports: Facts[];
  /** Its corrections, the newest version last. */
  readonly corrections: Corrections[];
}

const byVersion = <E extends LearnerFactEvent | CorrectionEvent>(a: PlacedEvent<E>, b: PlacedEvent<E>): number =>
  supersedes(a.event, b.event) ? 1 : supersedes(b.event, a.event) ? -1 : a.position - b.position;

const dossiersOf = (events: TimelineInput['learning']): Iterable<Dossier> => {
  const dossiers = new Map<string, Dossier>();
  for (const { event, position, time } of events) {
    const correction = isCorrection(event);
    const id = factId(event.source, correction ? event.target : event.id);
    let dossier = dossiers.get(id);
    if (!dossier) dossiers.set(id, (dossier = { id, reports: [], corrections: [] }));
    if (correction) dossier.corrections.push({ event, position, time });
    else dossier.reports.push({ event, position, time });
  }
  for (const { reports, corrections } of dossiers.values()) {
    reports.sort(byVersion);
    corrections.sort(byVersion);
  }
  return dossiers.values();
};

/** What an event is about: its name for people, and the members of an entry that say so. */
interface Subject {
  readonly about: Words;
  readonly named: Pick<TimelineEntry, 'activity' | 'title' | 'badge'>;
}

const subjectOf = (event: LearnerFactEvent, input: TimelineInput): Subject => {
  const { type, course, activity, occurrence } = event;
  if (activity === undefined) return { about: { en: '', ko: '' }, named: {} };
  if (type === 'ApprovalGiven') return { about: badgeText(activity, input.nameOfBadge(activity)), named: { badge: activity } };
  const title = input.titleOf(course, activity) ?? event.title;
  const name = title ?? activity;
  const about = occurrence === undefined ? name : `${name} (${occurrence})`;
  return { about: { en: about, ko: about }, named: { activity, ...(title !== undefined && { title }) } };
};

const factEntries = ({ id, reports }: Dossier, input: TimelineInput): readonly TimelineEntry[] =>
  reports.map(({ event, position, time }, i): TimelineEntry => {
    const { type, course } = event;
    const newest = i === reports.length - 1;
    const current = newest ? input.current.get(id) : undefined;
    const earlier = reports[i - 1];
    const now = current?.values ?? event;
    const changes = earlier ? changesOf(visible(earlier.event), visible(event, now)) : [];
    const { about, named } = subjectOf(event, input);
    const text = factText(event, now, about);
    const what = changeText(changes);
    return {
      position,
      time,
      kind: 'fact',
      type,
      course,
      text: changes.length > 0 ? { en: `${text.en} (${what.en})`, ko: `${text.ko} (${what.ko})` } : text,
      fact: id,
      ...named,
      values: valuesOf(visible(now)),
      status: current ? 'current' : newest && input.withdrawn.has(id) ? 'withdrawn' : 'replaced',
      ...(changes.length > 0 && { changes }),
      countsFor: current ? (input.evidence.get(id) ?? []) : [],
    };
  });

const valuesOf = ({ status, role, score, max, released, kind, tags, weight, due, submitted, timezone, attributes }: FactValues): FactValues => ({
  ...(status !== undefined && { status }),
  ...(role !== undefined && { role }),
  ...(score !== undefined && { score }),
  ...(max !== undefined && { max }),
  ...(released !== undefined && { released }),
  ...(kind !== undefined && { kind }),
  ...(tags !== undefined && { tags }),
  ...(weight !== undefined && { weight }),
  ...(due !== undefined && { due }),
  ...(submitted !== undefined && { submitted }),
  ...(timezone !== undefined && { timezone }),
  ...(attributes !== undefined && { attributes }),
});

/** What a correction is about whose target has not arrived. */
const NOT_ARRIVED: Partial<Subject> = {};

const correctionEntries = ({ id, reports, corrections }: Dossier, input: TimelineInput): readonly TimelineEntry[] => {
  const base = reports.at(-1)?.event;
  const { about, named } = base ? subjectOf(base, input) : NOT_ARRIVED;
  let values: Comparable = base ?? {};
  return corrections.map(({ event, position, time }): TimelineEntry => {
    const outdated = base?.version !== undefined && event.version !== undefined && event.version < base.version;
    const before = values;
    if (!outdated) values = { ...values, ...event.changes };
    const changes = base ? changesOf(visible(before), visible(values)) : [];
    const course = base?.course ?? event.course;
    return {
      position,
      time,
      kind: 'correction',
      type: event.type,
      course,
      text: correctionText(event, about, changes, outdated ? 'outdated' : values.released === false ? 'withheld' : 'applied'),
      fact: id,
      ...named,
      status: !base ? 'waiting' : outdated ? 'replaced' : 'current',
      ...(changes.length > 0 && { changes }),
    };
  });
};

const correctionText = (event: CorrectionEvent, about: Words | undefined, changes: readonly ValueChange[], standing: 'applied' | 'withheld' | 'outdated'): Words => {
  if (about === undefined) return { en: 'Correction of a record that has not arrived yet', ko: '아직 도착하지 않은 기록의 정정' };
  const [en, ko] = about.en === '' ? ['', ''] : [` of ${about.en}`, `${about.ko} `];
  if (standing === 'outdated') return { en: `Correction${en}, replaced by a newer report`, ko: `${ko}정정 (더 새로운 보고로 대체됨)` };
  if (event.type === 'FactRetracted') return { en: `Record${en} withdrawn by its source`, ko: `${ko}기록이 출처에서 철회됨` };
  const what = changeText(changes);
  if (changes.length === 0 && standing === 'withheld') return { en: `Correction${en}, mark not released yet`, ko: `${ko}정정 (점수 미공개)` };
  if (changes.length === 0) return { en: `Correction${en} without effect`, ko: `${ko}정정 (변경 없음)` };
  return { en: `Correction${en}: ${what.en}`, ko: `${ko}정정: ${what.ko}` };
};

const AWARD_TEXT: Readonly<Record<AwardEvent['type'], Words>> = {
  BadgeAwarded: { en: 'Badge awarded', ko: '배지 획득' },
  AwardAmended: { en: 'Award amended', ko: '배지 근거 갱신' },
  AwardRenewed: { en: 'Award renewed', ko: '배지 갱신' },
  AwardExpired: { en: 'Award expired', ko: '배지 유효기간 만료' },
  AwardKept: { en: 'Award kept despite a correction', ko: '정정 이후에도 배지 유지' },
  AwardSuspended: { en: 'Award suspended for review', ko: '배지 검토를 위해 보류' },
  AwardReinstated: { en: 'Award reinstated', ko: '배지 회복' },
  AwardRevoked: { en: 'Award revoked', ko: '배지 취소' },
};

const awardText = ({ type, badge }: AwardEvent, name: LocalizedText | undefined): Words => {
  const { en, ko } = AWARD_TEXT[type];
  const about = badgeText(badge, name);
  return { en: `${en}: ${about.en}`, ko: `${ko}: ${about.ko}` };
};

const awardEntry = ({ event, position, time }: PlacedEvent<AwardEvent>, input: TimelineInput): TimelineEntry => ({
  position,
  time,
  kind: 'award',
  type: event.type,
  course: event.type === 'BadgeAwarded' ? event.course : input.courseOfBadge(event.badge),
  text: awardText(event, input.nameOfBadge(event.badge)),
  award: event.award,
  badge: event.badge,
  reason: causeWords(event.cause),
});

const named = (entry: TimelineEntry, { courseTitleOf }: TimelineInput): TimelineEntry => {
  const courseTitle = entry.course === undefined ? undefined : courseTitleOf(entry.course);
  return courseTitle === undefined ? entry : { ...entry, courseTitle };
};

/** A learner's facts, corrections and awards, newest first. */
export const timelineOf = (input: TimelineInput): readonly TimelineEntry[] => {
  const entries: TimelineEntry[] = input.awards.map((award) => awardEntry(award, input));
  for (const dossier of dossiersOf(input.learning)) {
    entries.push(...factEntries(dossier, input), ...correctionEntries(dossier, input));
  }
  return entries.map((entry) => named(entry, input)).sort((a, b) => b.time - a.time || b.position - a.position);
};
