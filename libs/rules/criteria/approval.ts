import type { Fact } from '#domain/facts.js';
import { criterionKind } from '../criterion.js';
import { DistinctTracker } from '../distinct-tracker.js';
import { integer, optional, type Reading } from '../shape.js';
import { from, type Truth } from '../truth.js';
import { plural, UNITS } from '../words.js';

const members = {
  by: optional(integer({ min: 1, max: 5 }), 'how many different people have to approve; one where absent'),
};
type Settings = Reading<typeof members>;

/** Who approved. Approvals that do not say so may all be one person's. */
const approverOf = (fact: Fact): string => fact.occurrence ?? '';

/** Approved for this badge by so many different people, in whatever course. */
export const approval = criterionKind<Settings>({
  keyword: 'approval',
  summary: 'people approve that the learner gets this badge',
  of: [],
  members,
  thresholds: ['by'],
  thresholdOf: ({ by = 1 }) => by,

  selects: (_settings, _select, badge) => [{ type: 'ApprovalGiven', activities: [badge] }],

  measure: ({ settings: { by = 1 } }, facts) => {
    const firsts = new Map<string, Fact>();
    for (const fact of facts) if (!firsts.has(approverOf(fact))) firsts.set(approverOf(fact), fact);
    return { met: firsts.size >= by, value: firsts.size, needed: by, unit: 'approvals', evidence: [...firsts.values()] };
  },

  track: () => new DistinctTracker<Settings>(approverOf, truthOf),

  label: ({ settings: { by = 1 } }) =>
    by === 1 ? { en: 'Approved by a person', ko: '담당자 1명의 승인' } : { en: `Approved by ${by} different people`, ko: `서로 다른 담당자 ${by}명의 승인` },

  missing: (_node, { value, needed, unit }) => {
    const amount = Math.max(0, needed - value);
    return { amount, unit, text: { en: `${amount} more ${plural(UNITS.approvals, amount)}`, ko: `승인 ${amount}건 더 필요` } };
  },
});

const truthOf = ({ by = 1 }: Settings, firsts: readonly Fact[]): Truth => from(firsts[by - 1]?.time ?? Infinity);
