import { readLogEvent } from '#domain/log-event.js';
import { liveVersionOf, rule as ruleDecider, type DiscardDraft, type RuleDraft, type RuleEvent, type RuleState, type SaveDraft } from '#domain/rule-event.js';
import { parseStream, ruleStream } from '#domain/streams.js';
import type { EventStore } from '#event-store/event-store.js';
import { execute } from '#event-store/execute.js';
import type { PublishOptions } from './publish-rules.js';

const PAGE = 1000;

/** What somebody is writing for a badge, and how the badge's rule stands. */
export interface BadgeDraft extends RuleDraft {
  readonly badge: string;
  /** The version that grants the badge now, 0 for none. */
  readonly liveVersion: number;
}

/** What is being written for the badges of a tenant, the latest first. */
export const readDrafts = async (store: Pick<EventStore, 'readAll'>, tenant: string): Promise<readonly BadgeDraft[]> => {
  const states = new Map<string, RuleState>();
  for (let after = 0; ; ) {
    const page = await store.readAll({ after, limit: PAGE, categories: ['rule'] });
    for (const { stream, type, schema, json } of page) {
      const parsed = parseStream(stream);
      if (parsed?.tenant !== tenant) continue;
      states.set(parsed.subject, ruleDecider.evolve(states.get(parsed.subject) ?? ruleDecider.initialState, readLogEvent(type, schema, json) as RuleEvent));
    }
    const last = page.at(-1);
    if (!last) break;
    after = last.position;
  }
  return [...states]
    .flatMap(([badge, state]) => (state.draft?.source === undefined ? [] : [{ ...state.draft, badge, liveVersion: liveVersionOf(state) }]))
    .sort((one, other) => other.savedAt - one.savedAt);
};

/** Keeps what somebody is writing. @throws ProofmarkError DRAFT_MOVED where it is not at the revision that was expected. */
export const saveDraft = async (draft: Omit<SaveDraft, 'type' | 'tenant' | 'savedAt'>, { store, tenant, newId, now }: PublishOptions): Promise<void> => {
  await execute(store, ruleDecider, ruleStream(tenant, draft.badge), { type: 'SaveDraft' as const, tenant, ...draft, savedAt: now() }, { newId });
};

/** Discards what somebody is writing. @throws ProofmarkError NOT_FOUND where there never was anything, DRAFT_MOVED as above. */
export const discardDraft = async (draft: Omit<DiscardDraft, 'type' | 'tenant' | 'discardedAt'>, { store, tenant, newId, now }: PublishOptions): Promise<void> => {
  await execute(store, ruleDecider, ruleStream(tenant, draft.badge), { type: 'DiscardDraft' as const, tenant, ...draft, discardedAt: now() }, { newId });
};
