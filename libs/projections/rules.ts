import type { Projection } from './projection.js';
import type { Collection, Write } from './read-model.js';

const PUBLISHED = {
  tenant: 'text',
  badge: 'text',
  version: 'integer',
  hash: 'text',
  document: 'json',
  /** The text that its author wrote. */
  source: 'text',
  publishedAt: 'integer',
  /** Who published it, where somebody said. */
  publishedBy: 'text',
  /** The second person, where it was a proposal. */
  approvedBy: 'text',
  /** 1 for a version that also judged what happened before. */
  backfill: 'integer',
  /** Log position of the publication. */
  position: 'integer',
} as const;

/** The rule of each badge: its newest version, and whether it was retired. */
export const RULE: Collection = {
  name: 'rule',
  columns: {
    ...PUBLISHED,
    /** Null while it is live. */
    retiredAt: 'integer',
    retiredBy: 'text',
    /** The second person, where its retirement was a proposal. */
    retirementApprovedBy: 'text',
    /** Why it was retired. */
    retiredBecause: 'text',
  },
  key: ['tenant', 'badge'],
};

/** Every version that was ever published. */
export const RULE_VERSION: Collection = {
  name: 'rule_version',
  columns: PUBLISHED,
  key: ['tenant', 'badge', 'version'],
};

const NOTHING: Write[] = [];

/** The rulebook and its past. */
export const rules: Projection = {
  name: 'rulebook',
  version: 3,
  collections: [RULE, RULE_VERSION],
  project: (entries) =>
    entries.flatMap(({ event, recorded: { position } }): Write[] => {
      if (event.type === 'RulePublished') {
        const { tenant, badge, version, hash, source, publishedAt, by: publishedBy = null, approvedBy = null, backfill = false } = event;
        const document = event.document as object;
        const row = { tenant, badge, version, hash, document, source, publishedAt, publishedBy, approvedBy, backfill, position };
        return [
          { op: 'put', collection: 'rule_version', row },
          { op: 'put', collection: 'rule', row },
        ];
      }
      if (event.type === 'RuleRetired') {
        const { tenant, badge, retiredAt, reason: retiredBecause, by: retiredBy = null, approvedBy: retirementApprovedBy = null } = event;
        return [{ op: 'patch', collection: 'rule', key: { tenant, badge }, set: { retiredAt, retiredBy, retirementApprovedBy, retiredBecause, position } }];
      }
      return NOTHING;
    }),
};
