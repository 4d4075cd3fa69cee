import {
  award,
  type AwardAmended,
  type AwardCommand,
  type AwardEvent,
  type AwardKept,
  type AwardReinstated,
  type AwardRevoked,
  type AwardSuspended,
  type BadgeAwarded,
  type Cause,
  type CorrectionPolicy,
  type Review,
  type Support,
  type Withhold,
} from './award.js';
import { fold } from './decider.js';
import { given } from './given-when-then.js';
import type { Verdict } from './verdict.js';

const subject = { award: 'a1', tenant: 't', learner: 'ada', badge: 'b' };
const verdict = (met: boolean, value: number): Verdict => ({
  met,
  decided: true,
  ...(met && { asOf: 100 }),
  root: { criterion: 'count', path: 'count', met, value, needed: 2, unit: 'count', evidence: ['lms/e1'] },
});
const MET = verdict(true, 2);
const MET_OTHERWISE = verdict(true, 3);
const UNMET = verdict(false, 1);
const facts: Cause = { kind: 'facts', events: ['lms/e1'], reason: 'new facts' };
const correction: Cause = { kind: 'correction', events: ['lms/c1'], reason: 'corrected facts' };
const person: Cause = { kind: 'person', events: [], reason: 'looked at it' };

const supported = (earnedAt = 100, seen = MET): Support => ({
  type: 'Support',
  ...subject,
  course: 'c',
  period: '',
  rule: { badge: 'b', version: 1, hash: 'h' },
  earnedAt,
  decidedAt: 500,
  startedAt: 10,
  verdict: seen,
  cause: facts,
});
const lost = (policy: CorrectionPolicy): Withhold => ({ type: 'Withhold', rule: { badge: 'b', version: 1, hash: 'h' }, policy, decidedAt: 600, verdict: UNMET, cause: correction });
const reinstate: Review = { type: 'Reinstate', decidedAt: 700, cause: person };
const revoke: Review = { type: 'Revoke', decidedAt: 700, cause: person };

const awarded: BadgeAwarded = { ...supported(), type: 'BadgeAwarded' };
const kept: AwardKept = { type: 'AwardKept', ...subject, decidedAt: 600, verdict: UNMET, cause: correction };
const suspended: AwardSuspended = { ...kept, type: 'AwardSuspended' };
const revoked: AwardRevoked = { ...kept, type: 'AwardRevoked', from: 'active' };
const revokedByPerson = (from: AwardRevoked['from']): AwardRevoked => ({ type: 'AwardRevoked', ...subject, from, decidedAt: 700, cause: person });
const reinstatedByPerson = (from: AwardReinstated['from']): AwardReinstated => ({
  type: 'AwardReinstated', ...subject, from, earnedAt: 100, decidedAt: 700, cause: person,
});
const reinstated = (from: AwardReinstated['from'], earnedAt = 100, seen = MET): AwardReinstated => ({
  type: 'AwardReinstated', ...subject, from, earnedAt, decidedAt: 500, verdict: seen, cause: facts,
});
const amended = (earnedAt: number, seen = MET): AwardAmended => ({
  type: 'AwardAmended', ...subject, earnedAt, decidedAt: 500, verdict: seen, cause: facts,
});
const POLICIES: readonly CorrectionPolicy[] = ['keep', 'review', 'revoke'];

describe('an award that does not exist', () => {
  it('is granted when the facts support it', () => given(award).when(supported()).then(awarded));
  it.each(POLICIES)('stays so when they do not (%s)', (policy) => given(award).when(lost(policy)).then());
  it('cannot be reinstated', () => given(award).when(reinstate).thenThrows('AWARD_UNKNOWN'));
  it('cannot be revoked', () => given(award).when(revoke).thenThrows('AWARD_UNKNOWN'));
  it('cannot be anything but granted', () => {
    for (const event of [kept, suspended, revoked, reinstated('revoked'), amended(1)]) expect(fold(award, [event])).toEqual({ status: 'none' });
  });
});

describe('an active award', () => {
  it('stays as it is when the same is decided again', () => given(award, awarded).when({ ...supported(), decidedAt: 999, cause: correction }).then());
  it('is amended when it was earned at another time', () => given(award, awarded).when(supported(50)).then(amended(50)));
  it('is amended when it is supported by other facts', () => given(award, awarded).when(supported(100, MET_OTHERWISE)).then(amended(100, MET_OTHERWISE)));
  it('is amended once', () => given(award, awarded, amended(50)).when(supported(50)).then());
  it('is kept', () => given(award, awarded).when(lost('keep')).then(kept));
  it('is suspended', () => given(award, awarded).when(lost('review')).then(suspended));
  it('is revoked', () => given(award, awarded).when(lost('revoke')).then(revoked));
  it('is revoked by a person', () => given(award, awarded).when(revoke).then(revokedByPerson('active')));
  it('needs no reinstating', () => given(award, awarded).when(reinstate).thenThrows('AWARD_NOT_SUSPENDED'));
});

describe('an award that was kept although the facts no longer support it', () => {
  it.each(POLICIES)('is kept once, whatever the policy is then (%s)', (policy) => given(award, awarded, kept).when(lost(policy)).then());
  it('says so when they support it again, also with the trace of before', () => given(award, awarded, kept).when(supported()).then(amended(100)));
  it('can then be lost again', () => given(award, awarded, kept, amended(100)).when(lost('keep')).then(kept));
  it('is revoked by a person', () => given(award, awarded, kept).when(revoke).then(revokedByPerson('active')));
  it('needs no reinstating', () => given(award, awarded, kept).when(reinstate).thenThrows('AWARD_NOT_SUSPENDED'));
});

