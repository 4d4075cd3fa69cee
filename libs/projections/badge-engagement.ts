import { SHARE_TARGETS, VERIFICATION_WAYS, type EngagementEvent, type ShareTarget, type VerificationWay } from '#domain/engagement-event.js';
import type { LogEvent } from '#domain/log-event.js';
import { utcDay } from './issuer-analytics.js';
import type { Projection } from './projection.js';
import type { Collection, Write } from './read-model.js';
import { tally } from './tally.js';

const titled = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** The column of a way to verify: `verifiedByQr`, … */
export const verifiedColumn = (way: VerificationWay): string => `verifiedBy${titled(way)}`;
/** The column of a place to share to: `sharedToLinkedin`, … */
export const sharedColumn = (target: ShareTarget): string => `sharedTo${titled(target)}`;

const integers = (columns: readonly string[]): Readonly<Record<string, 'integer'>> => Object.fromEntries(columns.map((column) => [column, 'integer']));

/** What became of a badge among those who see it, by UTC day ("2026-05-31"); awards by the day of their decision. */
export const ENGAGEMENT_DAY: Collection = {
  name: 'engagement_day',
  columns: {
    tenant: 'text',
    badge: 'text',
    day: 'text',
    awarded: 'integer',
    views: 'integer',
    ...integers([...VERIFICATION_WAYS.map(verifiedColumn), ...SHARE_TARGETS.map(sharedColumn)]),
  },
  key: ['tenant', 'badge', 'day'],
  indexes: [['tenant', 'day']],
};

/** Of each credential how often it was viewed, verified and shared, and when first and last. */
export const CREDENTIAL_ENGAGEMENT: Collection = {
  name: 'credential_engagement',
  columns: {
    tenant: 'text',
    badge: 'text',
    /** viewed, verified or shared. */
    what: 'text',
    code: 'text',
    hits: 'integer',
    firstAt: 'integer',
    lastAt: 'integer',
  },
  key: ['tenant', 'badge', 'what', 'code'],
};

const WHAT = { CredentialViewed: 'viewed', CredentialVerified: 'verified', CredentialShared: 'shared' } as const;

const isEngagement = (event: LogEvent): event is EngagementEvent => Object.hasOwn(WHAT, event.type);

const columnOf = (event: EngagementEvent): string => {
  switch (event.type) {
    case 'CredentialViewed':
      return 'views';
    case 'CredentialVerified':
      return verifiedColumn(event.via);
    case 'CredentialShared':
      return sharedColumn(event.via);
  }
};

/** Views, verifications and shares of badges, beside how often they were awarded. */
export const badgeEngagement: Projection = {
  name: 'badge-engagement',
  version: 1,
  collections: [ENGAGEMENT_DAY, CREDENTIAL_ENGAGEMENT],
  project: (entries) => {
    const days = tally();
    const writes: Write[] = [];
    for (const { event, tenant, erased } of entries) {
      if (event.type === 'LearnerErased' || event.type === 'LearnerErasureCompleted') {
        for (const { badge, code } of event.credentials) {
          for (const what of Object.values(WHAT)) writes.push({ op: 'remove', collection: 'credential_engagement', key: { tenant, badge, what, code } });
        }
      }
      if (event.type === 'BadgeAwarded') days.add([tenant, event.badge, utcDay(event.decidedAt)], { awarded: 1 });
      if (!isEngagement(event)) continue;
      const { badge, code, at } = event;
      days.add([tenant, badge, utcDay(at)], { [columnOf(event)]: 1 });
      if (erased) continue; // it counts for the badge, not for the credential
      const key = { tenant, badge, what: WHAT[event.type], code };
      writes.push(
        { op: 'keep', collection: 'credential_engagement', row: { ...key, firstAt: at } },
        { op: 'add', collection: 'credential_engagement', key, add: { hits: 1 } },
        { op: 'patch', collection: 'credential_engagement', key, set: { lastAt: at } },
      );
    }
    for (const { path: [tenant, badge, day], amounts } of days.entries()) {
      writes.push({ op: 'add', collection: 'engagement_day', key: { tenant, badge, day }, add: amounts });
    }
    return writes;
  },
};
