import { aboutOf, type About, type ReportEvent } from './about.js';
import type { Correction } from './correction.js';
import { subjectHash } from './fact-hash.js';
import { factId, type CourseFactType, type FactValues, type LearnerFactType } from './learning-event.js';
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

/** What few facts have. */
interface Rare {
  readonly occurrence: string | undefined;
  /** The version that its event gives. */
  readonly version: number | undefined;
  /** An event time that is no usual one. */
  readonly time?: number;
  /** What the fact was before it was corrected, and by what it was. */
  readonly corrected?: { readonly report: ReportedFact; readonly by: readonly Correction[] };
}

const NOT_CORRECTED: readonly never[] = [];

// The time and the hash take two small integers, since a larger number needs a box of its own.
const PART = 2 ** 16;
const isUsual = (time: number): boolean => Number.isInteger(time) && Math.abs(time) < 2 ** 46;

/**
 * A fact as it was reported, and corrected. There are millions of them: all of two shapes, without what can be shared or
 * said otherwise. As JSON it has the members of `Fact`.
 */
export class ReportedFact implements Fact {
  private readonly high: number;
  private readonly low: number;

  /** `time` is a usual one; `hash` is that of the identity, see fact-hash.ts. */
  constructor(
    readonly eventId: string,
    readonly about: About,
    time: number,
    readonly values: FactValues,
    hash: number,
  ) {
    this.high = Math.floor(time / PART) + 0; // not -0, which is no small integer
    this.low = ((time - this.high * PART) << 16) | hash;
  }

  get id(): string {
    return this.about.idStart + this.eventId;
  }

  get type(): ReportEvent['type'] {
    return this.about.type;
  }

  get course(): string {
    return this.about.course;
  }

  get activity(): string | undefined {
    return this.about.activity;
  }

  get occurrence(): string | undefined {
    return undefined;
  }

  get time(): number {
    return this.high * PART + (this.low >>> 16);
  }

  get correctedBy(): readonly string[] {
    return NOT_CORRECTED;
  }

  /** The version that its event gives. */
  get version(): number | undefined {
    return undefined;
  }

  /** The time that its event gives, epoch milliseconds. */
  get reportedTime(): number {
    return this.time;
  }

  /** The hash of its identity. */
  get hash(): number {
    return this.low & (PART - 1);
  }

  /** Whether it is a subject of its own. */
  get standsAlone(): boolean {
    return this.about.repeats && this.occurrence === undefined;
  }

  /** The hash of its subject within its course, which corrections leave as it is. */
  get subjectHash(): number {
    return this.standsAlone ? this.hash : subjectHash(this.about.hash, this.occurrence);
  }

  /** The fact as corrections leave it, in order of application. */
  corrected(by: readonly Correction[]): ReportedFact {
    const { eventId, about, hash, occurrence, version } = this;
    let said: FactValues & { readonly time?: number } = this.values;
    for (const { changes } of by) said = { ...said, ...changes };
    return factOf(eventId, about, said.time ?? this.time, valuesOf(said), hash, { occurrence, version, corrected: { report: this, by } });
  }

  /** Whether it is of the event of a source. */
  isOf(source: string, eventId: string): boolean {
    return this.eventId === eventId && this.about.source === source;
  }

  /** Without what only the book needs. */
  toJSON(): Fact {
    const { id, type, course, activity, occurrence, time, values, correctedBy } = this;
    return { id, type, course, activity, occurrence, time, values, correctedBy };
  }
}

/** A fact with something that few have. */
class DetailedFact extends ReportedFact {
  constructor(
    eventId: string,
    about: About,
    time: number,
    values: FactValues,
    hash: number,
    /** Its occurrence where that is all there is. */
    private readonly rare: string | Rare,
  ) {
    super(eventId, about, time, values, hash);
  }

  override get occurrence(): string | undefined {
    return typeof this.rare === 'object' ? this.rare.occurrence : this.rare;
  }

  override get time(): number {
    return (typeof this.rare === 'object' ? this.rare.time : undefined) ?? super.time;
  }

  override get correctedBy(): readonly string[] {
    const by = typeof this.rare === 'object' ? this.rare.corrected?.by : undefined;
    return by ? by.map(({ id }) => factId(this.about.source, id)) : NOT_CORRECTED;
  }

  override get version(): number | undefined {
    return typeof this.rare === 'object' ? this.rare.version : undefined;
  }

  override get reportedTime(): number {
    return (typeof this.rare === 'object' ? this.rare.corrected?.report : undefined)?.time ?? this.time;
  }
}

const factOf = (eventId: string, about: About, time: number, values: FactValues, hash: number, rare: string | Rare | undefined): ReportedFact => {
  if (!isUsual(time)) return new DetailedFact(eventId, about, 0, values, hash, { ...asRare(rare), time });
  return rare === undefined ? new ReportedFact(eventId, about, time, values, hash) : new DetailedFact(eventId, about, time, values, hash, rare);
};

const asRare = (rare: string | Rare | undefined): Rare => (typeof rare === 'object' ? rare : { occurrence: rare, version: undefined });

/** The fact that an event sets; `hash` is that of its identity. */
export const reportedFact = (hash: number, event: ReportEvent): ReportedFact => {
  const { version } = event;
  const occurrence = event.occurrence && sharedText(event.occurrence);
  return factOf(event.id, aboutOf(event), event.time, valuesOf(event), hash, version === undefined ? occurrence : { occurrence, version });
};

/**
 * Older reports first. Two sources may give equal versions, times and ids; the source then decides, so that the order
 * of arrival never does.
 */
export const compareReports = (a: ReportedFact, b: ReportedFact): number =>
  compareVersions(versionOf(a), versionOf(b)) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

const versionOf = ({ eventId, version, reportedTime }: ReportedFact) => ({ version, time: reportedTime, id: eventId });
