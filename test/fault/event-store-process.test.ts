import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { namesOf, testAppend } from '#event-store/contract.js';
import { openEmbedded, openEmbeddedReader } from '#event-store/embedded.js';
import { acknowledged, startChild } from './child.js';

const root = mkdtempSync(join(tmpdir(), 'proofmark-'));
afterAll(() => rmSync(root, { recursive: true }));
const appender = './appender.js';

describe('the embedded event store and other processes', () => {
  it('keeps everything it acknowledged when it is killed, and opens again', async () => {
    const dir = join(root, 'killed');
    for (let cycle = 0; cycle < 8; cycle++) {
      const child = startChild(appender, [dir, `${cycle}`]);
      await child.until((line) => line === `ack ${10 + cycle * 37}`);
      child.process.kill('SIGKILL');
      expect(await child.ended).toBeNull();

      const store = await openEmbedded({ dir });
      const acks = acknowledged(child.lines);
      const events = await store.readStream(`learner-fault.${cycle}`);
      const written = events.map(({ json }) => (JSON.parse(json) as { i: number }).i);
      expect(acks.length).toBeGreaterThan(10);
      expect(written.slice(0, acks.length)).toEqual(acks);
      // One more may have become durable before its acknowledgement was printed.
      expect(written.length).toBeLessThanOrEqual(acks.length + 1);
      expect(await store.readAll({ after: 0, limit: 100_000 })).toHaveLength(await store.head());
      await store.close();
    }
  });

  it('refuses a second writing process, and names the directory and the way out', async () => {
    const dir = join(root, 'locked');
    const first = await openEmbedded({ dir });
    const second = startChild(appender, [dir, 'x', '1']);
    expect(await second.ended).toBe(1);
    expect(second.lines).toEqual(['error STORE_LOCKED']);
    await first.close();
    const third = startChild(appender, [dir, 'x', '1']);
    expect(await third.ended).toBe(0);
    expect(third.lines).toEqual(['open', 'ack 0', 'done']);
  });

  it('is refused while another process writes, and reads beside it', async () => {
    const dir = join(root, 'beside');
    const child = startChild(appender, [dir, 'x']);
    await child.until((line) => line === 'ack 5');
    await expect(openEmbedded({ dir })).rejects.toMatchObject({
      code: 'STORE_LOCKED',
      message: expect.stringContaining(`${dir} is already being written by process ${child.process.pid},`) as string,
    });
    const reader = await openEmbeddedReader(dir);
    const end = new AbortController();
    let next = 0;
    for await (const batch of reader.subscribe({ after: 0, signal: end.signal })) {
      for (const { json } of batch) expect((JSON.parse(json) as { i: number }).i).toBe(next++);
      if (next > 100) end.abort();
    }
    await expect(reader.append([testAppend('learner-t.a', 'any', 'a')])).rejects.toMatchObject({ code: 'STORE_LOCKED' });
    child.process.kill('SIGKILL');
    await child.ended;
    expect((await reader.readStream('learner-fault.x', { from: 100, limit: 1 }))[0]?.json).toContain('"i":100,');
    await reader.close();
  });

  it('stops at its quota, and a larger quota lets it go on', async () => {
    const dir = join(root, 'quota');
    const child = startChild(appender, [dir, 'x', '10000', '300000']);
    expect(await child.ended).toBe(1);
    expect(child.lines.filter((line) => line.startsWith('error'))).toEqual(Array(5).fill('error STORE_FULL'));
    expect(child.lines.at(-1)).toBe('unhealthy');
    const again = startChild(appender, [dir, 'y', '10', '600000']);
    expect(await again.ended).toBe(0);
  });

  it('serves another thread: appends both ways, one log, live', async () => {
    const store = await openEmbedded({ dir: join(root, 'threads') });
    const handle = store.share();
    const peer = new Worker(new URL('./peer.js', import.meta.url), { workerData: handle, transferList: [handle.port] });
    expect(await once(peer, 'message')).toEqual(['appended']);
    expect(await store.readStream('learner-t.peer')).toHaveLength(2);
    // Listened for before the append: the other thread may be told of it before this one is.
    const [told, gone] = [once(peer, 'message'), once(peer, 'exit')];
    await store.append([testAppend('learner-t.owner', 'no-stream', 'mine')]);
    expect(await told).toEqual([['learner-t.peer@0', 'learner-t.peer@1', 'learner-t.owner@0']]);
    await gone;
    expect(namesOf(await store.readStream('learner-t.owner'))).toEqual(['mine']);
    await store.close();
  });
});
