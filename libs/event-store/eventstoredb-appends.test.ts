import { setImmediate } from 'node:timers/promises';
import { ProofmarkError } from '#domain/errors.js';
import { testAppend, testEvent } from './contract.js';
import type { Append, AppendResult, RecordedEvent } from './event-store.js';
import { openAppends, type Appends } from './eventstoredb-appends.js';
import { ServerLost } from './eventstoredb-client.js';
import { openReach, type Reach } from './eventstoredb-reach.js';
import { openReads } from './eventstoredb-reads.js';
import { type ScriptedChannel, ScriptedServer } from './eventstoredb-script.js';

let server: ScriptedServer;
let reach: Reach;
let appends: Appends;
let highest: number;
const open = (patience = 60_000, silence = 60_000): void => {
  server = new ScriptedServer();
  highest = 0;
  reach = openReach(patience, () => undefined);
  const seen = (position: number): void => {
    highest = Math.max(highest, position);
  };
  appends = openAppends({ server, reach, patience, silence, reads: openReads(server, reach, silence, seen), highest: () => highest, seen });
};
beforeEach(() => open());
afterEach(() => {
  reach.giveUp();
  appends.close();
});

const append = (...each: Append[]): Promise<readonly AppendResult[]> => appends.append(each);
const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await setImmediate();
};
const channel = async (number: number): Promise<ScriptedChannel> => {
  await until(() => server.channels.length >= number);
  const found = server.channels[number - 1];
  if (!found) throw new Error('no channel');
  return found;
};
const sent = (of: ScriptedChannel): readonly string[] => of.sent.map(({ append: { stream, expected } }) => `${stream}@${expected}`);
const answer = (of: ScriptedChannel, at: number, given: Parameters<ScriptedChannel['handler']['answered']>[1]): void => of.handler.answered(of.sent[at]?.ticket ?? -1, given);
const written = (revision: number, position: number | undefined) => ({ kind: 'written', revision, position }) as const;
const recorded = (stream: string, ...names: string[]): readonly RecordedEvent[] =>
  names.map((name, revision) => ({ ...testEvent(name), stream, revision, position: 100 + revision, recordedAt: 0 }));

