import { readLogEvent, schemaVersion, writeLogEvent, type LogEvent, type LogEventType } from './log-event.js';
import type { Verdict } from './verdict.js';

const VERDICT_JSON =
  '{"met":true,"decided":true,"root":{"criterion":"count","path":"count","met":true,"value":1,"needed":1,"unit":"count","evidence":["lms/e1"]},"asOf":1000}';
const VERDICT: Verdict = {
  met: true,
  decided: true,
  root: { criterion: 'count', path: 'count', met: true, value: 1, needed: 1, unit: 'count', evidence: ['lms/e1'] },
  asOf: 1000,
};
const SUBJECT_JSON = '"award":"a1","tenant":"t","learner":"ada","badge":"b"';
const SUBJECT = { award: 'a1', tenant: 't', learner: 'ada', badge: 'b' };
const CAUSE_JSON = '"cause":{"kind":"correction","events":["lms/c1"],"reason":"r"}';
const CAUSE = { kind: 'correction', events: ['lms/c1'], reason: 'r' } as const;
const WHO_JSON = '"id":"e1","source":"lms","learner":"ada","course":"algebra"';
const WHO = { id: 'e1', source: 'lms', learner: 'ada', course: 'algebra' };

const CREDENTIAL_JSON = '"tenant":"t","issuer":"i","award":"a1","badge":"b","code":"0000000000000000","at":1000,"basis":7';
const CREDENTIAL = { tenant: 't', issuer: 'i', award: 'a1', badge: 'b', code: '0000000000000000', at: 1000, basis: 7 };

const CRITERIA = {
  group: 'all',
  parts: [
    { leaf: { keyword: 'count', selects: [{ type: 'Withdrawn' }], settings: { 'at-least': 1 } } },
    { group: 'not', parts: [{ leaf: { keyword: 'mean', selects: [{ type: 'AssignmentGraded' }], settings: { 'at-least': 70, attempt: 'each' } } }] },
  ],
};
const published = (document: object): LogEvent => ({
  type: 'RulePublished', tenant: 't', badge: 'b', version: 2, hash: 'h', document, source: 'badge: b', publishedAt: 1000,
});

