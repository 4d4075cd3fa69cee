import { aboutHash, folded } from './fact-hash.js';
import { byHash, HashTable } from './hash-table.js';
import { COURSE_FACT_TYPES, factId, LEARNER_FACT_TYPES, type CourseFactEvent, type LearnerFactEvent } from './learning-event.js';
import { sharedText } from './shared-text.js';

/** An event that sets a fact. */
export type ReportEvent = LearnerFactEvent | CourseFactEvent;

const FACT_TYPES: readonly ReportEvent['type'][] = [...LEARNER_FACT_TYPES, ...COURSE_FACT_TYPES];

/** A number for each type of facts, from 0 on. */
export const numberOfType = (type: ReportEvent['type']): number => FACT_TYPES.indexOf(type);

/** More than the activities of all courses of a term; some megabytes. */
const MOST = 50_000;

/** What facts of many learners have in common: who reports them, of which type they are, and where and about what. */
export class About {
  /** See fact-hash.ts. */
  readonly hash: number;
  readonly typeNumber: number;
  /** Each of its facts is a subject of its own, unless it has an occurrence: missions can be completed again and again. */
  readonly repeats: boolean;
  /** What the ids of its facts begin with: one text for all that name them. */
  readonly idStart: string;

  constructor(
    readonly source: string,
    readonly type: ReportEvent['type'],
    readonly course: string,
    readonly activity: string | undefined,
  ) {
    this.hash = aboutHash(type, course, activity);
    this.typeNumber = numberOfType(type);
    this.idStart = factId(source, '');
    this.repeats = type === 'MissionCompleted' || type === 'MissionStarted';
  }
}

type Key = Pick<ReportEvent, 'source' | 'type' | 'course'> & { readonly activity?: string | undefined };

class Abouts extends HashTable<About, Key> {
  find(key: Key, mark: number): About | undefined {
    const cell = this.cellOf(key, mark);
    return cell < 0 ? undefined : this.at(cell);
  }

  add(about: About): void {
    this.insert(about, this.markOf(about));
  }

  protected markOf({ hash }: About): number {
    return byHash(folded(hash));
  }

  protected isOf(about: About, { source, type, course, activity }: Key): boolean {
    return about.activity === activity && about.course === course && about.type === type && about.source === source;
  }
}

let known = new Abouts();

/** What an event is about: one object for all that are about the same. The pool is bounded and starts anew when it is full. */
export const aboutOf = ({ source, type, course, activity }: Key): About => {
  const found = known.find({ source, type, course, activity }, byHash(folded(aboutHash(type, course, activity))));
  if (found) return found;
  if (known.size >= MOST) known = new Abouts();
  // The program's own text of a type compares faster than that of an event.
  const about = new About(sharedText(source), FACT_TYPES[numberOfType(type)] ?? type, sharedText(course), activity && sharedText(activity));
  known.add(about);
  return about;
};