describe('appends to EventStoreDB', () => {
  it('that were not answered are sent again in their order, with the same ids', async () => {
    const results = append(testAppend('a-1', 'no-stream', 'x'), testAppend('b-1', 4, 'y', 'z'), testAppend('c-1', 0, 'w'));
    const first = await channel(1);
    await until(() => first.sent.length === 3);
    answer(first, 1, written(6, 20));
    first.handler.ended(new ServerLost('cut'));
    expect(reach.health()).toEqual({ writable: false, reason: 'cut' });
    const second = await channel(2);
    await until(() => second.sent.length === 2);
    expect(sent(second)).toEqual(['a-1@-1', 'c-1@0']);
    expect(second.sent[0]?.append.events).toEqual([testEvent('x')]);
    answer(second, 1, written(1, 30));
    answer(second, 0, written(0, 10));
    expect(await results).toEqual([
      { outcome: 'appended', revision: 0, position: 10 },
      { outcome: 'appended', revision: 6, position: 20 },
      { outcome: 'appended', revision: 1, position: 30 },
    ]);
    expect(reach.health()).toEqual({ writable: true });
  });

  it('to one stream wait for each other, and what comes behind them too', async () => {
    const results = append(testAppend('a-1', 'no-stream', 'x'), testAppend('a-1', 'no-stream', 'x'), testAppend('b-1', 'no-stream', 'y'));
    const first = await channel(1);
    await setImmediate();
    expect(sent(first)).toEqual(['a-1@-1']);
    answer(first, 0, written(0, 10));
    await until(() => first.sent.length === 3);
    answer(first, 1, written(0, 10));
    answer(first, 2, written(0, 11));
    expect((await results).map(({ outcome }) => outcome)).toEqual(['appended', 'already-appended', 'appended']);
  });

  it('that stand where they belong were appended, though the server calls the revision wrong after a loss', async () => {
    const results = append(testAppend('a-1', 'no-stream', 'x', 'y'), testAppend('b-1', 0, 'z'));
    const first = await channel(1);
    await until(() => first.sent.length === 2);
    server.streams.set('a-1', recorded('a-1', 'x', 'y', 'later'));
    server.streams.set('b-1', recorded('b-1', 'first', 'other'));
    first.handler.ended(new ServerLost('cut'));
    const second = await channel(2);
    await until(() => second.sent.length === 2);
    answer(second, 0, { kind: 'wrong-revision', actual: 2 });
    answer(second, 1, { kind: 'wrong-revision', actual: 1 });
    expect(await results).toEqual([{ outcome: 'appended', revision: 1, position: 101 }, { outcome: 'wrong-expected-revision', actual: 1 }]);
  });

  it('are sent again where the server is unsure', async () => {
    const results = append(testAppend('a-1', 'no-stream', 'x'));
    const first = await channel(1);
    answer(first, 0, { kind: 'unsure', error: new ServerLost('timeout') });
    await until(() => first.sent.length === 2);
    answer(first, 1, written(0, 10));
    expect(await results).toEqual([{ outcome: 'appended', revision: 0, position: 10 }]);
  });

  it('are looked up where the server names no position', async () => {
    server.streams.set('a-1', recorded('a-1', 'x', 'y'));
    highest = 500;
    const results = append(testAppend('a-1', 'no-stream', 'x', 'y'), testAppend('b-1', 'no-stream', 'truncated'));
    const first = await channel(1);
    await until(() => first.sent.length === 2);
    answer(first, 0, written(1, undefined));
    answer(first, 1, written(0, undefined));
    expect(await results).toEqual([{ outcome: 'already-appended', revision: 1, position: 101 }, { outcome: 'already-appended', revision: 0, position: 0 }]);
  });

  it('to any revision go behind what others appended meanwhile', async () => {
    server.streams.set('a-1', recorded('a-1', 'x'));
    const results = append(testAppend('a-1', 'any', 'y'));
    const first = await channel(1);
    expect(sent(first)).toEqual(['a-1@0']);
    server.streams.set('a-1', recorded('a-1', 'x', 'other'));
    answer(first, 0, { kind: 'wrong-revision', actual: 1 });
    await until(() => first.sent.length === 2);
    expect(sent(first)).toEqual(['a-1@0', 'a-1@1']);
    answer(first, 1, written(2, 102));
    expect(await results).toEqual([{ outcome: 'appended', revision: 2, position: 102 }]);
  });

  it('to any revision read a stream once', async () => {
    const reads: unknown[] = [];
    const read = server.read.bind(server);
    server.read = (query, handler) => (reads.push(query), read(query, handler));
    for (let i = 0; i < 3; i++) {
      const results = append(testAppend('a-1', 'any', `${i}`));
      const first = await channel(1);
      await until(() => first.sent.length === i + 1);
      answer(first, i, written(i, 10 + i));
      await results;
    }
    expect(reads).toHaveLength(1);
  });

  it('wait where the connection is full', async () => {
    server.narrow = true;
    void append(testAppend('a-1', 'no-stream', 'x'), testAppend('b-1', 'no-stream', 'y')).catch(() => undefined); // nobody answers here: it ends with the connection, after the test
    const first = await channel(1);
    for (let turn = 0; turn < 20; turn++) await setImmediate();
    expect(first.sent).toHaveLength(1);
    first.handler.drained();
    await until(() => first.sent.length === 2);
  });

  it('fail when patience has ended, and when the server refuses', async () => {
    open(0);
    const impatient = expect(append(testAppend('a-1', 'no-stream', 'x'))).rejects.toMatchObject({ code: 'STORE_FAILED', message: expect.stringMatching(/^cut.* send it again as it was/) as string });
    (await channel(1)).handler.ended(new ServerLost('cut'));
    await impatient;
    const refused = expect(append(testAppend('a-1', 'no-stream', 'x'))).rejects.toMatchObject({ code: 'USAGE' });
    const second = await channel(2);
    await until(() => second.sent.length === 1);
    answer(second, 0, { kind: 'refused', error: new ProofmarkError('USAGE', 'too large') });
    await refused;
    await appends.idle();
  });

  it('are given up and sent again where nobody answers', async () => {
    open(60_000, 20);
    const results = append(testAppend('a-1', 'no-stream', 'x'));
    const first = await channel(1);
    const second = await channel(2);
    expect(first.cancelled).toBe(true);
    first.handler.answered(first.sent[0]?.ticket ?? -1, written(0, 9)); // too late: its number is not used again
    await until(() => second.sent.length === 1);
    answer(second, 0, written(0, 10));
    expect(await results).toEqual([{ outcome: 'appended', revision: 0, position: 10 }]);
  });
});
