import { peopleSearch, rolesSaid } from '../../apps/web/src/people/said.js';

describe('a form of roles', () => {
  it.each([
    [[], '', '', { ok: false, missing: 'noRole' }],
    [['wizard'], '', '', { ok: false, missing: 'noRole' }],
    [['instructor'], ' , ', '', { ok: false, missing: 'noCourse' }],
    [['learner'], 'sql', ' ', { ok: false, missing: 'noLearner' }],
    [['instructor'], 'sql-*, viz\nsql-*', 'hb-1', { ok: true, roles: { roles: ['instructor'], courses: ['sql-*', 'viz'] } }],
    [['admin', 'learner'], 'sql', ' hb-1 ', { ok: true, roles: { roles: ['learner', 'admin'], learner: 'hb-1' } }],
    [['auditor'], 'sql', 'hb-1', { ok: true, roles: { roles: ['auditor'] } }],
  ] as const)('with %j, courses %j and learner %j', (roles, courses, learner, said) => expect(rolesSaid(roles, courses, learner)).toEqual(said));
});

it('the address of the people says what is asked, and no more than makes sense', () => {
  expect([peopleSearch({ role: 'auditor', text: 'kim' }), peopleSearch({ role: 'wizard', text: 7 }), peopleSearch({ text: '' })]).toEqual([{ role: 'auditor', text: 'kim' }, { text: '7' }, {}]);
});
