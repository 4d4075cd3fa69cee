import type { Correction } from './correction.js';
import { bothHashes, subjectHash } from './fact-hash.js';
import {
  COURSE_FACT_TYPES,
  LEARNER_FACT_TYPES,
  factId,
  type CourseFactEvent,
  type CourseFactType,
  type FactValues,
  type LearnerFactEvent,
  type LearnerFactType,
} from './learning-event.js';
import { sharedText } from './shared-text.js';
import { valuesOf } from './shared-values.js';
import { compareVersions } from './versions.js';

/** What holds now about one subject: the highest version, not the last arrival. */
export interface Fact {
  /** `source/event id` of the event that set it; what evidence names. */
  readonly id: string;
  /** BadgeHeld is no learning event: it stands for an active award, so that criteria can ask for badges. */
  readonly type: LearnerFactType | CourseFactType | 'BadgeHeld';
  readonly course: string;
  readonly activity: string | undefined;
  readonly occurrence: string | undefined;
  /** Event time, epoch milliseconds. */
  readonly time: number;
  /** What the fact says, corrections applied. */
  readonly values: FactValues;
  /** Ids of the corrections that shaped the value, in order of application. */
  readonly correctedBy: readonly string[];
}

/** What an event changed: a fact that no longer holds, one that holds now, or both. */
export interface FactChange {
  readonly before: Fact | undefined;
  readonly after: Fact | undefined;
}

/** An event that sets a fact. */
export type ReportEvent = LearnerFactEvent | CourseFactEvent;

/** What a fact was before it was corrected, and by what it was. */
interface Corrected {
  readonly report: ReportedFact;
  readonly by: readonly Correction[];
}

const DAY = 86_400_000;
const NOT_CORRECTED: readonly never[] = [];

/**
 * A fact as it was reported, and corrected. There are millions of them: all of one shape, and texts and values are
 * shared where they can be. As JSON it has the members of `Fact`.
 */
export class ReportedFact implements Fact {
  // The time in two small integers takes less than in one number, which needs a box of its own.
  private readonly day: number;
  private readonly rest: number;

  constructor(
    readonly id: string,
    readonly type: ReportEvent['type'],
    readonly course: string,
    readonly activity: string | undefined,
    readonly occurrence: string | undefined,
    time: number,
    readonly values: FactValues,
    /** What its event says of its version; more where it was corrected, which is rare. */
    private readonly stand: number | Corrected | undefined,
    /** See fact-hash.ts. */
    readonly hashes: number,
  ) {
    this.day = Math.trunc(time / DAY) + 0; // not -0, which is no small integer
    this.rest = time - this.day * DAY;
  }

  get time(): number {
    return this.day * DAY + this.rest;
  }

  get correctedBy(): readonly string[] {
    if (typeof this.stand !== 'object') return NOT_CORRECTED;
    const source = this.id.slice(0, this.id.indexOf('/')); // sources hold no slash
    return this.stand.by.map(({ id }) => factId(source, id));
  }

  /** The version that its event gives. */
  get version(): number | undefined {
    return typeof this.stand === 'object' ? this.stand.report.version : this.stand;
  }

  /** The time that its event gives, epoch milliseconds. */
  get reportedTime(): number {
    return typeof this.stand === 'object' ? this.stand.report.time : this.time;
  }

  /** Whether it is a subject of its own: missions without an occurrence can be completed again and again. */
  get standsAlone(): boolean {
    return this.occurrence === undefined && repeats(this.type);
  }

  /** The fact as corrections leave it, in order of application. */
  corrected(by: readonly Correction[]): ReportedFact {
    const { id, type, course, activity, occurrence, hashes } = this;
    let said: FactValues & { readonly time?: number } = this.values;
    for (const { changes } of by) said = { ...said, ...changes };
    return new ReportedFact(id, type, course, activity, occurrence, said.time ?? this.time, valuesOf(said), { report: this, by }, hashes);
  }

  /** Without what only the book needs. */
  toJSON(): Fact {
    const { id, type, course, activity, occurrence, time, values, correctedBy } = this;
    return { id, type, course, activity, occurrence, time, values, correctedBy };
  }
}

const repeats = (type: Fact['type']): boolean => type === 'MissionCompleted' || type === 'MissionStarted';

/** The fact that an event sets; `id` is its `source/event id`, and `identity` the hash of it. */
export const reportedFact = (id: string, identity: number, event: ReportEvent): ReportedFact => {
  const { type, course, activity, occurrence } = event;
  const alone = occurrence === undefined && repeats(type);
  const hashes = bothHashes(identity, alone ? identity : subjectHash(activity ?? '', occurrence ?? ''));
  return new ReportedFact(
    id, ownText(type), sharedText(course), activity && sharedText(activity), occurrence && sharedText(occurrence),
    event.time, valuesOf(event), event.version, hashes,
  );
};

// The program's own texts, which compare faster than those of an event.
const TYPES = new Map<string, ReportEvent['type']>([...LEARNER_FACT_TYPES, ...COURSE_FACT_TYPES].map((type) => [type, type]));
const ownText = (type: ReportEvent['type']): ReportEvent['type'] => TYPES.get(type) ?? type;

/**
 * Older reports first. Two sources may give equal versions, times and ids; the source then decides, so that the order
 * of arrival never does.
 */
export const compareReports = (a: ReportedFact, b: ReportedFact): number =>
  compareVersions(versionOf(a), versionOf(b)) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

const versionOf = ({ id, version, reportedTime }: ReportedFact) => ({ version, time: reportedTime, id: id.slice(id.indexOf('/') + 1) });
