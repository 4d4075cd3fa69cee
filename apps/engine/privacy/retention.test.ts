import { serverUnderTest, type ServerUnderTest } from '../http/server-under-test.js';
import { shredOldLetters } from './retention.js';

const DAY = 86_400_000;
let server: ServerUnderTest;
beforeAll(async () => { server = await serverUnderTest(); });
afterAll(() => server.close());

describe('dead letters that have had their time', () => {
  it('lose what was sent, and are kept anew when it comes again', async () => {
    const bad = { id: 'e', source: 'lms', type: 'Enrolled', learner: 'ada', course: 'C1', time: 'never', title: 'of Ada Lovelace' };
    const send = async () => ((await server.post('/v1/events', [bad])).body['results'] as readonly { readonly letter: string }[])[0]?.letter ?? '';
    const letter = await send();
    await server.engine.followers.settle();
    const get = async () => (await server.get(`/v1/dead-letters/${letter}`)).body;
    expect(await shredOldLetters(server.engine, 30, Date.now() + 29 * DAY)).toBe(0);
    expect(await get()).toMatchObject({ state: 'open', raw: expect.stringContaining('Ada Lovelace') as string });
    expect(await shredOldLetters(server.engine, 30, Date.now() + 31 * DAY)).toBe(1);
    await server.engine.followers.settle();
    const gone = await get();
    expect(gone).toMatchObject({ state: 'erased', reason: 'invalid' });
    expect(gone).not.toHaveProperty('raw');
    expect(gone).not.toHaveProperty('preview');
    expect((await server.post(`/v1/dead-letters/${letter}/replay`)).body).toMatchObject({ outcome: 'rejected', reason: 'erased' });
    expect(await shredOldLetters(server.engine, 30, Date.now() + 31 * DAY)).toBe(0);
    expect(await send()).toBe(letter);
    await server.engine.followers.settle();
    expect(await get()).toMatchObject({ state: 'open', raw: expect.stringContaining('Ada Lovelace') as string });
    expect(await shredOldLetters(server.engine, 30, Date.now() + 31 * DAY)).toBe(1);
  });
});
