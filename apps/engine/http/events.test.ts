import fc from 'fast-check';
import { EVENT_FIELDS } from '#domain/event-fields.js';
import { EVENTS_SCHEMA } from './events.openapi.js';
import { grade, serverUnderTest, type Answer, type ServerUnderTest } from './server-under-test.js';

let server: ServerUnderTest;
beforeAll(async () => {
  server = await serverUnderTest();
});
afterAll(() => server.close());

const send = (body: unknown): Promise<Answer> => server.post('/v1/events', body);
const results = ({ body }: Answer): readonly Readonly<Record<string, unknown>>[] => body['results'] as readonly Readonly<Record<string, unknown>>[];

describe('POST /v1/events', () => {
  it('describes every field that it takes, and no other', () => {
    const [event] = EVENTS_SCHEMA.oneOf;
    expect(Object.keys(event?.properties ?? {}).sort()).toEqual(['type', ...EVENT_FIELDS].sort());
  });

  it('tells of each event what became of it', async () => {
    const known = grade('e1', 'eva', 'A1', 70);
    const first = await send(known);
    expect(first).toMatchObject({ status: 200, body: { sent: 1, recorded: 1, duplicates: 0, deadLettered: 0 } });
    const answer = await send([known, grade('e2', 'eva', 'A2', 80), { ...known, score: 10 }, { id: 'e3', type: 'Nonsense' }]);
    expect(answer).toMatchObject({ status: 200, body: { sent: 4, recorded: 1, duplicates: 1, deadLettered: 2 } });
    expect(results(answer)).toMatchObject([
      { index: 0, id: 'e1', outcome: 'duplicate' },
      { index: 1, id: 'e2', outcome: 'recorded' },
      { index: 2, id: 'e1', outcome: 'rejected', reason: 'conflict' },
      { index: 3, id: 'e3', outcome: 'rejected', reason: 'invalid' },
    ]);
    expect(results(answer)[3]?.['fields']).toContainEqual(expect.objectContaining({ field: 'type' }));
  });

  it('shows what was sent to a read that asks for its position', async () => {
    const { body } = await send({ events: [grade('p1', 'pia', 'A1', 70)] });
    const read = await server.get(`/v1/learners/pia/timeline?minPosition=${Number(body['position'])}`);
    expect(read.status).toBe(200);
    expect(Number(read.headers['x-proofmark-position'])).toBeGreaterThanOrEqual(Number(body['position']));
    expect(read.body['items']).toHaveLength(1);
  });

  it('keeps the text of a rejected event as it was written', async () => {
    const text = '{"id" : "raw-1", "score":1.50e1,  "note":"\\u0041"}';
    const answer = await send(`[ ${text} ]`);
    const letter = String(results(answer)[0]?.['letter']);
    const read = await server.get(`/v1/dead-letters/${letter}?minPosition=${Number(answer.body['position'])}`);
    expect(read.body).toMatchObject({ raw: text, reason: 'invalid', state: 'open', encoding: 'utf8' });
  });

  it('keeps a body that is not JSON as a dead letter with its bytes', async () => {
    const answer = await send('{"id": 1,');
    expect(answer).toMatchObject({ status: 400, headers: { 'content-type': expect.stringContaining('application/problem+json') as string } });
    const letter = String(answer.body['letter']);
    await server.engine.followers.settle();
    expect((await server.get(`/v1/dead-letters/${letter}`)).body).toMatchObject({ raw: '{"id": 1,', reason: 'malformed' });
  });

  it('records nothing of a body that is too large, too long or not JSON by its type', async () => {
    const before = await server.engine.store.head();
    const many = Array.from({ length: 501 }, (_, i) => grade(`many-${i}`, 'max', 'A1', 1));
    expect(await send(many)).toMatchObject({ status: 400, body: { type: 'urn:proofmark:problem:too-many-events' } });
    expect(await send(`"${'x'.repeat(262_144)}"`)).toMatchObject({ status: 413, body: { type: 'urn:proofmark:problem:too-large' } });
    expect(await server.post('/v1/events', '<a/>', { 'content-type': 'text/xml' })).toMatchObject({ status: 415 });
    expect(await server.post('/v1/events', '[]', { 'content-encoding': 'gzip' })).toMatchObject({ status: 415 });
    expect(await send({ events: [], tenant: 'other' })).toMatchObject({ status: 400 });
    expect(await send({ events: 5 })).toMatchObject({ status: 400 });
    expect(await server.post('/v1/events')).toMatchObject({ status: 400 });
    expect(await server.engine.store.head()).toBe(before);
  });

  it('takes nothing that a page of another site sends', async () => {
    const answer = await server.post('/v1/events', '[]', { 'sec-fetch-site': 'cross-site' });
    expect(answer).toMatchObject({ status: 403, body: { type: 'urn:proofmark:problem:cross-site' } });
  });

  it('answers any body with 2xx or 4xx, and the account adds up', async () => {
    const key = fc.constantFrom('id', 'source', 'type', 'learner', 'course', 'time', 'score', 'max', 'changes', 'attributes', 'events', '__proto__', 'tags', 'released', 'badge', 'approver');
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom('lms', 'AssignmentGraded', 'FactReplaced', '2026-03-05', 'C1', -1, 1e308),
    );
    const event = fc.array(fc.tuple(key, value), { maxLength: 8 }).map((entries) => `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`).join(',')}}`);
    const body = fc.oneof(
      fc.array(event, { maxLength: 4 }).map((events) => `[${events.join(',')}]`),
      fc.array(event, { maxLength: 4 }).map((events) => `{"events":[${events.join(',')}]}`),
      event,
      fc.json(),
      fc.string({ minLength: 1, unit: 'binary' }),
    );
    let sent = 0;
    const before = server.engine.intake.account;
    await fc.assert(
      fc.asyncProperty(body, async (text) => {
        const answer = await send(text);
        expect(answer.status).toBeGreaterThanOrEqual(200);
        expect(answer.status).toBeLessThan(500);
        if (answer.status === 200) {
          const { sent: all, recorded, duplicates, deadLettered } = answer.body as Readonly<Record<string, number>>;
          expect((recorded ?? NaN) + (duplicates ?? NaN) + (deadLettered ?? NaN)).toBe(all);
          expect(results(answer)).toHaveLength(all ?? NaN);
          sent += all ?? NaN;
        } else if (answer.body['letter'] !== undefined) {
          sent += 1;
        }
      }),
      { numRuns: 400 },
    );
    const after = server.engine.intake.account;
    expect(after.sent - before.sent).toBe(sent);
    expect(after.sent).toBe(after.recorded + after.duplicates + after.deadLettered);
  });
});
