import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ACTIONS, PEOPLE_ONLY } from '#access/actions.js';
import { ANSWERS, SCHEMAS } from '#engine/http/response-schemas.js';
import { openApiOf } from '#engine/http/openapi.js';
import { invited, type PersonUnderTest } from '#engine/http/people-under-test.js';
import { grade, serverUnderTest, type Answer, type ServerUnderTest } from '#engine/http/server-under-test.js';
import type { Row } from '#projections/read-model.js';
import { Documented, mediaTypeOf, type Operation } from './documented.js';

/*
 * Real answers, held to the schemas that the OpenAPI document gives of them, with no field beyond those.
 */

const WORKSHOP = `
badge: workshop
name: { en: Data Workshop }
criteria-text: { en: Took part in the whole workshop }
decides: as-soon-as-met
when-corrected: review
criteria: { approval: { by: 1 } }
`;
const ROLE = `
badge: essayist
name: { en: Essayist }
criteria-text: { en: Holds Essays }
role: { en: Essayist }
decides: as-soon-as-met
when-corrected: revoke
criteria: { badges: { badge: essays } }
`;
const STRICT = `
badge: essays
name: { en: Essays, ko: 에세이 }
criteria-text: { en: Two graded essays with an average of 95 }
course: C1
decides: as-soon-as-met
when-corrected: review
criteria:
  all:
    - count: { of: grades, distinct: activity, at-least: 2 }
    - mean: { of: grades, at-least: 95 }
`;
const CASES = `
course: { start: 2026-03-02, timezone: UTC }
cases:
  - case: two good essays
    events:
      - { type: AssignmentGraded, activity: a1, score: 99, max: 100, time: day 1 10:00 }
      - { type: AssignmentGraded, activity: a2, score: 99, max: 100, time: day 2 10:00 }
    now: day 30
    expect: { awarded: true, criteria: { all: { met: false } } }
`;

const dataDir = mkdtempSync(join(tmpdir(), 'proofmark-answers-'));
let server: ServerUnderTest;
let documented: Documented;
/** What parameters stand for, by the beginning of the path; the first that fits. */
let ids: readonly (readonly [start: string, values: Readonly<Record<string, string>>])[];
/** One that waits for a second person. */
let proposal: string;
let ann: PersonUnderTest;
/** The operations whose answers were looked at, with what was found. */
const found = new Map<string, readonly string[]>();

const operationOf = (route: string): Operation => {
  const operation = documented.operations.find((one) => one.route === route);
  if (!operation) throw new Error(`There is no route ${route}.`);
  return operation;
};
const look = (operation: Operation, answer: Answer): void => {
  found.set(operation.id, [...(found.get(operation.id) ?? []), ...documented.problemsOf(operation, answer)]);
};
const pathOf = (path: string): string => {
  const [, values = {}] = ids.find(([start]) => path.startsWith(start)) ?? [];
  return path.replace(/\{(\w+)\}/g, (_all, name: string) => values[name] ?? 'x');
};
const post = async (path: string, body: unknown, status: number, headers: Record<string, string> = {}): Promise<Answer> => {
  const answer = await server.post(pathOf(path), body, headers);
  expect([path, answer.status, answer.status === status ? '' : answer.text]).toEqual([path, status, '']);
  look(operationOf(`POST ${path}`), answer);
  return answer;
};

const LICENCE = `${WORKSHOP.replace('workshop', 'licence')}stakes: high\n`;
const textOf = (row: Row | undefined, column: string): string => {
  const value = row?.[column];
  if (typeof value !== 'string') throw new Error(`There is no text in ${column}.`);
  return value;
};
const BROKEN = { id: 'x' };
const attended = (id: string, learner: string, activity: string) => ({ id, source: 'lms', type: 'AttendanceMarked', learner, course: 'C1', activity, status: 'present', time: '2026-03-04T10:00:00Z' });

/** Records an award and stops, since the engine then signs a checkpoint: without one it proves nothing. */
const recordAudited = async (): Promise<void> => {
  const before = await serverUnderTest({ dataDir });
  expect(await before.post('/v1/events', [grade('g1', 'ann', 'a1', 90), grade('g2', 'ann', 'a2', 90)])).toMatchObject({ body: { recorded: 2 } });
  await before.engine.followers.settle();
  const head = await before.engine.store.head();
  while (before.engine.followers.status().audit?.position !== head) await new Promise((resolve) => setImmediate(resolve));
  await before.close();
};

