import { entriesOf, T0 } from './fixtures.js';
import { rules } from './rules.js';

describe('the rulebook', () => {
  it('has the newest version of each rule and every version', async () => {
    const published = { tenant: 't', badge: 'b', version: 2, hash: 'h2', document: { all: [] }, source: 'all: []', publishedAt: T0 };
    const entries = await entriesOf({ type: 'RulePublished', ...published });
    expect(rules.project(entries)).toEqual([
      { op: 'put', collection: 'rule_version', row: { ...published, position: 1 } },
      { op: 'put', collection: 'rule', row: { ...published, position: 1 } },
    ]);
  });
});
