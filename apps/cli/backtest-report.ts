import type { AwardEffect, BackfillEffects } from '#awarding/backfill-effects.js';
import type { Backtest } from '#awarding/backtest.js';
import { OUTCOME_CHANGES, type ChangedOutcome, type Difference } from '#awarding/difference.js';
import { isoTime } from '#projections/timeline-view.js';
import type { FunnelPart } from '#rules/funnel.js';
import type { RuleChange } from '#rules/rule-changes.js';
import { toldAmounts } from '#rules/told-amounts.js';
import type { CriterionDifference, Found } from '#rules/verdict-difference.js';
import { bar } from './progress-line.js';

const number = (value: number): string => value.toLocaleString('en');
const share = (part: number, whole: number): string => (whole === 0 ? '-' : `${Math.round((part / whole) * 1000) / 10} %`);
const row = (count: number, whole: number, text: string): string => `  ${number(count).padStart(9)}  ${share(count, whole).padStart(7)}  ${text}`;

const nested = ({ parts = [] }: FunnelPart, whole: number, depth = 1): readonly string[] =>
  parts.flatMap((part) => [row(part.alone, whole, `${'  '.repeat(depth)}${part.label.en}   [${part.path}]`), ...nested(part, whole, depth + 1)]);

const funnelLines = ({ funnel, eligible }: Backtest): readonly string[] => [
  `What the criteria filter out (of ${number(eligible)} learners):`,
  ...funnel.flatMap((stage, i) => [
    row(stage.together, eligible, `${i > 0 ? 'and ' : ''}${stage.label.en}   [${stage.path}]${stage.alone === stage.together ? '' : `; alone ${number(stage.alone)}`}`),
    ...nested(stage, eligible),
  ]),
];

const timeLines = ({ overTime }: Backtest): readonly string[] => {
  const most = Math.max(...overTime.periods.map(({ awards }) => awards));
  return overTime.periods.length === 0 ? [] : [`Earned by ${overTime.unit}:`, ...overTime.periods.map(({ period, awards }) => `  ${period}  ${number(awards).padStart(7)}  ${bar(awards / most)}`)];
};

const who = ({ learner, period }: { readonly learner: string; readonly period?: string }): string => (period === undefined ? learner : `${learner} (${period})`);

const foundText = (found: Found | null): string => {
  if (!found) return 'not asked for';
  const { value, needed } = toldAmounts(found);
  return `${value} of ${needed}, ${found.met ? 'met' : 'not met'}`;
};
const why = (criteria: readonly CriterionDifference[]): readonly string[] =>
  criteria.map(({ label, path, before, after }) => `        ${label.en}   [${path}]: before ${foundText(before)}; after ${foundText(after)}`);

/** What differs between two versions, a line each. */
export const changeLines = (changes: readonly RuleChange[]): readonly string[] =>
  changes.map(({ part, before, after }) => {
    if (!before) return `  + ${part}: ${after?.en ?? ''}`;
    return after ? `  ~ ${part}: ${before.en} → ${after.en}` : `  - ${part}: ${before.en}`;
  });

const TITLES = { gained: 'newly earned', lost: 'no longer earned', earlier: 'earned earlier', later: 'earned later' } as const;

const changedLine = (one: ChangedOutcome): string => {
  const [before, after] = [one.earnedBefore, one.earnedAfter].map((at) => (at === undefined ? 'not earned' : isoTime(at)));
  return `      ${who(one)}: ${before} → ${after}`;
};

const listLines = <T>(title: string, count: number, items: readonly T[], lines: (item: T) => readonly string[]): readonly string[] => {
  if (items.length === 0) return [];
  return [`    ${title}${count > items.length ? `, the first ${items.length} of ${number(count)}` : ''}:`, ...items.flatMap(lines)];
};

