import type { Fact } from '#domain/facts.js';
import type { Circumstances } from '../circumstances.js';
import { criterionKind, type CriterionNode, type Depends } from '../criterion.js';
import { factsOfOffers, isAsked, narrowingOf, offersByActivity } from '../offers.js';
import { choice, duration, optional, type Reading } from '../shape.js';
import { compareFacts } from '../sorted-facts.js';
import { TimedTracker } from '../timed-tracker.js';
import { fromSteps, type Truth } from '../truth.js';
import { narrowing, type Words } from '../words.js';

const members = {
  grace: optional(duration({ min: '1 hour', max: '365 days' }), 'how long after it was due nothing counts as missing yet; not at all where absent'),
  late: optional(choice(['accept', 'never']), 'whether what comes later still counts from then on (where absent), or never does'),
};
type Settings = Reading<typeof members>;

const OFFERED = { AssignmentSubmitted: 'AssignmentPublished', MissionCompleted: 'MissionPublished', AttendanceMarked: 'SessionHeld' } as const;
type Delivered = keyof typeof OFFERED;
const DELIVERED = Object.keys(OFFERED) as readonly Delivered[];

const MAX_NAMED = 5;

/** Something that the course asks for. */
interface Item {
  readonly activity: string;
  /** From then on it is due, or missing, epoch milliseconds. */
  readonly deadline: number;
  /** What delivered it; undefined where nothing did. */
  readonly by: Fact | undefined;
}

/** When an offer is due for everybody and for this learner; undefined where that is not known yet. */
const dueOf = ({ type, activity, time, values }: Fact, grace: number, { course, learner }: Circumstances): { planned: number; deadline: number } | undefined => {
  if (type === 'SessionHeld') return { planned: time, deadline: time + grace };
  const own = (activity === undefined ? undefined : learner.extensions.get(activity)) ?? values.due;
  const planned = values.due ?? course.closedAt ?? own;
  if (planned === undefined) return undefined;
  // The close of the course is the last moment for what has no other: no grace goes beyond it. And nothing is missing before it is published.
  return { planned, deadline: own === undefined ? planned : Math.max(own + grace, time) };
};

/** All that is asked for and has a deadline, with what delivered it among some facts; most urgent first. */
const itemsOf = ({ selects, settings: { grace = 0, late } }: CriterionNode<Settings>, facts: readonly Fact[], at: Circumstances): readonly Item[] => {
  const select = narrowingOf(selects);
  const firsts = new Map<string, Fact>();
  for (const fact of facts) {
    if (fact.activity === undefined || firsts.has(fact.activity)) continue;
    if (fact.type !== 'AttendanceMarked' || (fact.values.status !== undefined && fact.values.status !== 'absent')) firsts.set(fact.activity, fact);
  }
  const items: Item[] = [];
  for (const [activity, offers] of offersByActivity(at.course.offers, OFFERED[select.type as Delivered])) {
    for (const offer of offers) {
      const due = dueOf(offer, grace, at);
      if (!due || !isAsked(select, offer, due.planned, at)) continue;
      const by = firsts.get(activity);
      items.push({ activity, deadline: due.deadline, by: by && late === 'never' && by.time > due.deadline ? undefined : by });
      break; // what is offered several times is asked for once
    }
  }
  return items.sort((a, b) => a.deadline - b.deadline || (a.activity < b.activity ? -1 : 1));
};

/** Everything that was due was handed in, attended or completed. */
export const noneMissing = criterionKind<Settings>({
  keyword: 'none-missing',
  summary: 'everything that was due so far was handed in, attended (or excused) or completed',
  of: DELIVERED,
  without: ['status'],
  members,

  selects: (_settings, selector) => {
    if (!selector) return [];
    const { statuses: _all, ...rest } = selector; // an excused absence is not missing
    return factsOfOffers(rest);
  },

  depends: () => DEPENDS,

  measure: (node, facts, at, now) => {
    const due = itemsOf(node, facts, at).filter(({ deadline }) => deadline <= now);
    const evidence = due.flatMap(({ by }) => by ?? []).sort(compareFacts);
    const lacking = due.filter(({ by }) => !by).map(({ activity }) => activity).slice(0, MAX_NAMED);
    return {
      met: due.length > 0 && evidence.length === due.length,
      value: evidence.length,
      needed: Math.max(1, due.length), // that nothing was due yet is no achievement
      unit: 'activities',
      evidence,
      ...(lacking.length > 0 && { lacking }),
    };
  },

  moments: (node, facts, at) => itemsOf(node, facts, at).map(({ deadline }) => deadline),

  track: (node) => new MissingTracker(node),

  label: ({ selects, settings: { late } }, names) => {
    const select = narrowingOf(selects);
    const only = narrowing(select, names);
    const { en, ko } = WORDS[select.type as Delivered];
    const inTime = late === 'never' ? { en: ' on time', ko: '제때 ' } : { en: '', ko: '' };
    return { en: `${en}${inTime.en}${only.en}`, ko: `${ko.things}${only.ko} 빠짐없이 ${inTime.ko}${ko.done}` };
  },

  missing: (_node, { value, needed, unit, lacking }, names) => {
    const amount = needed - value;
    if (!lacking) return { amount, unit, text: { en: 'Nothing was due yet', ko: '아직 기한이 된 것이 없음' } };
    return { amount, unit, text: listOf(lacking.map((id) => names.activity(id) ?? id), amount) };
  },
});

const DEPENDS: readonly Depends[] = ['offers', 'learner', 'clock'];

const WORDS: Readonly<Record<Delivered, { readonly en: string; readonly ko: { readonly things: string; readonly done: string } }>> = {
  AssignmentSubmitted: { en: 'Every assignment that was due handed in', ko: { things: '기한이 된 과제', done: '제출' } },
  MissionCompleted: { en: 'Every mission that was due completed', ko: { things: '기한이 된 미션', done: '완료' } },
  AttendanceMarked: { en: 'Every session attended or excused', ko: { things: '진행된 수업', done: '출석 또는 공결' } },
};

const listOf = (titles: readonly string[], amount: number): Words => {
  const more = amount - titles.length;
  const list = titles.join(', ');
  return more > 0
    ? { en: `Missing: ${list} and ${more} more`, ko: `빠진 항목: ${list} 외 ${more}개` }
    : { en: `Missing: ${list}`, ko: `빠진 항목: ${list}` };
};

class MissingTracker extends TimedTracker<Settings> {
  truth(_settings: Settings, at: Circumstances): Truth {
    return fromSteps(this.#steps(at));
  }

  *#steps(at: Circumstances): Generator<readonly [number, boolean]> {
    const changes: { readonly time: number; readonly missing: number }[] = [];
    for (const { deadline, by } of itemsOf(this.node, this.facts, at)) {
      const inTime = by !== undefined && by.time <= deadline;
      changes.push({ time: deadline, missing: inTime ? 0 : 1 });
      if (by && !inTime) changes.push({ time: by.time, missing: -1 });
    }
    // The first of them is a deadline: before it nothing is due, and from then on something was.
    changes.sort((a, b) => a.time - b.time);
    let missing = 0;
    for (const change of changes) {
      missing += change.missing;
      yield [change.time, missing === 0];
    }
  }
}