/** For each type the JSON text of each schema version, oldest first, as logs hold it, and how it reads now. Lines are added, never edited. */
const GOLDEN: Readonly<Record<LogEventType, readonly (readonly [json: string, event: LogEvent])[]>> = {
  Enrolled: [[`{${WHO_JSON},"time":1000}`, { type: 'Enrolled', ...WHO, time: 1000 }]],
  Withdrawn: [[`{${WHO_JSON},"time":1000,"version":3}`, { type: 'Withdrawn', ...WHO, time: 1000, version: 3 }]],
  AttendanceMarked: [
    [`{${WHO_JSON},"time":1000,"activity":"s1","status":"late"}`, { type: 'AttendanceMarked', ...WHO, time: 1000, activity: 's1', status: 'late' }],
  ],
  AssignmentSubmitted: [
    [`{${WHO_JSON},"time":1000,"activity":"a1","occurrence":"2"}`, { type: 'AssignmentSubmitted', ...WHO, time: 1000, activity: 'a1', occurrence: '2' }],
  ],
  AssignmentGraded: [
    [
      `{${WHO_JSON},"time":1000,"activity":"a1","kind":"TMA","score":7.5,"max":10,"attributes":{"late":true,"by":"x","n":1}}`,
      { type: 'AssignmentGraded', ...WHO, time: 1000, activity: 'a1', kind: 'TMA', score: 7.5, max: 10, attributes: { late: true, by: 'x', n: 1 } },
    ],
  ],
  MissionStarted: [[`{${WHO_JSON},"time":1000,"activity":"m1"}`, { type: 'MissionStarted', ...WHO, time: 1000, activity: 'm1' }]],
  MissionCompleted: [
    [`{${WHO_JSON},"time":1000,"activity":"m1","tags":["quiz","한글"]}`, { type: 'MissionCompleted', ...WHO, time: 1000, activity: 'm1', tags: ['quiz', '한글'] }],
  ],
  ExtensionGranted: [
    [`{${WHO_JSON},"time":1000,"activity":"a1","due":9000}`, { type: 'ExtensionGranted', ...WHO, time: 1000, activity: 'a1', due: 9000 }],
  ],
  LearnerFlagged: [[`{${WHO_JSON},"time":1000,"kind":"misconduct"}`, { type: 'LearnerFlagged', ...WHO, time: 1000, kind: 'misconduct' }]],
  ApprovalGiven: [
    [`{${WHO_JSON},"time":1000,"activity":"b1","occurrence":"mentor"}`, { type: 'ApprovalGiven', ...WHO, time: 1000, activity: 'b1', occurrence: 'mentor' }],
  ],
  CourseOpened: [
    [
      '{"id":"e1","source":"lms","course":"algebra","time":1000,"start":2000,"timezone":"Asia/Seoul","title":"Algebra"}',
      { type: 'CourseOpened', id: 'e1', source: 'lms', course: 'algebra', time: 1000, start: 2000, timezone: 'Asia/Seoul', title: 'Algebra' },
    ],
  ],
  SessionHeld: [
    ['{"id":"e1","source":"lms","course":"algebra","time":1000,"activity":"s1"}', { type: 'SessionHeld', id: 'e1', source: 'lms', course: 'algebra', time: 1000, activity: 's1' }],
  ],
  AssignmentPublished: [
    [
      '{"id":"e1","source":"lms","course":"algebra","time":1000,"activity":"a1","weight":0.5,"due":9000,"max":10}',
      { type: 'AssignmentPublished', id: 'e1', source: 'lms', course: 'algebra', time: 1000, activity: 'a1', weight: 0.5, due: 9000, max: 10 },
    ],
  ],
  MissionPublished: [
    ['{"id":"e1","source":"lms","course":"algebra","time":1000,"activity":"m1","tags":["quiz"]}', { type: 'MissionPublished', id: 'e1', source: 'lms', course: 'algebra', time: 1000, activity: 'm1', tags: ['quiz'] }],
  ],
  CourseClosed: [['{"id":"e1","source":"lms","course":"algebra","time":1000}', { type: 'CourseClosed', id: 'e1', source: 'lms', course: 'algebra', time: 1000 }]],
  FactReplaced: [
    [
      '{"id":"c1","source":"lms","target":"e1","learner":"ada","time":2000,"changes":{"score":9,"time":1500}}',
      { type: 'FactReplaced', id: 'c1', source: 'lms', target: 'e1', learner: 'ada', time: 2000, changes: { score: 9, time: 1500 } },
    ],
  ],
  FactRetracted: [
    ['{"id":"c1","source":"lms","target":"e1","course":"algebra","version":2}', { type: 'FactRetracted', id: 'c1', source: 'lms', target: 'e1', course: 'algebra', version: 2 }],
  ],
  ClosingTimeReached: [['{"course":"algebra","at":1000}', { type: 'ClosingTimeReached', course: 'algebra', at: 1000 }]],
  CohortRanked: [
    ['{"course":"algebra","cohort":"h","at":1000,"size":4,"cutoff":70}', { type: 'CohortRanked', course: 'algebra', cohort: 'h', at: 1000, size: 4, cutoff: 70 }],
  ],
  RulePublished: [
    [
      '{"tenant":"t","badge":"b","version":2,"hash":"h","document":{"badge":"b","criteria":{"group":"all","parts":[{"leaf":{"keyword":"count","select":{"type":"Withdrawn"},"settings":{"at-least":1}}},{"group":"not","parts":[{"leaf":{"keyword":"mean","select":{"type":"AssignmentGraded"},"settings":{"at-least":70}}}]}]}},"source":"badge: b","publishedAt":1000}',
      published({ badge: 'b', criteria: CRITERIA, design: {} }),
    ],
    [
      `{"tenant":"t","badge":"b","version":2,"hash":"h","document":{"badge":"b","criteria":${JSON.stringify(CRITERIA)},"design":{}},"source":"badge: b","publishedAt":1000}`,
      published({ badge: 'b', criteria: CRITERIA, design: {} }),
    ],
  ],
  RuleRetired: [
    [
      '{"tenant":"t","badge":"b","version":2,"reason":"replaced","by":"ana","retiredAt":1000}',
      { type: 'RuleRetired', tenant: 't', badge: 'b', version: 2, reason: 'replaced', by: 'ana', retiredAt: 1000 },
    ],
  ],
  RuleProposed: [
    [
      '{"tenant":"t","badge":"b","proposal":"p1","liveVersion":1,"by":"k1","people":["a1"],"hash":"h","document":{"badge":"b","stakes":"high"},"source":"badge: b","backfill":true,"effects":{"granted":2},"proposedAt":1000}',
      { type: 'RuleProposed', tenant: 't', badge: 'b', proposal: 'p1', liveVersion: 1, by: 'k1', people: ['a1'], hash: 'h', document: { badge: 'b', stakes: 'high' }, source: 'badge: b', backfill: true, effects: { granted: 2 }, proposedAt: 1000 },
    ],
  ],
  RetirementProposed: [
    [
      '{"tenant":"t","badge":"b","proposal":"p2","liveVersion":1,"by":"a1","people":["a1"],"reason":"replaced","proposedAt":1000}',
      { type: 'RetirementProposed', tenant: 't', badge: 'b', proposal: 'p2', liveVersion: 1, by: 'a1', people: ['a1'], reason: 'replaced', proposedAt: 1000 },
    ],
  ],
  ProposalRejected: [
    [
      '{"tenant":"t","badge":"b","proposal":"p1","reason":"too easy","by":"a2","rejectedAt":1000}',
      { type: 'ProposalRejected', tenant: 't', badge: 'b', proposal: 'p1', reason: 'too easy', by: 'a2', rejectedAt: 1000 },
    ],
  ],
  RuleDraftSaved: [
    [
      '{"tenant":"t","badge":"b","course":"algebra","source":"badge: [","cases":"cases:","basedOn":2,"by":"a1","savedAt":1000}',
      { type: 'RuleDraftSaved', tenant: 't', badge: 'b', course: 'algebra', source: 'badge: [', cases: 'cases:', basedOn: 2, by: 'a1', savedAt: 1000 },
    ],
  ],
  RuleDraftDiscarded: [
    ['{"tenant":"t","badge":"b","by":"a1","discardedAt":1000}', { type: 'RuleDraftDiscarded', tenant: 't', badge: 'b', by: 'a1', discardedAt: 1000 }],
  ],
  BadgeAwarded: [
    [
      `{${SUBJECT_JSON},"course":"algebra","period":"","rule":{"badge":"b","version":1,"hash":"h"},"earnedAt":1000,"decidedAt":2000,"startedAt":0,"verdict":${VERDICT_JSON},${CAUSE_JSON}}`,
      {
        type: 'BadgeAwarded', ...SUBJECT, course: 'algebra', period: '', rule: { badge: 'b', version: 1, hash: 'h' },
        earnedAt: 1000, decidedAt: 2000, startedAt: 0, verdict: VERDICT, cause: CAUSE,
      },
    ],
  ],
  AwardAmended: [
    [`{${SUBJECT_JSON},"earnedAt":900,"decidedAt":2000,"verdict":${VERDICT_JSON},${CAUSE_JSON}}`, { type: 'AwardAmended', ...SUBJECT, earnedAt: 900, decidedAt: 2000, verdict: VERDICT, cause: CAUSE }],
  ],
  AwardRenewed: [
    [
      `{${SUBJECT_JSON},"from":"expired","earnedAt":900,"validUntil":5000,"decidedAt":2000,"basis":7,"verdict":${VERDICT_JSON},${CAUSE_JSON}}`,
      { type: 'AwardRenewed', ...SUBJECT, from: 'expired', earnedAt: 900, validUntil: 5000, decidedAt: 2000, basis: 7, verdict: VERDICT, cause: CAUSE },
    ],
  ],
  AwardExpired: [
    [`{${SUBJECT_JSON},"decidedAt":2000,"basis":7,${CAUSE_JSON}}`, { type: 'AwardExpired', ...SUBJECT, decidedAt: 2000, basis: 7, cause: CAUSE }],
  ],
  AwardKept: [[`{${SUBJECT_JSON},"decidedAt":2000,"verdict":${VERDICT_JSON},${CAUSE_JSON}}`, { type: 'AwardKept', ...SUBJECT, decidedAt: 2000, verdict: VERDICT, cause: CAUSE }]],
  AwardSuspended: [
    [`{${SUBJECT_JSON},"decidedAt":2000,"verdict":${VERDICT_JSON},${CAUSE_JSON}}`, { type: 'AwardSuspended', ...SUBJECT, decidedAt: 2000, verdict: VERDICT, cause: CAUSE }],
  ],
  AwardReinstated: [
    [`{${SUBJECT_JSON},"from":"suspended","earnedAt":1000,"decidedAt":2000,${CAUSE_JSON}}`, { type: 'AwardReinstated', ...SUBJECT, from: 'suspended', earnedAt: 1000, decidedAt: 2000, cause: CAUSE }],
  ],
  AwardRevoked: [
    [
      `{${SUBJECT_JSON},"from":"active","decidedAt":2000,"verdict":${VERDICT_JSON},${CAUSE_JSON}}`,
      { type: 'AwardRevoked', ...SUBJECT, from: 'active', decidedAt: 2000, verdict: VERDICT, cause: CAUSE },
    ],
  ],
  IssuerProfilePublished: [
    [
      '{"tenant":"t","issuer":"i","at":1000,"hash":"h","profile":{"name":{"en":"School"},"url":"https://school.example"}}',
      { type: 'IssuerProfilePublished', tenant: 't', issuer: 'i', at: 1000, hash: 'h', profile: { name: { en: 'School' }, url: 'https://school.example' } },
    ],
  ],
  IssuerKeyAdded: [
    [
      '{"tenant":"t","issuer":"i","at":1000,"kid":"k","algorithm":"Ed25519","jwk":{"kty":"OKP","crv":"Ed25519","x":"AA"}}',
      { type: 'IssuerKeyAdded', tenant: 't', issuer: 'i', at: 1000, kid: 'k', algorithm: 'Ed25519', jwk: { kty: 'OKP', crv: 'Ed25519', x: 'AA' } },
    ],
  ],
  IssuerKeyCompromised: [
    ['{"tenant":"t","issuer":"i","at":1000,"by":"ana","kid":"k","reason":"lost"}', { type: 'IssuerKeyCompromised', tenant: 't', issuer: 'i', at: 1000, by: 'ana', kid: 'k', reason: 'lost' }],
  ],
  ReissueRequested: [['{"tenant":"t","issuer":"i","at":1000,"reason":"moved"}', { type: 'ReissueRequested', tenant: 't', issuer: 'i', at: 1000, reason: 'moved' }]],
  StatusEntriesAssigned: [
    [
      '{"tenant":"t","issuer":"i","list":1,"entries":[{"award":"a1","serial":1,"index":77}]}',
      { type: 'StatusEntriesAssigned', tenant: 't', issuer: 'i', list: 1, entries: [{ award: 'a1', serial: 1, index: 77 }] },
    ],
  ],
  CredentialIssued: [
    [
      `{${CREDENTIAL_JSON},"learner":"ada","serial":1,"status":{"list":1,"index":77},"editions":{"en":{"id":"x"}},"kid":"k","stated":"s","trace":{"met":true}}`,
      { type: 'CredentialIssued', ...CREDENTIAL, learner: 'ada', serial: 1, status: { list: 1, index: 77 }, editions: { en: { id: 'x' } }, kid: 'k', stated: 's', trace: { met: true } },
    ],
  ],
  CredentialRenewed: [
    [
      `{${CREDENTIAL_JSON},"because":"asked","editions":{"en":{"id":"x"}},"kid":"k","stated":"s","trace":{"met":true}}`,
      { type: 'CredentialRenewed', ...CREDENTIAL, because: 'asked', editions: { en: { id: 'x' } }, kid: 'k', stated: 's', trace: { met: true } },
    ],
  ],
  CredentialSuspended: [[`{${CREDENTIAL_JSON}}`, { type: 'CredentialSuspended', ...CREDENTIAL }]],
  CredentialReinstated: [[`{${CREDENTIAL_JSON}}`, { type: 'CredentialReinstated', ...CREDENTIAL }]],
  CredentialRevoked: [[`{${CREDENTIAL_JSON}}`, { type: 'CredentialRevoked', ...CREDENTIAL }]],
  CredentialViewed: [
    ['{"tenant":"t","badge":"b","code":"0000000000000000","at":1000,"via":"page"}', { type: 'CredentialViewed', tenant: 't', badge: 'b', code: '0000000000000000', at: 1000, via: 'page' }],
  ],
  CredentialVerified: [
    ['{"tenant":"t","badge":"b","code":"0000000000000000","at":1000,"via":"qr"}', { type: 'CredentialVerified', tenant: 't', badge: 'b', code: '0000000000000000', at: 1000, via: 'qr' }],
  ],
  CredentialShared: [
    ['{"tenant":"t","badge":"b","code":"0000000000000000","at":1000,"via":"linkedin"}', { type: 'CredentialShared', tenant: 't', badge: 'b', code: '0000000000000000', at: 1000, via: 'linkedin' }],
  ],
  DeliveryRejected: [
    [
      '{"letter":"l1","tenant":"t","reason":"invalid","detail":"no learner","raw":"e30=","encoding":"base64","format":"proofmark","origin":"http","rejectedAt":1000}',
      { type: 'DeliveryRejected', letter: 'l1', tenant: 't', reason: 'invalid', detail: 'no learner', content: { kept: 'plain', raw: 'e30=', encoding: 'base64' }, format: 'proofmark', origin: 'http', rejectedAt: 1000 },
    ],
    [
      '{"letter":"l1","tenant":"t","reason":"invalid","detail":"no learner","content":{"kept":"sealed","sealed":"AQID"},"format":"proofmark","origin":"http","rejectedAt":1000}',
      { type: 'DeliveryRejected', letter: 'l1', tenant: 't', reason: 'invalid', detail: 'no learner', content: { kept: 'sealed', sealed: 'AQID' }, format: 'proofmark', origin: 'http', rejectedAt: 1000 },
    ],
  ],
  LetterShredded: [
    ['{"letter":"l1","tenant":"t","because":"retention","shreddedAt":1000}', { type: 'LetterShredded', letter: 'l1', tenant: 't', because: 'retention', shreddedAt: 1000 }],
  ],
  ConsentGiven: [['{"tenant":"t","learner":"ada","to":"linkedin","at":1000}', { type: 'ConsentGiven', tenant: 't', learner: 'ada', to: 'linkedin', at: 1000 }]],
  ConsentWithdrawn: [['{"tenant":"t","learner":"ada","to":"public-name","at":1000}', { type: 'ConsentWithdrawn', tenant: 't', learner: 'ada', to: 'public-name', at: 1000 }]],
  CollectionShared: [['{"tenant":"t","learner":"ada","code":"0000000000000000","at":1000,"awards":["a1"]}', { type: 'CollectionShared', tenant: 't', learner: 'ada', code: '0000000000000000', at: 1000, awards: ['a1'] }]],
  CollectionChanged: [['{"tenant":"t","learner":"ada","code":"0000000000000000","at":1000,"awards":["a2","a1"]}', { type: 'CollectionChanged', tenant: 't', learner: 'ada', code: '0000000000000000', at: 1000, awards: ['a2', 'a1'] }]],
  CollectionWithdrawn: [['{"tenant":"t","learner":"ada","code":"0000000000000000","at":1000}', { type: 'CollectionWithdrawn', tenant: 't', learner: 'ada', code: '0000000000000000', at: 1000 }]],
  LearnerErased: [
    [
      '{"tenant":"t","learner":"ada","by":"office","reason":"asked","at":1000,"credentials":[{"code":"0000000000000000","badge":"b","issuer":"i","list":1,"index":7}]}',
      { type: 'LearnerErased', tenant: 't', learner: 'ada', by: 'office', reason: 'asked', at: 1000, credentials: [{ code: '0000000000000000', badge: 'b', issuer: 'i', list: 1, index: 7 }] },
    ],
  ],
  LearnerErasureCompleted: [
    [
      '{"tenant":"t","learner":"ada","at":1000,"awards":1,"letters":2,"batches":0,"credentials":[]}',
      { type: 'LearnerErasureCompleted', tenant: 't', learner: 'ada', at: 1000, awards: 1, letters: 2, batches: 0, credentials: [] },
    ],
  ],
  DeliveryReplayed: [
    ['{"letter":"l1","tenant":"t","outcome":"recorded","replayedAt":1000}', { type: 'DeliveryReplayed', letter: 'l1', tenant: 't', outcome: 'recorded', replayedAt: 1000 }],
  ],
  ApiKeyIssued: [
    [
      '{"tenant":"t","key":"k1","hash":"00","label":"lms","actions":["event:send"],"sources":["lms"],"by":"p1","at":1000}',
      { type: 'ApiKeyIssued', tenant: 't', key: 'k1', hash: '00', label: 'lms', actions: ['event:send'], sources: ['lms'], by: 'p1', at: 1000 },
    ],
  ],
  ApiKeyRotated: [
    ['{"tenant":"t","key":"k1","hash":"01","previousUntil":2000,"by":"p1","at":1000}', { type: 'ApiKeyRotated', tenant: 't', key: 'k1', hash: '01', previousUntil: 2000, by: 'p1', at: 1000 }],
  ],
  ApiKeyRevoked: [
    ['{"tenant":"t","key":"k1","reason":"lost","by":"p1","at":1000}', { type: 'ApiKeyRevoked', tenant: 't', key: 'k1', reason: 'lost', by: 'p1', at: 1000 }],
  ],
  AccountOpened: [
    [
      '{"tenant":"t","account":"p1","roles":["instructor"],"courses":["C1"],"by":"p0","at":1000}',
      { type: 'AccountOpened', tenant: 't', account: 'p1', roles: ['instructor'], courses: ['C1'], by: 'p0', at: 1000 },
    ],
  ],
  AccountRolesChanged: [
    [
      '{"tenant":"t","account":"p1","roles":["learner"],"courses":[],"learner":"ann","by":"p0","at":1000}',
      { type: 'AccountRolesChanged', tenant: 't', account: 'p1', roles: ['learner'], courses: [], learner: 'ann', by: 'p0', at: 1000 },
    ],
  ],
  AccountClosed: [
    ['{"tenant":"t","account":"p1","reason":"left","by":"p0","at":1000}', { type: 'AccountClosed', tenant: 't', account: 'p1', reason: 'left', by: 'p0', at: 1000 }],
  ],
  SessionsEnded: [
    ['{"tenant":"t","account":"p1","session":"s1","by":"p1","at":1000}', { type: 'SessionsEnded', tenant: 't', account: 'p1', session: 's1', by: 'p1', at: 1000 }],
  ],
  ActionTaken: [
    [
      '{"tenant":"t","by":"p1","kind":"person","action":"award:review","route":"POST /v1/awards/:id/review","of":{"id":"a1"},"reason":"checked","from":"192.0.2.0/24","at":1000}',
      { type: 'ActionTaken', tenant: 't', by: 'p1', kind: 'person', action: 'award:review', route: 'POST /v1/awards/:id/review', of: { id: 'a1' }, reason: 'checked', from: '192.0.2.0/24', at: 1000 },
    ],
  ],
};
const types = Object.keys(GOLDEN) as LogEventType[];