beforeAll(async () => {
  await recordAudited();
  server = await serverUnderTest({ dataDir, obApi: 'read-only' });
  documented = new Documented(server);
  ids = [];
  const course = { id: 'c', source: 'lms', type: 'CourseOpened', course: 'C1', time: '2026-03-01T00:00:00Z', title: 'Course one' };
  const sent = await post('/v1/events', [
    course, grade('g3', 'bob', 'a1', 90), attended('p1', 'ann', 's1'), BROKEN, grade('g1', 'ann', 'a1', 90), grade('g4', 'cay', 'a1', 90), grade('g5', 'cay', 'a2', 90),
  ], 200);
  await server.engine.followers.settle();
  await post('/v1/events', { id: 'f1', source: 'lms', type: 'FactReplaced', target: 'g5', learner: 'cay', time: '2026-03-08T09:00:00Z', changes: { score: 10 } }, 200);
  for (const source of [WORKSHOP, ROLE]) await post('/v1/rules', { source }, 201);
  await server.engine.followers.settle();
  const { readModels } = server.engine;
  const of = async (collection: string, learner: string) => (await readModels.find(collection, { where: { learner } }))[0];
  const [award, suspended, [credential]] = [await of('award', 'ann'), await of('award', 'cay'), await readModels.find('credential', { where: { status: 'active' } })];
  expect(suspended).toMatchObject({ status: 'suspended' });
  const [issuer] = (await server.get('/v1/issuers')).body['items'] as readonly { readonly id: string; readonly keys: readonly { readonly kid: string }[] }[];
  const key = await post('/v1/access/keys', { label: 'reader', actions: ACTIONS.filter((action) => !PEOPLE_ONLY.includes(action)) }, 201);
  const person = await post('/v1/access/people', { roles: ['instructor'], courses: ['C1'] }, 201);
  const draft = await server.post('/v1/rules/essays/draft', { course: 'C1', source: 'badge: essays' });
  expect(draft.status).toBe(200);
  proposal = String((await post('/v1/rules', { source: LICENCE }, 202)).body['proposal']);
  ann = await invited(server, 'ann', ['learner'], [], '', 'ann');
  const csv = await server.post('/v1/batches?badge=workshop', 'id,name\ne1,Ann\n,Nobody\n', { 'content-type': 'text/csv' });
  expect(csv.status).toBe(201);
  look(operationOf('POST /v1/batches'), csv);
  const letter = (sent.body['results'] as readonly { readonly letter?: string }[]).find((one) => one.letter !== undefined)?.letter ?? '';
  const [badges, code] = [{ badge: 'essays', version: '1', language: 'en' }, textOf(credential, 'code')];
  ids = [
    ['/v1/learners', { id: 'ann', badge: 'essays' }], ['/v1/awards/{id}/review', { id: textOf(suspended, 'award') }], ['/v1/awards', { id: textOf(award, 'award') }],
    ['/v1/dead-letters', { id: letter }], ['/v1/badges', { id: 'essays' }], ['/v1/courses', { id: 'C1' }], ['/v1/analytics/roles', { role: 'essayist' }], ['/v1/batches', { id: String(csv.body['id']) }], ['/v1/access/keys', { id: String(key.body['id']) }],
    ['/v1/access/people', { id: String(person.body['id']) }], ['/v1/issuers', { issuer: issuer?.id ?? '', kid: issuer?.keys[0]?.kid ?? '' }], ['/ob2/issuers', { issuer: issuer?.id ?? '' }],
    ['/issuers', { issuer: issuer?.id ?? '', kid: issuer?.keys[0]?.kid ?? '', list: '1', purpose: 'revocation' }], ['/v1/projections', { name: 'roster' }],
    ['/credentials', { code, language: 'en' }], ['/v1/credentials', { code }], ['/v1/verify', { code }], ['/v/', { code }], ['/ob2/assertions', { code }], ['/v1/rules/{badge}/proposals', { badge: 'licence', proposal }], ['', badges],
  ];
}, 120_000);
afterAll(async () => {
  await server.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** What routes have to be asked for besides their path. */
const QUERIES: Readonly<Record<string, () => string>> = {
  'GET /oembed': () => `?url=${encodeURIComponent(`${server.engine.config.publicUrl}${pathOf('/v/{code}')}`)}`,
  'GET /ims/ob/v3p0/credentials': () => '?learner=ann',
  'GET /ims/ob/v3p0/profile': () => '?learner=ann',
};
/** Asks every route that reads and is said to answer with JSON. */
const readAll = async (): Promise<readonly Answer[]> => {
  const answers: Answer[] = [];
  for (const operation of documented.operations.filter(({ route, responses }) => route.startsWith('GET ') && JSON.stringify(responses['200'] ?? {}).includes('"schema"'))) {
    // What a learner shows is theirs alone to see.
    const who = operation.route.includes('/collection') ? ann.as : {};
    const answer = await server.get(`${pathOf(operation.route.slice('GET '.length))}${QUERIES[operation.route]?.() ?? ''}`, who);
    look(operation, answer);
    answers.push(answer);
  }
  return answers;
};

describe('what is answered', () => {
  it('is as it is documented, on every route that is read', async () => {
    const answers = await readAll();
    expect(answers.length).toBeGreaterThan(40);
    expect(answers.filter(({ status, headers }) => status !== 200 || !/[/+](json|vc)/.test(mediaTypeOf(headers)))).toEqual([]);
    expect(wrong()).toEqual([]);
  }, 120_000);

  it('is as it is documented where something is done', async () => {
    await post('/v1/rules', { source: WORKSHOP }, 200);
    await post('/v1/rules', { source: STRICT, backfill: true }, 200);
    await post('/v1/rules', { source: 'badge: x' }, 422);
    await post('/v1/rules/lint', { source: STRICT, backtest: true }, 200);
    await post('/v1/rules/lint', { source: 'badge: x' }, 200);
    await post('/v1/rules/test', { source: STRICT, cases: CASES }, 200);
    await post('/v1/rules/{badge}/draft', { course: 'C1', source: 'badge: [', cases: '', expectedRevision: 1 }, 200);
    await post('/v1/rules/{badge}/draft', { course: 'C1', source: 'badge:', expectedRevision: 1 }, 409);
    await post('/v1/rules/{badge}/draft/discard', {}, 200);
    await post('/v1/rules/case', { source: STRICT, cases: CASES, learner: 'ann' }, 200);
    await post('/v1/rules/case', { source: WORKSHOP, learner: 'ann' }, 422);
    await post('/v1/rules/{badge}/retire', { reason: 'over' }, 200);
    await post('/v1/awards/{id}/review', { decision: 'reinstate', reason: 'It was a slip' }, 200);
    await post('/v1/awards/{id}/review', { decision: 'no', reason: 'x' }, 400);
    await post('/v1/learners/{id}/profile', { name: 'Ann', language: 'en' }, 200);
    await post('/v1/learners/{id}/consents', { to: 'public-name', given: true }, 200);
    await post('/v1/learners/{id}/collection', { awards: [pathOf('/v1/awards/{id}').slice('/v1/awards/'.length)] }, 200, ann.as);
    await readAll();
    await post('/v1/learners/{id}/collection/withdraw', {}, 200, ann.as);
    const { body: { confirm } } = await post('/v1/batches/{id}/preview', {}, 200);
    await post('/v1/batches/{id}/issue', { confirm }, 202);
    await post('/v1/batches/{id}/cancel', undefined, 202);
    await post('/v1/dead-letters/{id}/replay', undefined, 200);
    await post('/v1/dead-letters/replay', {}, 200);
    await post('/v1/projections/{name}/rebuild', undefined, 202);
    await post('/v1/credentials/{code}/shares', { to: 'link' }, 201);
    await post('/v1/certificates', { code: pathOf('/v1/verify/{code}').slice('/v1/verify/'.length), recipient: 'Ann' }, 201);
    await post('/v1/verify', (await server.get(pathOf('/credentials/{code}/{language}'))).text, 200);
    await post('/v1/access/people/{id}/roles', { roles: ['auditor'] }, 200);
    await post('/v1/access/people/{id}/invite', undefined, 200);
    await post('/v1/access/people/{id}/close', { reason: 'left' }, 200);
    const { body: key } = await post('/v1/access/keys/{id}/rotate', {}, 200);
    await post('/oauth/token', new URLSearchParams({ grant_type: 'client_credentials', client_id: String(key['id']), client_secret: String(key['secret']) }).toString(), 200, { 'content-type': 'application/x-www-form-urlencoded' });
    await post('/oauth/token', 'grant_type=password', 400, { 'content-type': 'application/x-www-form-urlencoded' });
    await post('/v1/access/keys/{id}/revoke', { reason: 'over' }, 200);
    await post('/v1/issuers/{issuer}/keys', { algorithm: 'Ed25519' }, 201);
    await post('/v1/issuers/{issuer}/reissue', { reason: 'x' }, 202);
    await post('/v1/issuers/{issuer}/keys/{kid}/compromised', { reason: 'x' }, 202);
    const kim = await invited(server, 'kim', ['admin']);
    await post('/v1/rules/{badge}/proposals/{proposal}/approve', {}, 403);
    await post('/v1/rules/{badge}/proposals/{proposal}/approve', {}, 200, kim.as);
    const again = await post('/v1/rules', { source: LICENCE.replace('Took', 'Has taken') }, 202);
    ids = [['/v1/rules/{badge}/proposals', { badge: 'licence', proposal: String(again.body['proposal']) }], ...ids];
    await post('/v1/rules/{badge}/proposals/{proposal}/reject', { reason: 'too late' }, 200);
    await server.engine.followers.settle();
    await readAll();
    await post('/v1/learners/{id}/erase', { confirm: 'ann', reason: 'asked' }, 200);
    await server.engine.followers.settle();
    expect((await readAll()).some(({ status }) => status === 404)).toBe(true);
    expect(wrong()).toEqual([]);
  }, 120_000);

  it('is a stream of documented lines where a rule is tried', async () => {
    const { text } = await server.post('/v1/rules/backtest', { source: STRICT, against: 1 });
    const lines = text.trim().split('\n');
    expect(lines.at(-1)).toContain('"difference"');
    const [operation] = documented.operations.filter(({ route }) => route === 'POST /v1/rules/backtest');
    const line: Operation = { route: '', id: '', responses: { 200: { content: { 'application/json': operation?.responses['200']?.content?.['application/x-ndjson'] ?? {} } } } };
    for (const one of lines) expect(documented.problemsOf(line, { status: 200, headers: { 'content-type': 'application/json' }, text: one, body: {} })).toEqual([]);
  });

  it('was looked at on every route that has a schema', () => {
    expect(Object.keys(ANSWERS).filter((id) => !found.has(id))).toEqual([]);
  });

  it('may not have a field that is not documented, nor lack one', async () => {
    const operation = operationOf('GET /v1/badges');
    const answer = await server.get('/v1/badges');
    const body = JSON.parse(answer.text) as { readonly items: readonly object[] };
    const but = (change: object): readonly string[] => documented.problemsOf(operation, { ...answer, text: JSON.stringify({ items: [...body.items.slice(1), { ...body.items[0], ...change }] }) });
    expect(but({})).toEqual([]);
    expect(but({ more: 1 })).toEqual([expect.stringContaining('must NOT have additional properties')]);
    expect(but({ course: undefined })).toEqual([expect.stringContaining("must have required property 'course'")]);
    expect(but({ course: 1 })).toEqual([expect.stringContaining('must be string')]);
  });
});

describe('the OpenAPI document', () => {
  it('refers to schemas that it has, each name to one of them', () => {
    const document = openApiOf(server.app.nest);
    const schemas = Object.keys(document.components?.schemas ?? {});
    const referred = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name = '']) => name);
    expect(referred.filter((name) => !schemas.includes(name))).toEqual([]);
    expect(schemas.filter((name) => name in SCHEMAS && /(Body|Query)$/.test(name))).toEqual([]);
  });
});

const wrong = (): readonly (readonly [string, readonly string[]])[] => [...found].filter(([, problems]) => problems.length > 0);
