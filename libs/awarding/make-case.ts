import { contentHash } from '#domain/ids.js';
import type { CriterionVerdict } from '#domain/verdict.js';
import { addCase } from '#rules/cases/add-case.js';
import { caseLines, newFile, startText, type WrittenCase, type WrittenCourse } from '#rules/cases/case-lines.js';
import { written, type CaseDays } from '#rules/cases/case-time.js';
import { eventId, MAX_CASES, MAX_EVENTS, type RuleCase } from '#rules/cases/cases-shape.js';
import { parseCases } from '#rules/cases/parse-cases.js';
import { shortEvents, shortOffers, shortTime, type Precision, type Shortening } from '#rules/cases/short-events.js';
import { yamlText, type YamlMembers } from '#rules/cases/yaml-flow.js';
import { learnerContext } from '#rules/circumstances.js';
import { cohortsOf } from '#rules/cohort.js';
import type { Diagnostic } from '#rules/diagnostic.js';
import { labelOf } from '#rules/explain.js';
import { evaluateLive, judgementsOf, type Judgement } from '#rules/judge.js';
import type { Criterion, Rule } from '#rules/rule.js';
import { toldAmounts } from '#rules/told-amounts.js';
import { NO_NAMES } from '#rules/words.js';
import { attributesOf, offersFor, openingOf, othersFor, recordedOf, type Offered, type Recorded, type RecordedHistory } from './recorded-history.js';
import { playOut, SAME, tracesIn, type PlayedCase } from './run-case.js';

/** A file of cases with a new one at its end, by its name; or why none can be made. */
export type MadeCase = { readonly cases: string; readonly case: string } | { readonly impossible: string; readonly diagnostics?: readonly Diagnostic[] };

/** Longer texts are cut: the title of a case has at most 300 characters. */
const LONGEST_LABEL = 120;
const LONGEST_NAME = 80;
const FILE = 'cases.yaml';

const short = (text: string, longest: number): string => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text);
const clean = (text: string): string => text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ').trim();

type Placed = { readonly text: string; readonly added: RuleCase };

/** The case in its file; undefined where it cannot be put there. */
type Place = (course: WrittenCourse, one: WrittenCase) => Placed | undefined;

const inNewFile: Place = (course, one) => {
  const text = newFile(course, caseLines(one));
  const parsed = parseCases(text, FILE);
  const added = parsed.ok ? parsed.cases.at(-1) : undefined;
  return added && { text, added };
};

const SAYS_NOTHING: WrittenCourse = { start: undefined, timezone: undefined, events: [] };

/** What the cases of a file have in common already is not said again; what they offer of some types that is not offered is taken back. */
const inFile = (text: string, read: Extract<ReturnType<typeof parseCases>, { ok: true }>, { zone }: CaseDays, types: Offered['types']): Place => (course, one) => {
  const shared = addCase(text, read, [`case: ${yamlText(one.title)}`, 'expect: { awarded: false }'])?.added.course;
  const whole = addCase(text, read, caseLines({ ...one, course }))?.added.course;
  if (!shared || !whole) return undefined;
  const { start, timezone = 'UTC', events = [] } = shared;
  const starts = start && ('instant' in start ? start.instant : 'date' in start ? zone.instantOf(start.date, 0) : undefined);
  const same = starts !== undefined && course.start === startText(starts, zone);
  const known = new Set(events.map((event) => contentHash(event)));
  const offered = (whole.events ?? []).slice(events.length).map((event) => contentHash(event));
  const takenBack = events.flatMap((event, i): readonly YamlMembers[] =>
    types.has(event.type) && !offered.includes(contentHash(event)) ? [{ type: 'FactRetracted', target: eventId(event, 'c', i) }] : [],
  );
  return addCase(text, read, caseLines({
    ...one,
    course: {
      start: same ? undefined : course.start,
      timezone: timezone === (course.timezone ?? 'UTC') ? undefined : (course.timezone ?? 'UTC'),
      events: [...takenBack, ...course.events.filter((_event, i) => !known.has(offered[i] ?? ''))],
    },
  }));
};

const near = (a: number, b: number): boolean => Math.abs(a - b) <= SAME;
const sameMinute = (a: number | undefined, b: number | undefined): boolean => (a === undefined ? b === undefined : b !== undefined && Math.floor(a / 60_000) === Math.floor(b / 60_000));

const leavesIn = (root: CriterionVerdict): readonly CriterionVerdict[] => tracesIn(root).filter(({ parts }) => !parts);

/** Whether a case comes to what the record comes to, in each period. */
const agrees = (played: PlayedCase, recorded: readonly Judgement[]): boolean =>
  recorded.every(({ period, outcome, verdict }) => {
    const found = played.live.find((one) => one.period === period);
    if (!found || found.outcome.supported !== outcome.supported || !sameMinute(found.outcome.earnedAt, outcome.earnedAt)) return false;
    const traces = leavesIn(found.verdict().root);
    return leavesIn(verdict().root).every(({ met, value }, i) => traces[i]?.met === met && near(traces[i].value, value));
  });

/** The label of each leaf, in the order of traces. */
const labelsOf = (criterion: Criterion): readonly string[] => ('leaf' in criterion ? [labelOf(criterion, NO_NAMES).en] : criterion.parts.flatMap(labelsOf));

const STATES = { suspended: 'whose award was suspended', revoked: 'whose award was revoked', expired: 'whose award has expired' } as const;

