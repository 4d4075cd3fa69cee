import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { EngagementEvent } from '#domain/engagement-event.js';
import { ProofmarkError } from '#domain/errors.js';
import { readLogEvent } from '#domain/log-event.js';
import { engagementStream } from '#domain/streams.js';
import { toNewEvent } from '#event-store/execute.js';
import { inMemoryLog, type InMemoryLog } from '#projections/in-memory-log.js';
import { utcDay } from '#projections/issuer-analytics.js';
import type { Engine } from '../../engine.js';
import { grade, serverUnderTest, type Answer, type ServerUnderTest } from '../server-under-test.js';
import { Engagement, pauseAfter } from './engagement.js';
import { EventCap } from './event-cap.js';

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const by = (ip: string, agent = BROWSER, method = 'GET'): FastifyRequest => ({ ip, method, headers: { 'user-agent': agent } }) as unknown as FastifyRequest;
const CREDENTIAL = { badge: 'essays', code: '0000000000000001' };
const OTHER = { badge: 'essays', code: '0000000000000002' };
const DAY = 86_400_000;

let store: InMemoryLog;
let full: boolean;
let attempts: number;
let engagement: Engagement;
beforeEach(() => {
  store = inMemoryLog();
  full = false;
  attempts = 0;
  const append: InMemoryLog['append'] = (appends) => (++attempts && full ? Promise.reject(new ProofmarkError('STORE_FULL', 'The disk is full.')) : store.append(appends));
  engagement = new Engagement({ config: { tenant: 'default' }, store: { ...store, append } } as unknown as Engine);
});

const logged = async (): Promise<readonly EngagementEvent[]> =>
  (await store.readStream(engagementStream('default', 'essays'))).map(({ type, schema, json }) => readLogEvent(type, schema, json) as EngagementEvent);

describe('engagement', () => {
  it('is written in batches, without anything about who it was', async () => {
    engagement.note(CREDENTIAL, 'view', 'page', by('10.0.0.1'));
    engagement.note(CREDENTIAL, 'verification', 'qr', by('10.0.0.1'));
    engagement.note(OTHER, 'view', 'page', by('10.0.0.1'));
    expect(await logged()).toEqual([]);
    await engagement.flush();
    const events = await logged();
    const at = expect.any(Number) as number;
    expect(events).toEqual([
      { type: 'CredentialViewed', tenant: 'default', ...CREDENTIAL, at, via: 'page' },
      { type: 'CredentialVerified', tenant: 'default', ...CREDENTIAL, at, via: 'qr' },
      { type: 'CredentialViewed', tenant: 'default', ...OTHER, at, via: 'page' },
    ]);
    await engagement.flush();
    expect(await logged()).toHaveLength(3);
  });

  it('counts no robots, programs as verifiers alone, and a visitor once in a while', async () => {
    for (const agent of ['Googlebot/2.1', 'curl/8.5.0']) {
      engagement.note(CREDENTIAL, 'view', 'page', by('10.0.0.1', agent));
      engagement.note(CREDENTIAL, 'verification', 'api', by('10.0.0.1', agent));
    }
    engagement.note(CREDENTIAL, 'view', 'page', by('10.0.0.1', BROWSER, 'HEAD'));
    for (const ip of ['10.0.0.1', '10.0.0.1', '10.0.0.2']) engagement.note(CREDENTIAL, 'view', 'page', by(ip));
    await engagement.flush();
    expect((await logged()).map(({ type, via }) => `${type} ${via}`)).toEqual(['CredentialVerified api', 'CredentialViewed page', 'CredentialViewed page']);
  });

  it('has a share in the log when it says so, and once', async () => {
    expect(await engagement.share(CREDENTIAL, 'linkedin', by('10.0.0.1'))).toBe(true);
    expect(await logged()).toMatchObject([{ type: 'CredentialShared', via: 'linkedin' }]);
    expect(await engagement.share(CREDENTIAL, 'linkedin', by('10.0.0.1'))).toBe(false);
    expect(await engagement.share(CREDENTIAL, 'embed', by('10.0.0.1', 'Googlebot/2.1'))).toBe(false);
    expect(await logged()).toHaveLength(1);
  });

  it('writes what waits before it stops', async () => {
    engagement.note(CREDENTIAL, 'view', 'page', by('10.0.0.1'));
    await engagement.onModuleDestroy();
    expect(await logged()).toHaveLength(1);
  });

  it('keeps what a full log does not take, and writes it later', async () => {
    Logger.overrideLogger(false);
    full = true;
    engagement.note(CREDENTIAL, 'view', 'page', by('10.0.0.1'));
    await engagement.flush();
    expect(await logged()).toEqual([]);
    await expect(engagement.share(CREDENTIAL, 'link', by('10.0.0.1'))).rejects.toMatchObject({ code: 'STORE_FULL' });
    full = false;
    engagement.note(OTHER, 'view', 'page', by('10.0.0.1'));
    await engagement.flush();
    expect((await logged()).map(({ code }) => code)).toEqual([CREDENTIAL.code, OTHER.code]);
    expect(await engagement.share(CREDENTIAL, 'link', by('10.0.0.1'))).toBe(true); // the refused one does not stand in its way
  });
});

