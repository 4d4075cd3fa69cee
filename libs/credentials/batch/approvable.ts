import { ProofmarkError } from '#domain/errors.js';
import { hashId } from '#domain/ids.js';
import type { Criterion, Rule } from '#rules/rule.js';
import type { Entry } from './check.js';

/** Whether an approval of the badge can help to meet the criteria; below "not" it cannot. */
const asksForApproval = (criterion: Criterion, badge: string): boolean => {
  if (!('leaf' in criterion)) return criterion.group !== 'not' && criterion.parts.some((part) => asksForApproval(part, badge));
  const { keyword, selects } = criterion.leaf;
  if (keyword === 'approval') return true;
  return keyword === 'count' && selects.some(({ type, activities }) => type === 'ApprovalGiven' && (activities === undefined || activities.includes(badge)));
};

/** Whether people can give a badge, once. */
export const isApprovable = (rule: Rule | undefined): boolean => rule !== undefined && asksForApproval(rule.criteria, rule.badge) && !rule.recurs;

const example = (badge: string): string => `badge: ${badge}
name: { en: …, ko: … }
criteria-text: { en: An instructor confirms that … }
decides: as-soon-as-met
when-corrected: review
criteria:
  approval: { by: 1 }`;

/**
 * Refuses a badge that people cannot give.
 * @throws ProofmarkError USAGE with what to do.
 */
export const assertApprovable = ({ badge, criteria, recurs }: Rule): void => {
  if (!asksForApproval(criteria, badge)) {
    throw new ProofmarkError('USAGE', `The badge "${badge}" is earned by recorded outcomes alone, so nobody can give it by hand. A badge that people give has the criterion "approval" in its rule (docs/batch-issuing.md), like:\n\n${example('my-badge')}`);
  }
  if (recurs) {
    throw new ProofmarkError('USAGE', `The badge "${badge}" can be earned anew in each period, and one person's later approval takes the place of the earlier one. A batch gives badges that are earned once; take "recurs" out, or make a badge for each period.`);
  }
};

/** Whose approvals these are: the name under which intake knows batches. */
export const BATCH_SOURCE = 'batch';

/** Approval of badges without a course is given in this one; approvals count in whatever course they are given. */
const NO_COURSE = 'batch';

/** Who approves, of which badge, and what holds for rows that do not say it themselves. */
export interface Approving {
  readonly tenant: string;
  readonly badge: string;
  /** The rule's; '' where it has none. */
  readonly course: string;
  readonly by: string;
  /** Epoch milliseconds, for rows without a date. */
  readonly time: number;
  readonly reason?: string;
}

/** The id of somebody's approval of a learner's badge: the same however often, and in whatever file, it is given. */
export const approvalId = ({ tenant, badge, by }: Pick<Approving, 'tenant' | 'badge' | 'by'>, learner: string): string => hashId('approval', tenant, badge, learner, by);

/** The learning event of a row, as it comes over the wire. It names no person but who approves. */
export const approvalEvent = (approving: Approving, learner: string, entry: Entry): Readonly<Record<string, unknown>> => {
  const { badge, course, by, time } = approving;
  const reason = entry.reason ?? approving.reason;
  const { evidence } = entry;
  return {
    id: approvalId(approving, learner),
    source: BATCH_SOURCE,
    type: 'ApprovalGiven',
    learner,
    course: course === '' ? NO_COURSE : course,
    badge,
    approver: by,
    time: new Date(entry.time ?? time).toISOString(),
    ...((reason !== undefined || evidence !== undefined) && { attributes: { ...(reason !== undefined && { reason }), ...(evidence !== undefined && { evidence }) } }),
  };
};