describe('a suspended award', () => {
  it('is reinstated when the facts support it again, with their date and trace', () =>
    given(award, awarded, suspended).when(supported(50, MET_OTHERWISE)).then(reinstated('suspended', 50, MET_OTHERWISE)));
  it.each(POLICIES)('waits for a person when they still do not (%s)', (policy) => given(award, awarded, suspended).when(lost(policy)).then());
  it('is reinstated by a person', () => given(award, awarded, suspended).when(reinstate).then(reinstatedByPerson('suspended')));
  it('is revoked by a person', () => given(award, awarded, suspended).when(revoke).then(revokedByPerson('suspended')));
});

describe('a revoked award', () => {
  it('is reinstated when the facts support it again', () => given(award, awarded, revoked).when(supported()).then(reinstated('revoked')));
  it.each(POLICIES)('stays revoked when they still do not (%s)', (policy) => given(award, awarded, revoked).when(lost(policy)).then());
  it('is reinstated by a person', () => given(award, awarded, revoked).when(reinstate).then(reinstatedByPerson('revoked')));
  it('is revoked once', () => given(award, awarded, revoked).when(revoke).thenThrows('AWARD_NOT_ACTIVE'));
  it('can be lost again once it is reinstated', () => given(award, awarded, revoked, reinstated('revoked')).when(lost('revoke')).then(revoked));
});

describe('what a person decided', () => {
  const byPerson: readonly AwardEvent[] = [awarded, suspended, reinstatedByPerson('suspended')];
  it('keeps an award that the facts do not support', () => {
    for (const policy of POLICIES) given(award, ...byPerson).when(lost(policy)).then();
  });
  it('keeps it also after the facts have supported it for a while', () => {
    given(award, ...byPerson).when(supported()).then(amended(100));
    for (const policy of POLICIES) given(award, ...byPerson, amended(100)).when(lost(policy)).then();
  });
  it('keeps an award revoked that the facts support', () => {
    given(award, awarded, revokedByPerson('active')).when(supported(50)).then();
    given(award, awarded, suspended, revokedByPerson('suspended')).when(supported()).then();
  });
  it('can be changed by a person only', () => {
    given(award, ...byPerson).when(revoke).then(revokedByPerson('active'));
    given(award, awarded, revokedByPerson('active')).when(reinstate).then(reinstatedByPerson('revoked'));
    given(award, awarded, revokedByPerson('active')).when(revoke).thenThrows('AWARD_NOT_ACTIVE');
  });
  it('leaves date and trace as they were', () => {
    expect(fold(award, byPerson)).toMatchObject({ status: 'active', earnedAt: 100, verdict: UNMET, decidedByPerson: true });
    expect(fold(award, [awarded, revokedByPerson('active')])).toMatchObject({ status: 'revoked', earnedAt: 100, verdict: MET, decidedByPerson: true });
  });
});

describe('an award that holds for a time', () => {
  const until = (earnedAt: number, validUntil: number): Support => ({ ...supported(earnedAt), validUntil });
  const granted: BadgeAwarded = { ...until(100, 1100), type: 'BadgeAwarded' };
  const time: Cause = { kind: 'time', events: [], reason: 'over' };
  const expire: AwardCommand = { type: 'Expire', decidedAt: 1100, cause: time };
  const expired: AwardEvent = { type: 'AwardExpired', ...subject, decidedAt: 1100, cause: time };
  const renewed = (from: 'active' | 'expired', earnedAt: number, validUntil: number): AwardEvent => ({
    type: 'AwardRenewed', ...subject, from, earnedAt, validUntil, decidedAt: 500, verdict: MET, cause: facts,
  });

  it('expires once', () => {
    given(award, granted).when(expire).then(expired);
    given(award, granted, expired).when(expire).then();
    given(award).when(expire).then();
    given(award, granted, suspended).when(expire).then();
  });
  it('is renewed when it is earned again, before or after its end', () => {
    given(award, granted).when(until(700, 1700)).then(renewed('active', 700, 1700));
    given(award, granted, expired).when(until(1200, 2200)).then(renewed('expired', 1200, 2200));
    expect(fold(award, [granted, expired, renewed('expired', 1200, 2200)])).toMatchObject({ status: 'active', earnedAt: 1200, validUntil: 2200 });
  });
  it('is amended when a correction brings its end forward', () => {
    given(award, granted).when(until(50, 1050)).then({ ...amended(50), validUntil: 1050 });
    expect(fold(award, [granted, { ...amended(50), validUntil: 1050 }])).toMatchObject({ earnedAt: 50, validUntil: 1050 });
  });
  it('can be revoked by a person after its end, and not reinstated', () => {
    given(award, granted, expired).when(revoke).then(revokedByPerson('expired'));
    given(award, granted, expired).when(reinstate).thenThrows('AWARD_NOT_SUSPENDED');
  });
  it('is not withheld after its end', () => {
    for (const policy of POLICIES) given(award, granted, expired).when(lost(policy)).then();
  });
});

describe('a rule version that also judges what was awarded before', () => {
  const rule = { badge: 'b', version: 2, hash: 'h2' };
  it('takes the award over, though its verdict is the same', () => {
    given(award, awarded).when({ ...supported(), rule }).then({ ...amended(100), verdict: MET, rule });
    expect(fold(award, [awarded, { ...amended(100), verdict: MET, rule }])).toMatchObject({ rule: { version: 2 } });
  });
  it('withholds it by its own policy', () => {
    given(award, awarded).when({ ...lost('revoke'), rule }).then({ ...revoked, rule });
    expect(fold(award, [awarded, { ...revoked, rule }])).toMatchObject({ status: 'revoked', rule: { version: 2 } });
  });
});
