import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngagementEvent } from '#domain/engagement-event.js';
import { badgeEngagement } from './badge-engagement.js';
import { openEmbeddedReadModels } from './embedded.js';
import { awarded, DAY, entriesOf, T0 } from './fixtures.js';

const about = { tenant: 't', badge: 'starter', code: 'A' } as const;
const viewed = (at: number, code = 'A'): EngagementEvent => ({ type: 'CredentialViewed', ...about, code, at, via: 'page' });

describe('engagement with badges', () => {
  it('is counted by badge and day, ways and targets apart, once a batch', async () => {
    const entries = await entriesOf(
      awarded('ann'), awarded('bob'), viewed(T0), viewed(T0 + 1, 'B'), viewed(T0 + DAY),
      { type: 'CredentialVerified', ...about, at: T0, via: 'qr' },
      { type: 'CredentialVerified', ...about, at: T0, via: 'api' },
      { type: 'CredentialShared', ...about, at: T0, via: 'linkedin' },
    );
    const adds = badgeEngagement.project(entries).flatMap((write) => (write.op === 'add' && write.collection === 'engagement_day' ? [[write.key, write.add]] : []));
    expect(adds).toEqual([
      [{ tenant: 't', badge: 'starter', day: '2024-01-12' }, { awarded: 2 }],
      [{ tenant: 't', badge: 'starter', day: '2024-01-10' }, { views: 2, verifiedByQr: 1, verifiedByApi: 1, sharedToLinkedin: 1 }],
      [{ tenant: 't', badge: 'starter', day: '2024-01-11' }, { views: 1 }],
    ]);
  });

  it('keeps first, last and number of each credential, whatever the batches', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'engagement-'));
    const models = openEmbeddedReadModels({ dir });
    try {
      await models.register([badgeEngagement]);
      const [generation] = await models.generations();
      if (!generation) throw new Error('no generation');
      const entries = await entriesOf({ type: 'CredentialVerified', ...about, at: T0 - 5, via: 'url' }, viewed(T0), viewed(T0 + 7), viewed(T0 + DAY), viewed(T0 + 9, 'B'));
      for (const entry of entries) await models.apply([{ generation, writes: badgeEngagement.project([entry]), checkpoint: entry.recorded.position }]);
      expect(await models.find('credential_engagement', { where: { tenant: 't', badge: 'starter' } })).toEqual([
        { ...about, what: 'verified', hits: 1, firstAt: T0 - 5, lastAt: T0 - 5 },
        { ...about, what: 'viewed', hits: 3, firstAt: T0, lastAt: T0 + DAY },
        { ...about, code: 'B', what: 'viewed', hits: 1, firstAt: T0 + 9, lastAt: T0 + 9 },
      ]);
    } finally {
      await models.close();
      rmSync(dir, { recursive: true });
    }
  });
});
