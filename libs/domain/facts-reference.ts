import type { Fact } from './fact.js';
import { factId, isCorrection, type CorrectionEvent, type CourseFactEvent, type FactValues, type LearnerFactEvent, type LearningEvent } from './learning-event.js';
import { supersedes, type Versioned } from './versions.js';

/* TEST SUPPORT: what facts hold, worked out anew from all events: short, slow and obviously right. */

type Report = LearnerFactEvent | CourseFactEvent;

interface Standing {
  readonly report: Report;
  readonly fact: Fact;
}

const grouped = <T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> => {
  const groups = new Map<string, readonly T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
};

const identityOf = (event: LearningEvent): string => factId(event.source, isCorrection(event) ? event.target : event.id);

const byVersion = (a: Versioned, b: Versioned): number => (supersedes(a, b) ? 1 : supersedes(b, a) ? -1 : 0);

const newest = <E extends Versioned>(events: readonly E[]): E | undefined => [...events].sort(byVersion).at(-1);

/** The newest version of each correction, older ones first. */
const inOrder = (corrections: readonly CorrectionEvent[]): readonly CorrectionEvent[] =>
  [...grouped(corrections, ({ id }) => id).values()].flatMap((versions) => newest(versions) ?? []).sort(byVersion);

const applies = (correction: CorrectionEvent, { version }: Report): boolean =>
  correction.version === undefined || version === undefined || correction.version >= version;

/** An event without who, where and which. */
const saidIn = (report: Report): FactValues & { readonly time: number } => {
  const { type: _type, source: _source, id: _id, version: _version, course: _course, activity: _activity, occurrence: _occurrence, ...said } = report;
  if ('learner' in said) delete (said as { learner?: string }).learner;
  return said;
};

const factOf = (id: string, report: Report, corrections: readonly CorrectionEvent[]): Fact | undefined => {
  const applied = inOrder(corrections).filter((correction) => applies(correction, report));
  if (applied.at(-1)?.type === 'FactRetracted') return undefined;
  const { type, course, activity, occurrence } = report;
  const { time, ...values } = applied.reduce((said, { changes }) => ({ ...said, ...changes }), saidIn(report));
  const correctedBy = applied.map((correction) => factId(correction.source, correction.id));
  return { id, type, course, activity, occurrence, time, values, correctedBy };
};

const subjectOf = ({ id, type, course, activity, occurrence, values }: Fact): string => {
  const repeats = type === 'MissionStarted' || type === 'MissionCompleted';
  const kind = type === 'LearnerFlagged' ? values.kind : undefined;
  return JSON.stringify(repeats && occurrence === undefined ? [id] : [type, course, activity, occurrence, kind]);
};

const newer = (a: Standing, b: Standing): Standing => (byVersion(a.report, b.report) || (a.fact.id < b.fact.id ? -1 : 1)) > 0 ? a : b;

/** The facts that hold after these events, in whatever order they came, by id. */
export const referenceFacts = (events: readonly LearningEvent[]): readonly Fact[] => {
  const standing = [...grouped(events, identityOf)].flatMap(([id, all]): readonly Standing[] => {
    const report = newest(all.filter((event): event is Report => !isCorrection(event)));
    const fact = report && factOf(id, report, all.filter(isCorrection));
    return report && fact ? [{ report, fact }] : [];
  });
  const holding = [...grouped(standing, ({ fact }) => subjectOf(fact)).values()].map((rivals) => rivals.reduce(newer).fact);
  return holding.sort((a, b) => (a.id < b.id ? -1 : 1));
};
