import { entriesOf, T0 } from './fixtures.js';
import { rules } from './rules.js';

describe('the rulebook', () => {
  it('has the newest version of each rule and every version', async () => {
    const published = { tenant: 't', badge: 'b', version: 2, hash: 'h2', document: { all: [] }, source: 'all: []', publishedAt: T0 };
    const entries = await entriesOf({ type: 'RulePublished', ...published });
    expect(rules.project(entries)).toEqual([
      { op: 'put', collection: 'rule_version', row: { ...published, publishedBy: null, approvedBy: null, backfill: false, position: 1 } },
      { op: 'put', collection: 'rule', row: { ...published, publishedBy: null, approvedBy: null, backfill: false, position: 1 } },
    ]);
  });

  it('marks the newest version of a rule that was retired, and leaves its past alone', async () => {
    const entries = await entriesOf({ type: 'RuleRetired', tenant: 't', badge: 'b', version: 2, reason: 'replaced', by: 'ana', retiredAt: T0 });
    expect(rules.project(entries)).toEqual([
      { op: 'patch', collection: 'rule', key: { tenant: 't', badge: 'b' }, set: { retiredAt: T0, retiredBy: 'ana', retirementApprovedBy: null, retiredBecause: 'replaced', position: 1 } },
    ]);
  });
});