describe.each(types)('%s', (type) => {
  const versions = GOLDEN[type];

  it('reads every schema version that a log may hold', () => {
    versions.forEach(([json, event], i) => expect(readLogEvent(type, i + 1, json)).toEqual(event));
    expect(schemaVersion(type)).toBe(versions.length);
  });

  it('is written as the latest of them, wherever its type stands among its members', () => {
    const latest = versions.at(-1);
    if (!latest) throw new Error(`no example of ${type}`);
    const [json, event] = latest;
    expect(writeLogEvent(event)).toBe(json);
    const { type: _type, ...data } = event;
    expect(writeLogEvent({ ...data, type } as LogEvent)).toBe(json);
  });

  it('is refused in a version of the future, with what to do', () => {
    const read = (): LogEvent => readLogEvent(type, versions.length + 1, '{}');
    expect(read).toThrow(expect.objectContaining({ code: 'UNKNOWN_EVENT_VERSION' }) as Error);
    expect(read).toThrow(`"${type}" of schema version ${versions.length + 1}`);
    expect(read).toThrow(`knows up to ${versions.length}`);
    expect(read).toThrow('Start the newer version that wrote it.');
  });
});

describe('reading a stored event', () => {
  const upcasters = {
    Enrolled: [
      ({ pupil, ...rest }: Readonly<Record<string, unknown>>) => ({ ...rest, learner: pupil }),
      ({ learner, ...rest }: Readonly<Record<string, unknown>>) => ({ ...rest, learner, source: `from ${String(learner)}` }),
    ],
  };
  const read = (schema: number, json: string): LogEvent => readLogEvent('Enrolled', schema, json, upcasters);

  it('takes each past version through every step after it, and none before', () => {
    const now = { type: 'Enrolled', id: 'e', learner: 'ada', source: 'from ada' };
    expect(read(1, '{"id":"e","pupil":"ada"}')).toEqual(now);
    expect(read(2, '{"id":"e","learner":"ada"}')).toEqual(now);
    expect(read(3, '{"id":"e","learner":"ada","source":"from ada"}')).toEqual(now);
  });

  it('goes by the type that stands beside the text, not by one within it', () => {
    expect(read(3, '{"id":"e","type":"Other"}')).toEqual({ id: 'e', type: 'Enrolled' });
  });

  it.each([4, 0, -1, 1.5])('refuses schema version %s', (schema) => {
    expect(() => read(schema, '{}')).toThrow(expect.objectContaining({ code: 'UNKNOWN_EVENT_VERSION' }) as Error);
  });

  it.each(['Unheard', 'constructor', 'toString', '__proto__', ''])('refuses the unknown type "%s"', (type) => {
    expect(() => readLogEvent(type, 1, '{}')).toThrow(expect.objectContaining({ code: 'UNKNOWN_EVENT_VERSION' }) as Error);
  });
});