describe('engagement that is too much', () => {
  it('asks a full log ever more seldom, however many visitors come, and goes on where there is room', async () => {
    Logger.overrideLogger(false);
    full = true;
    for (let i = 0; i < 1_000; i++) engagement.note({ badge: 'essays', code: `code ${i}` }, 'view', 'page', by('10.0.0.1'));
    await engagement.flush();
    const before = attempts;
    expect(before).toBe(2); // one for the burst, one that was asked for
    for (let i = 0; i < 1_000; i++) engagement.note({ badge: 'essays', code: `later ${i}` }, 'view', 'page', by('10.0.0.1'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(attempts).toBe(before);
    full = false;
    await engagement.flush();
    expect(await logged()).toHaveLength(2_000);
    expect(Array.from({ length: 8 }, (_none, failures) => pauseAfter(failures))).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  });

  it('counts no more of one credential than a thousand events in an hour, whoever they say that they are', async () => {
    for (let i = 0; i < 1_200; i++) engagement.note(CREDENTIAL, 'view', 'page', by(`10.0.${i >> 8}.${i & 255}`));
    expect(await engagement.share(CREDENTIAL, 'link', by('10.9.9.9'))).toBe(false);
    engagement.note(OTHER, 'view', 'page', by('10.0.0.1'));
    expect(await engagement.share(OTHER, 'link', by('10.9.9.9'))).toBe(true);
    await engagement.flush();
    const codes = (await logged()).map(({ code }) => code);
    expect([codes.filter((code) => code === CREDENTIAL.code).length, codes.filter((code) => code === OTHER.code).length]).toEqual([1_000, 2]);
  });

  it('counts again in the next hour', () => {
    const cap = new EventCap();
    const hour = 3_600_000;
    for (let i = 0; i < 1_000; i++) cap.count('A', 5 * hour + i);
    expect([cap.isReached('A', 6 * hour - 1), cap.isReached('B', 6 * hour - 1), cap.isReached('A', 6 * hour)]).toEqual([true, false, false]);
  });
});

describe('figures on engagement', () => {
  let server: ServerUnderTest;
  beforeAll(async () => {
    server = await serverUnderTest({ smallGroup: 0 }); // two learners
  });
  afterAll(() => server.close());

  const items = ({ body }: Answer): readonly Readonly<Record<string, unknown>>[] => body['items'] as readonly Readonly<Record<string, unknown>>[];
  const about = { tenant: 'default', badge: 'essays', code: 'A' } as const;
  const record = async (...events: EngagementEvent[]): Promise<void> => {
    await server.engine.store.append(events.map((event) => ({ stream: engagementStream('default', event.badge), expected: 'any' as const, events: [toNewEvent(event, randomUUID())] })));
    await server.engine.followers.settle();
  };
  const now = Date.now();

  it('say what was viewed, verified and shared, by badge and credential', async () => {
    await server.post('/v1/events', ['ana', 'ben'].flatMap((learner) => [grade(`1-${learner}`, learner, 'A1', 70), grade(`2-${learner}`, learner, 'A2', 80)]));
    await server.engine.followers.settle();
    await record(
      { type: 'CredentialViewed', ...about, at: now - 40 * DAY, via: 'page' },
      { type: 'CredentialViewed', ...about, at: now - DAY, via: 'page' },
      { type: 'CredentialVerified', ...about, code: 'B', at: now - DAY, via: 'upload' },
      { type: 'CredentialShared', ...about, at: now - DAY, via: 'linkedin' },
      { type: 'CredentialShared', ...about, at: now - DAY, via: 'embed' },
    );
    const [essays, present] = items(await server.get('/v1/analytics/engagement'));
    expect(essays).toMatchObject({
      badge: 'essays', course: 'C1', awarded: 2, views: 2, verifications: { total: 1, qr: 0, upload: 1 }, shares: { total: 2, linkedin: 1, embed: 1, link: 0, download: 0 },
      sharedCredentials: 1, shareRate: 0.5, lastViewedOn: utcDay(now - DAY), fatigued: false,
    });
    expect(present).toMatchObject({ badge: 'present', awarded: 0, views: 0, shareRate: null, lastViewedOn: null, fatigued: false });
    expect(items(await server.get(`/v1/analytics/engagement?to=${utcDay(now - 30 * DAY)}&badge=essays`))).toMatchObject([{ views: 1, shares: { total: 0 } }]);
    expect(items(await server.get('/v1/analytics/engagement?course=elsewhere'))).toEqual([]);

    const first = await server.get('/v1/analytics/engagement?limit=1');
    expect(items(first)).toMatchObject([{ badge: 'essays' }]);
    const second = await server.get(`/v1/analytics/engagement?limit=1&cursor=${String(first.body['next'])}`);
    expect(second.body).toMatchObject({ items: [{ badge: 'present' }], next: null });

    const credentials = await server.get('/v1/analytics/engagement/essays?limit=1');
    expect(credentials.body).toMatchObject({ items: [{ code: 'A', views: 2, firstViewedAt: new Date(now - 40 * DAY).toISOString(), lastViewedAt: new Date(now - DAY).toISOString(), verifications: 0, shares: 2 }] });
    const rest = await server.get(`/v1/analytics/engagement/essays?limit=1&cursor=${String(credentials.body['next'])}`);
    expect(rest.body).toMatchObject({ items: [{ code: 'B', views: 0, firstViewedAt: null, verifications: 1, shares: 0 }], next: null });
  });

  it('find the badges that nobody looks at', async () => {
    const fatigued = async (query = ''): Promise<unknown> => items(await server.get(`/v1/analytics/engagement?show=fatigued${query}`)).map(({ badge }) => badge);
    const old = now - 200 * DAY;
    const award = (learner: string, at: number) => ({
      type: 'BadgeAwarded' as const, award: `x-${learner}`, tenant: 'default', learner, badge: 'present', course: 'C1', period: '', rule: { badge: 'present', version: 1, hash: 'h' },
      earnedAt: at, decidedAt: at, startedAt: at, cause: { kind: 'facts' as const, events: [], reason: 'r' },
      verdict: { met: true, decided: true, root: { criterion: 'count', path: '', met: true, value: 1, needed: 1, unit: 'count' as const, evidence: [] } },
    });
    // Beside the award streams, where neither awarding nor issuing look: this is about how they are counted.
    const grant = (learner: string, at: number) => server.engine.store.append([{ stream: `seen-${learner}`, expected: 'any', events: [toNewEvent(award(learner, at), randomUUID())] }]);
    for (const learner of ['a', 'b', 'c', 'd']) await grant(learner, old);
    await grant('e', now - 80 * DAY);
    await server.engine.followers.settle();
    expect(await fatigued()).toEqual([]); // only four of the five are old enough
    expect(await fatigued('&leastAwards=4')).toEqual(['present']);
    await record({ type: 'CredentialViewed', ...about, badge: 'present', at: now - 60 * DAY, via: 'page' });
    expect(await fatigued('&leastAwards=4')).toEqual([]);
    expect(await fatigued('&leastAwards=4&daysWithoutView=30')).toEqual(['present']);
  });

  it.each(['limit=0', 'show=some', 'leastAwards=0', 'daysWithoutView=x', 'from=yesterday', 'cursor=abc'])('refuse %s', async (query) => {
    expect(await server.get(`/v1/analytics/engagement?${query}`)).toMatchObject({ status: 400 });
  });
});
