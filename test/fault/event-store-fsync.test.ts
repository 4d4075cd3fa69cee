import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbedded } from '#event-store/embedded.js';
import { acknowledged, startChild } from './child.js';

const root = mkdtempSync(join(tmpdir(), 'proofmark-'));
afterAll(() => rmSync(root, { recursive: true }));

const probe = spawnSync('strace', ['-f', '-o', '/dev/null', '-e', 'inject=fsync:error=EIO:when=1', 'true']);
const able = probe.status === 0;
if (!able) console.warn('Skipped: sync failures need a working strace (apt-get install strace, and permission to trace).');

(able ? describe : describe.skip)('a sync that fails', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 12, 20, 41])('at the %s. sync: nothing is acknowledged from there on, nothing acknowledged is lost', async (nth) => {
    const dir = join(root, `${nth}`);
    const strace = ['strace', '-f', '--seccomp-bpf', '-o', '/dev/null', '-e', 'trace=fdatasync,fsync', '-e', `inject=fdatasync,fsync:error=EIO:when=${nth}`];
    const child = startChild('./appender.js', [dir, 'x', '60'], strace);
    expect(await child.ended).toBe(1);
    const firstError = child.lines.findIndex((line) => line.startsWith('error'));
    expect(child.lines[firstError]).toBe('error STORE_FAILED');
    expect(acknowledged(child.lines.slice(firstError))).toEqual([]);
    // Either it never opened, or it refused all five further appends and said that it is unhealthy.
    if (child.lines.includes('open')) expect(child.lines.slice(firstError)).toEqual([...Array<string>(5).fill('error STORE_FAILED'), 'unhealthy']);

    const store = await openEmbedded({ dir });
    const events = await store.readStream('learner-fault.x');
    const acks = acknowledged(child.lines);
    const written = events.map(({ json }) => (JSON.parse(json) as { i: number }).i);
    expect(written.slice(0, acks.length)).toEqual(acks);
    await store.close();
  });
});
