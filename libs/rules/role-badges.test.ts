import { readFileSync } from 'node:fs';
import { parseRule } from './parse.js';
import { badgesOfRole, takesAll } from './role-badges.js';
import type { Rule } from './rule.js';

const RULES = new URL('../../../rules/', import.meta.url);
const ruleOf = (badge: string): Rule => {
  const parsed = parseRule(readFileSync(new URL(`${badge}.yaml`, RULES), 'utf8'), badge);
  if (!parsed.ok) throw new Error(badge);
  return parsed.rule;
};

describe('the badges of a role', () => {
  it('are those that its criteria name, a family of levels as one', () => {
    const rules = ['sql-foundations', 'sql-practitioner', 'sql-specialist', 'data-analyst'].map(ruleOf);
    expect(badgesOfRole(ruleOf('data-analyst'), rules)).toEqual([
      { badges: ['sql-foundations'] }, { badges: ['viz-designer'] }, { badges: ['sql-practitioner', 'sql-specialist'], level: { of: 'sql', fromRank: 2 } },
      { badges: ['sql-every-week'] }, { badges: ['viz-weekly-practice'] }, { badges: ['viz-studio'] }, { badges: ['team-reliable'] },
    ]);
    expect(badgesOfRole(ruleOf('data-storyteller'), []).map(({ badges }) => badges)).toEqual([['viz-storyteller'], ['viz-critic'], ['team-player'], ['team-demo-day']]);
    for (const role of ['data-analyst', 'data-storyteller']) expect([role, takesAll(ruleOf(role))]).toEqual([role, false]);
  });

  it('are not those that must not be held', () => {
    const parsed = parseRule('badge: beginner\nname: { en: B }\ncriteria-text: { en: B }\ndecides: as-soon-as-met\nwhen-corrected: keep\nrole: { en: B }\ncriteria:\n  all:\n    - badges: { badge: [one, two] }\n    - not: { badges: { badge: expert } }\n', 'r');
    expect(parsed.ok && badgesOfRole(parsed.rule, []).map(({ badges }) => badges)).toEqual([['one'], ['two']]);
    expect(parsed.ok && takesAll(parsed.rule)).toBe(true);
  });
});