/** What has become of the learner, in short. */
const fateOf = ({ rule }: Recorded, { award, root, days }: PlayedCase): string => {
  if (award.status === 'active') return days.first === undefined ? 'who earned it' : `who earned it on day ${days.zone.dayOf(award.earnedAt) - days.first}`;
  if (award.status !== 'none') return STATES[award.status];
  const labels = labelsOf(rule.criteria);
  const lacking = leavesIn(root).findIndex(({ met }) => !met);
  if (root.met || lacking < 0) return 'who does not have it yet';
  return `who lacks “${short(labels[lacking] ?? '', LONGEST_LABEL)}”`;
};

/** A title that no case has yet. */
const unlike = (title: string, taken: ReadonlySet<string>): string => {
  for (let i = 1; ; i++) {
    const numbered = i === 1 ? title : `${title} (${i})`;
    if (!taken.has(numbered)) return numbered;
  }
};

const titleOf = (recorded: Recorded, played: PlayedCase, taken: ReadonlySet<string>): string =>
  unlike(clean(`like a learner of ${short(recorded.courseTitle ?? recorded.rule.course, LONGEST_NAME)} ${fateOf(recorded, played)}`), taken);

const expectOf = (rule: Rule, { award, period, root, days }: PlayedCase): WrittenCase['expect'] => ({
  awarded: award.status === 'active',
  award: award.status === 'none' || award.status === 'active' ? undefined : award.status,
  earned: award.status === 'none' ? undefined : written(award.earnedAt, days),
  period: rule.recurs && period !== '' ? period : undefined,
  criteria: leavesIn(root).map((trace) => [trace.path, { met: trace.met, value: toldAmounts(trace).value }] as const),
});

const IN_BRACKETS = 'The cases are not a list with a dash before each, to which one can be added; write each below a "- case: …" of its own.';

/** Puts what is recorded of a learner into a case, and lets the rule say what comes of it. */
export const makeCase = (rule: Rule, history: RecordedHistory, cases: string | undefined): MadeCase => {
  const recorded = recordedOf(rule, history);
  const { context, facts, own, state, days, remarks } = recorded;
  if (own.length > MAX_EVENTS) return { impossible: `The learner has ${own.length} events in the course that the rule may look at; a case has at most ${MAX_EVENTS}.` };
  const read = cases === undefined ? undefined : parseCases(cases, FILE);
  if (read && !read.ok) return { impossible: 'The cases cannot be read; `diagnostics` says why.', diagnostics: read.diagnostics };
  const offers = offersFor(recorded);
  if (offers.events.length > MAX_EVENTS) return { impossible: `The rule looks at what the course offers, which is ${offers.events.length} sessions, assignments or missions; a case has at most ${MAX_EVENTS}.` };
  const taken = new Set((read?.cases ?? []).map((one) => one.case));
  const opening = openingOf(state);
  const expected = judgementsOf(rule, facts, { course: context, learner: learnerContext(facts, rule.course) }, evaluateLive);
  const others = othersFor(recorded);
  const unranked = cohortsOf(rule).length > 0 && !others ? ['Nobody is ranked: the course has not come to that with this rule.'] : [];
  const attributes = attributesOf(rule);

  /** The case, written so precisely, with nothing expected of it yet. */
  const drafted = (precision: Precision): { readonly course: WrittenCourse; readonly one: WrittenCase } => {
    const how: Shortening = { days, precision, badge: rule.badge, attributes };
    const moment = (time: number): string => shortTime(time, days, precision);
    return {
      course: { start: opening && startText(opening.start, days.zone), timezone: opening?.timezone, events: shortOffers(offers.events, how) },
      one: {
        title: unlike('new', taken), // until it is known what comes of it
        course: SAYS_NOTHING,
        remarks: [...remarks, ...unranked],
        events: shortEvents(own, how),
        badges: history.held.map(({ badge, earnedAt, level }): YamlMembers => ({ badge, earned: moment(earnedAt), level: level && { of: level.of, rank: level.rank } })),
        closed: context.closedAt === undefined ? undefined : moment(context.closedAt),
        now: moment(context.clock),
        others,
        expect: { awarded: false, award: undefined, earned: undefined, period: undefined, criteria: [] },
      },
    };
  };

  const made = (place: Place): { readonly placed: Placed; readonly faithful: boolean } | undefined => {
    let last: ReturnType<typeof made>;
    for (const precision of ['minute', 'exact'] as const) {
      const { course, one } = drafted(precision);
      const first = place(course, one);
      if (!first) return undefined;
      const played = playOut(rule, first.added);
      const placed = place(course, { ...one, title: titleOf(recorded, played, taken), expect: expectOf(rule, played) });
      if (!placed) return undefined;
      last = { placed, faithful: agrees(played, expected) };
      if (last.faithful) return last;
    }
    return last;
  };

  const fresh = made(inNewFile);
  if (!fresh) return { impossible: 'What is recorded of this learner cannot be written as a case: a word or a number in it is longer or larger than a case may have.' };
  if (cases === undefined || !read) return { cases: fresh.placed.text, case: fresh.placed.added.case };
  const added = made(inFile(cases, read, days, offers.types));
  if (!added) return { impossible: read.cases.length >= MAX_CASES ? `There are ${MAX_CASES} cases, which is all that a file may have.` : IN_BRACKETS };
  if (fresh.faithful && !added.faithful) return { impossible: 'What the cases say of their course is not what is recorded of it, and a new case cannot unsay it. Make the case without the others, and keep it in another file.' };
  return { cases: added.placed.text, case: added.placed.added.case };
};
