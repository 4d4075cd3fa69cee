import { account, type AccountOpened } from './account.js';
import { apiKey, type ApiKeyIssued } from './api-key.js';
import { fold } from './decider.js';
import { given } from './given-when-then.js';

const KEY: ApiKeyIssued = { type: 'ApiKeyIssued', tenant: 't', key: 'k', hash: 'h1', label: 'lms', actions: ['event:send'], sources: ['lms'], by: 'p', at: 1 };
const rotate = { type: 'Rotate', tenant: 't', key: 'k', hash: 'h2', previousUntil: 9, by: 'p', at: 2 } as const;
const revoke = { type: 'Revoke', tenant: 't', key: 'k', reason: 'lost', by: 'p', at: 3 } as const;

describe('an API key', () => {
  it('is made once', () => {
    given(apiKey).when({ ...KEY, type: 'Issue' }).then(KEY);
    given(apiKey, KEY).when({ ...KEY, type: 'Issue' }).then();
  });

  it('gets another secret and keeps what it may do', () => {
    given(apiKey, KEY).when(rotate).then({ ...rotate, type: 'ApiKeyRotated' });
    expect(fold(apiKey, [KEY, { ...rotate, type: 'ApiKeyRotated' }])).toMatchObject({ status: 'active', hash: 'h2', previous: { hash: 'h1', until: 9 }, grant: { sources: ['lms'] } });
  });

  it('knows until when others may still use it, of whom it has the secret of somebody else', () => {
    const by = (who: string, at: number, previousUntil: number) => ({ ...rotate, type: 'ApiKeyRotated', by: who, at, previousUntil }) as const;
    const former = (...events: readonly ReturnType<typeof by>[]): unknown => fold(apiKey, [KEY, ...events]);
    expect(former(by('p', 2, 9))).toMatchObject({ holders: ['p'], former: [] });
    expect(former(by('q', 2, 9))).toMatchObject({ holders: ['p', 'q'], former: [{ by: 'p', until: 9 }] });
    // Only the secret before is good yet: the one before that ended with it.
    expect(former(by('q', 2, 9), by('r', 4, 12))).toMatchObject({ former: [{ by: 'p', until: 4 }, { by: 'q', until: 12 }] });
    expect(former(by('q', 2, 9), by('q', 4, 12))).toMatchObject({ former: [{ by: 'p', until: 4 }] });
    expect(former(by('q', 2, 9), by('p', 4, 12))).toMatchObject({ holders: ['q', 'p'], former: [{ by: 'q', until: 12 }] });
  });

  it('is revoked once and for good', () => {
    const revoked = { ...revoke, type: 'ApiKeyRevoked' } as const;
    given(apiKey, KEY).when(revoke).then(revoked);
    given(apiKey, KEY, revoked).when(revoke).then();
    given(apiKey, KEY, revoked).when(rotate).thenThrows('NOT_FOUND');
    given(apiKey).when(revoke).thenThrows('NOT_FOUND');
  });
});

const OPENED: AccountOpened = { type: 'AccountOpened', tenant: 't', account: 'p', roles: ['learner'], courses: [], learner: 'ann', by: 'p0', at: 1 };
const closed = { type: 'AccountClosed', tenant: 't', account: 'p', reason: 'left', by: 'p0', at: 5 } as const;

describe('an account', () => {
  it('is opened once', () => {
    given(account).when({ ...OPENED, type: 'Open' }).then(OPENED);
    given(account, OPENED).when({ ...OPENED, type: 'Open' }).then();
  });

  it('loses what a change of its roles leaves out', () => {
    const changed = { type: 'AccountRolesChanged', tenant: 't', account: 'p', roles: ['instructor'], courses: ['C1'], by: 'p0', at: 2 } as const;
    expect(fold(account, [OPENED, changed])).toEqual({ status: 'open', tenant: 't', account: 'p', openedAt: 1, sessionsFrom: 0, ended: [], roles: ['instructor'], courses: ['C1'] });
  });

  it('remembers which sessions are over', () => {
    const one = { type: 'SessionsEnded', tenant: 't', account: 'p', session: 's1', by: 'p', at: 3 } as const;
    const { session: _one, ...all } = { ...one, at: 4 };
    expect(fold(account, [OPENED, one])).toMatchObject({ ended: [{ session: 's1', at: 3 }], sessionsFrom: 0 });
    expect(fold(account, [OPENED, one, all])).toMatchObject({ ended: [], sessionsFrom: 4 });
  });

  it('ends a session once, and remembers it for as long as one can last', () => {
    const one = { type: 'SessionsEnded', tenant: 't', account: 'p', session: 's1', by: 'p', at: 3 } as const;
    given(account, OPENED, one).when({ ...one, type: 'EndSessions', at: 4 }).then();
    const many = Array.from({ length: 1_000 }, (_none, i) => ({ ...one, session: `other-${i}`, at: 4 }));
    expect(fold(account, [OPENED, one, ...many])).toMatchObject({ ended: expect.arrayContaining([{ session: 's1', at: 3 }]) as unknown });
    expect(fold(account, [OPENED, one, { ...one, session: 's2', at: 3 * 86_400_000 }])).toMatchObject({ ended: [{ session: 's2' }] });
  });

  it('stays closed', () => {
    given(account, OPENED).when({ ...closed, type: 'Close' }).then(closed);
    given(account, OPENED, closed).when({ ...closed, type: 'Close' }).then();
    given(account, OPENED, closed).when({ ...OPENED, type: 'ChangeRoles' }).thenThrows('NOT_FOUND');
    given(account).when({ ...closed, type: 'Close' }).thenThrows('NOT_FOUND');
  });
});
