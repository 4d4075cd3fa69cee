import type { Criterion } from './rule.js';
import { ruleOf } from './arbitraries/rules.js';
import { reachesOutsiders } from './outsiders.js';

const badge: Criterion = { leaf: { keyword: 'badges', selects: [{ type: 'BadgeHeld', activities: ['x'] }], settings: { badge: ['x'] } } };
const missions: Criterion = { leaf: { keyword: 'count', selects: [{ type: 'MissionCompleted' }], settings: { 'at-least': 1 } } };
const neverLate: Criterion = { leaf: { keyword: 'none', selects: [{ type: 'Withdrawn' }], settings: {} } };
const nothingMissing: Criterion = { leaf: { keyword: 'none-missing', selects: [{ type: 'AssignmentSubmitted' }], settings: {} } };
const all = (...parts: Criterion[]): Criterion => ({ group: 'all', parts });
const any = (...parts: Criterion[]): Criterion => ({ group: 'any', parts });
const not = (part: Criterion): Criterion => ({ group: 'not', parts: [part] });

it.each<[string, Criterion, boolean]>([
  ['a badge', badge, true],
  ['no badge', not(badge), true],
  ['a badge or something in the course', any(badge, missions), true],
  ['a badge and something in the course', all(badge, missions), false],
  ['a badge, and nothing of a kind in the course', all(badge, neverLate), true],
  ['a badge, and something not done in the course', all(badge, not(missions)), true],
  ['a badge, and something of a kind in the course', all(badge, not(neverLate)), false],
  ['a badge, and what depends on what the course offers', all(badge, nothingMissing), true],
  ['something in the course', missions, false],
  ['nothing of a kind in the course', neverLate, false],
  ['two of three, of which two are in the course', { group: 'some', atLeast: 2, parts: [badge, missions, missions] }, false],
  ['one of three, of which two are in the course', { group: 'some', atLeast: 1, parts: [badge, missions, missions] }, true],
])('tells whether somebody who did nothing in the course may meet a rule: %s', (_what, criteria, expected) => {
  expect(reachesOutsiders(ruleOf({ criteria, decides: { mode: 'continuously' } }))).toBe(expected);
});
