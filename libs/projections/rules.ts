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
  /** Log position of the publication. */
  position: 'integer',
} as const;

/** The rule of each badge: its newest version. */
export const RULE: Collection = {
  name: 'rule',
  columns: PUBLISHED,
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
  version: 1,
  collections: [RULE, RULE_VERSION],
  project: (entries) =>
    entries.flatMap(({ event, recorded: { position } }): Write[] => {
      if (event.type === 'RulePublished') {
        const { tenant, badge, version, hash, source, publishedAt } = event;
        const document = event.document as object;
        const row = { tenant, badge, version, hash, document, source, publishedAt, position };
        return [
          { op: 'put', collection: 'rule_version', row },
          { op: 'put', collection: 'rule', row },
        ];
      }
      return NOTHING;
    }),
};
