import type { Write } from './read-model.js';
import { awards } from './awards.js';
import { awardLife, cause, DAY, entriesOf, subject, T0, verdict } from './fixtures.js';

const of = async (collection: string): Promise<readonly Write[]> =>
  awards.project(await entriesOf(...awardLife())).filter((write) => write.collection === collection);

describe('the award register', () => {
  it('takes up an award with everything that decided it', async () => {
    const [first] = await of('award');
    expect(first).toEqual({
      op: 'put',
      collection: 'award',
      row: {
        ...subject(), course: 'c1', period: '', status: 'active', supported: true, decidedByPerson: false, ruleVersion: 1, ruleHash: 'h1',
        earnedAt: T0, startedAt: T0 - 10 * DAY, validUntil: null, awardedAt: T0 + 2 * DAY, decidedAt: T0 + 2 * DAY,
        verdict: verdict(true, 'lms/1', 'lms/2'), evidence: ['lms/1', 'lms/2'], cause: cause(), position: 1,
      },
    });
  });

  it('follows every change of it', async () => {
    const [, ...patches] = await of('award');
    expect(patches.map((write) => (write.op === 'patch' ? [write.key, write.set] : write))).toMatchObject([
      [{ award: 'ann-starter' }, { earnedAt: T0 + DAY, evidence: ['lms/1', 'lms/3'], supported: true, position: 2 }],
      [{ award: 'ann-starter' }, { supported: false, evidence: ['lms/1'], position: 3 }],
      [{ award: 'ann-starter' }, { status: 'suspended', supported: false, position: 4 }],
      [{ award: 'ann-starter' }, { status: 'revoked', decidedByPerson: true, cause: cause('person'), position: 5 }],
      [{ award: 'ann-starter' }, { status: 'active', decidedByPerson: true, position: 6 }],
      [{ award: 'ann-starter' }, { status: 'revoked', decidedByPerson: false, decidedAt: T0 + 8 * DAY, position: 7 }],
    ]);
    expect(patches[1]).not.toHaveProperty('set.status'); // kept: it stays active
    expect(patches[3]).not.toHaveProperty('set.verdict'); // a person's decision leaves the facts' verdict
  });

  it('keeps the whole history', async () => {
    const rows = (await of('award_change')).map((write) => (write.op === 'put' ? write.row : write));
    expect(rows.map((row) => 'type' in row && row.type)).toEqual(awardLife().map(({ type }) => type));
    expect(rows[4]).toEqual({ award: 'ann-starter', tenant: subject().tenant, learner: subject().learner, position: 5, type: 'AwardRevoked', at: T0 + 6 * DAY, cause: cause('person'), verdict: null });
  });
});
