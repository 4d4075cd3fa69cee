import { fold } from '#domain/decider.js';
import { readLogEvent } from '#domain/log-event.js';
import { isRuleDraft, rule as ruleDecider, type ApproveProposal, type Proposal, type RejectProposal, type RuleEvent, type RuleState } from '#domain/rule-event.js';
import { parseStream, ruleStream } from '#domain/streams.js';
import type { EventStore } from '#event-store/event-store.js';
import { execute } from '#event-store/execute.js';
import type { PublishOptions } from './publish-rules.js';

const PAGE = 1000;

/** How a badge's rule stands, with what is proposed for it. */
export const readRuleState = async (store: Pick<EventStore, 'readStream'>, tenant: string, badge: string): Promise<RuleState> =>
  fold(ruleDecider, (await store.readStream(ruleStream(tenant, badge))).map(({ type, schema, json }) => readLogEvent(type, schema, json) as RuleEvent));

/** What is proposed for the rules of a tenant and nobody has decided about, the oldest first. */
export const readProposals = async (store: Pick<EventStore, 'readAll'>, tenant: string): Promise<readonly Proposal[]> => {
  const states = new Map<string, RuleState>();
  for (let after = 0; ; ) {
    const page = await store.readAll({ after, limit: PAGE, categories: ['rule'] });
    for (const { stream, type, schema, json } of page) {
      if (parseStream(stream)?.tenant !== tenant || isRuleDraft(type)) continue;
      states.set(stream, ruleDecider.evolve(states.get(stream) ?? ruleDecider.initialState, readLogEvent(type, schema, json) as RuleEvent));
    }
    const last = page.at(-1);
    if (!last) return [...states.values()].flatMap(({ proposals }) => proposals).sort((one, other) => one.proposedAt - other.proposedAt);
    after = last.position;
  }
};

/**
 * A second person approves a proposal, which publishes or retires what it names.
 * @throws ProofmarkError NOT_FOUND where it is not open, SECOND_PERSON where they stand behind it, RULE_MOVED where another version is live.
 */
export const approveProposal = async (
  { badge, proposal, by }: Omit<ApproveProposal, 'type' | 'at'>,
  { store, tenant, newId, now }: PublishOptions,
): Promise<{ readonly outcome: 'published' | 'retired'; readonly version: number; readonly position: number }> => {
  const { events: [event], position } = await execute(store, ruleDecider, ruleStream(tenant, badge), { type: 'Approve' as const, badge, proposal, by, at: now() }, { newId });
  if (event?.type !== 'RulePublished' && event?.type !== 'RuleRetired') throw new Error('an approval publishes or retires');
  return { outcome: event.type === 'RulePublished' ? 'published' : 'retired', version: event.version, position };
};

/** Turns a proposal down, or takes it back. @throws ProofmarkError NOT_FOUND where it is not open */
export const rejectProposal = async (rejection: Pick<RejectProposal, 'badge' | 'proposal' | 'reason' | 'by'>, { store, tenant, newId, now }: PublishOptions): Promise<{ readonly position: number }> => {
  const { position } = await execute(store, ruleDecider, ruleStream(tenant, rejection.badge), { type: 'Reject' as const, tenant, ...rejection, rejectedAt: now() }, { newId });
  return { position };
};