/** A comparison with another version. */
export const differenceLines = (difference: Difference, name: string): readonly string[] => [
  `Compared with ${name}:`,
  ...(difference.changes.length > 0 ? changeLines(difference.changes) : ['  the rules are the same']),
  ...OUTCOME_CHANGES.map((change) => `  ${number(difference[change]).padStart(9)}  ${TITLES[change]}`),
  `  ${number(difference.unchanged).padStart(9)}  unchanged`,
  ...difference.reasons.map(({ label, path, gained, lost, earlier, later }) => `  because of “${label.en}” [${path}]: ${gained} newly earned, ${lost} no longer, ${earlier} earlier, ${later} later`),
  ...OUTCOME_CHANGES.flatMap((change) => listLines(TITLES[change], difference[change], difference.first[change], (one) => [changedLine(one), ...why(one.criteria)])),
];

const EFFECT_TEXTS: Readonly<Record<keyof BackfillEffects['first'] | 'confirmed', string>> = {
  granted: 'granted',
  revoked: 'revoked (when-corrected: revoke)',
  suspended: 'suspended until a person decides (when-corrected: review)',
  kept: 'kept although no longer earned (when-corrected: keep)',
  amended: 'with another date',
  renewed: 'renewed',
  reinstated: 'reinstated',
  expired: 'expired',
  confirmed: 'stay as they are',
};

const effectLines = (one: AwardEffect): readonly string[] => [`      ${who(one)}`, ...why(one.criteria)];

/** What publishing for the past would do to the awards on record. */
export const backfillLines = (effects: BackfillEffects): readonly string[] => {
  const kinds = Object.keys(EFFECT_TEXTS) as (keyof typeof EFFECT_TEXTS)[];
  return [
    'Published with --backfill, of the awards on record:',
    ...kinds.filter((kind) => effects[kind] > 0).map((kind) => `  ${number(effects[kind]).padStart(9)}  ${EFFECT_TEXTS[kind]}`),
    ...(kinds.every((kind) => effects[kind] === 0) ? ['  nothing changes'] : []),
    ...kinds.flatMap((kind) => (kind === 'confirmed' ? [] : listLines(EFFECT_TEXTS[kind], effects[kind], effects.first[kind], effectLines))),
  ];
};

const summaryLines = (result: Backtest): readonly string[] => {
  const { eligible, staff, earned, awards, courses } = result;
  const others = [awards.expired > 0 ? `${number(awards.expired)} of the awards have expired` : '', awards.waiting > 0 ? `${number(awards.waiting)} wait for the end of the hold` : ''].filter(Boolean);
  return [
    `${number(earned)} of ${number(eligible)} learners would have earned it (${share(earned, eligible)})${staff > 0 ? `; ${number(staff)} staff are not counted` : ''}`,
    ...(others.length > 0 ? [`${others.join('; ')}.`] : []),
    ...(result.decided ? [] : ['The moment at which the rule decides has not come, so nobody has earned it yet.']),
    ...(courses.length > 1 ? courses.map((course) => row(course.earned, course.eligible, `of ${number(course.eligible)} in ${course.course}`)) : []),
  ];
};

/** A backtest for people. */
export const backtestLines = (result: Backtest, names: { readonly rule: string; readonly against?: string }): readonly string[] => {
  const { badge, course, position, complete, done, total, first, awards, nearMisses, difference } = result;
  const all = awards.active + awards.expired + awards.waiting;
  return [
    `badge ${badge}${course && `, course ${course}`}: ${names.rule} on the log up to position ${number(position)}`,
    ...(complete ? [] : [`PARTIAL: ended after ${number(done)} of ${number(total)} learners; all counts are of those.`]),
    ...summaryLines(result),
    ...funnelLines(result),
    ...timeLines(result),
    ...listLines('Who earned it, the earliest first', all, first, (one) => [`      ${isoTime(one.earnedAt)}  ${who(one)}${one.state === 'active' ? '' : `  (${one.state})`}`]),
    ...listLines('The closest who did not', nearMisses.length, nearMisses, (one) => [
      `      ${String(Math.round(one.closeness * 100)).padStart(3)} %  ${who(one)}: ${one.steps.map(({ text, path }) => `${text.en} [${path}]`).join('; ')}${one.possible ? '' : ' (what is on record stands in the way)'}`,
    ]),
    ...(difference && names.against !== undefined ? differenceLines(difference, names.against) : []),
  ];
};
