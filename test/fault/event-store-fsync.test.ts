import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbedded } from '#event-store/embedded.js';
import { acknowledged, startChild } from './child.js';
import { describeUnless } from '../where-possible.js';

const root = mkdtempSync(join(tmpdir(), 'proofmark-'));
afterAll(() => rmSync(root, { recursive: true }));

const probe = spawnSync('strace', ['-f', '-o', '/dev/null', '-e', 'inject=fsync:error=EIO:when=1', 'true']);
const able = probe.status === 0;

const APPENDS = 60;
const CHECKPOINT_BYTES = 200_000; // small, so that checkpoints, too, meet the failure
// A fresh log takes 11 syncs to open, then one for each append and two more for each checkpoint: the first is about the 25th.
const SYNCS = [...Array.from({ length: 14 }, (_, i) => i + 1), 23, 24, 25, 26, 27, 39, 40, 41, 60];

describeUnless(able ? undefined : 'it takes a working strace: apt-get install strace, and permission to trace', 'a sync that fails', () => {
  it.each(SYNCS)('at the %s. sync: nothing is acknowledged from there on, nothing acknowledged is lost', async (nth) => {
    const dir = join(root, `${nth}`);
    const trace = `${dir}.trace`;
    const strace = ['strace', '-f', '-y', '--seccomp-bpf', '-o', trace, '-e', 'trace=fdatasync,fsync', '-e', `inject=fdatasync,fsync:error=EIO:when=${nth}`];
    const child = startChild('./appender.js', [dir, 'x', `${APPENDS}`, '0', `${CHECKPOINT_BYTES}`], strace);
    const code = await child.ended;
    const failed = /<(.*)>.*INJECTED/.exec(readFileSync(trace, 'utf8'))?.[1];
    const firstError = child.lines.findIndex((line) => line.startsWith('error'));
    if (failed === dir && code === 0) {
      // SQLite ignores a failed sync of a directory; the store syncs it once more itself, before it opens.
      expect(acknowledged(child.lines)).toHaveLength(APPENDS);
    } else {
      expect(failed).toBeDefined();
      expect(code).toBe(1);
      expect(child.lines[firstError]).toBe('error STORE_FAILED');
      expect(acknowledged(child.lines.slice(firstError))).toEqual([]);
      // Either it never opened, or it refused all five further appends and said that it is unhealthy.
      if (child.lines.includes('open')) expect(child.lines.slice(firstError)).toEqual([...Array<string>(5).fill('error STORE_FAILED'), 'unhealthy']);
    }

    const store = await openEmbedded({ dir });
    const acks = acknowledged(child.lines);
    const written = (await store.readStream('learner-fault.x')).map(({ json }) => (JSON.parse(json) as { i: number }).i);
    expect(written.slice(0, acks.length)).toEqual(acks);
    await store.close();
  });
});
