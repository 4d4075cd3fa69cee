import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { AS_ADMIN } from './admin-under-test.js';
import { serverUnderTest, type Answer, type ServerUnderTest } from './server-under-test.js';

/* Backtests that take minutes if nobody ends them. */

const LEARNERS = 5;
const DAYS = 8_000;
/** As many criteria as a rule may have, looked at anew for each of the days on which it is earned once more. */
const LONG = `
badge: long
name: { en: Long }
criteria-text: { en: Long }
course: C1
decides: as-soon-as-met
when-corrected: revoke
validity: { for: 1 day, renewal: earn-again }
criteria:
  all:
${Array.from({ length: 199 }, () => '    - count: { of: missions, at-least: 1 }').join('\n')}
`;

let server: ServerUnderTest;
let url: string;
beforeAll(async () => {
  server = await serverUnderTest();
  const mission = (learner: number, day: number) => {
    const time = new Date(Date.UTC(2000, 0, 1 + day)).toISOString();
    return { id: `m${learner}-${day}`, source: 'lms', type: 'MissionCompleted', learner: `l${learner}`, course: 'C1', activity: `M${day}`, time };
  };
  for (let learner = 0; learner < LEARNERS; learner++) {
    for (let day = 0; day < DAYS; day += 500) {
      expect((await server.post('/v1/events', Array.from({ length: 500 }, (_, i) => mission(learner, day + i)))).status).toBe(200);
    }
  }
  await server.engine.followers.settle();
  url = await server.app.listen('127.0.0.1', 0);
}, 120_000);
afterAll(() => server.close());

/** A client that has begun to read a backtest. */
const open = async (body: object): Promise<{ readonly sent: ClientRequest; readonly answer: IncomingMessage; readonly ended: Promise<string> }> => {
  const sent = request(`${url}/v1/rules/backtest`, { method: 'POST', headers: { ...AS_ADMIN, 'content-type': 'application/json' } });
  sent.on('error', () => undefined);
  sent.end(JSON.stringify(body));
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  let text = '';
  answer.setEncoding('utf8').on('data', (part: string) => (text += part));
  const ended = new Promise<string>((resolve) => answer.once('close', () => resolve(text)));
  answer.on('error', () => undefined);
  return { sent, answer, ended };
};
const small = (): Promise<Answer> => server.post('/v1/rules/backtest', { badge: 'essays', learners: ['l1'] });
const lastLine = (text: string): unknown => JSON.parse(text.trim().split('\n').at(-1) ?? '');

describe('backtests that take long', () => {
  it('let the server answer others, run few at once, and end when their client goes away', async () => {
    const clients = await Promise.all([open({ source: LONG }), open({ source: LONG })]);
    await Promise.all(clients.map(({ answer }) => once(answer, 'data')));
    for (let i = 0; i < 50; i++) expect((await fetch(`${url}/health/live`)).status).toBe(200);
    expect(clients.map(({ answer }) => answer.complete)).toEqual([false, false]);
    expect(await small()).toMatchObject({ status: 429, headers: { 'retry-after': '5' }, body: { type: 'urn:proofmark:problem:busy' } });

    for (const { sent } of clients) sent.destroy();
    let next = await small();
    while (next.status === 429) next = await small();
    expect(lastLine(next.text)).toMatchObject({ result: { badge: 'essays', complete: true, total: 1 } });
  });

  it('say so when the server stops', async () => {
    const { answer, ended } = await open({ source: LONG });
    await once(answer, 'data');
    await server.close();
    expect(lastLine(await ended)).toMatchObject({ problem: { type: 'urn:proofmark:problem:unavailable' } });
    server = await serverUnderTest();
  });
});
