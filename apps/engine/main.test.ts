import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openEmbeddedReader } from '#event-store/embedded.js';
import { adminEnvironment, AS_ADMIN } from './http/admin-under-test.js';

const MAIN = fileURLToPath(new URL('./main.js', import.meta.url));
const RULES = fileURLToPath(new URL('../../../rules', import.meta.url));
const running = new Set<ChildProcess>();
let dir: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'proofmark-main-'));
  writeFileSync(join(dir, 'wrong.yaml'), 'badge: wrong\n');
});
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(dir, { recursive: true, force: true });
});

/** The program with its output so far and its exit code to come. */
const start = (...args: readonly string[]) => {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { ...process.env, ...adminEnvironment(dir) }, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let output = '';
  const said = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      for (const look of said) look();
    });
  }
  const ended = once(child, 'close').then(([code]) => {
    running.delete(child);
    return { code: code as number | null, output };
  });
  const says = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(output);
        if (match) resolve(match);
      };
      said.add(look);
      look();
      void ended.then(({ code }) => reject(new Error(`it ended with ${code} before it said ${pattern.source}: ${output}`)));
    });
  return { child, ended, says };
};

describe('the engine program', () => {
  it('starts, takes events, refuses a second one on its data, and drains at SIGTERM', async () => {
    const data = join(dir, 'data');
    const server = start('--data', data, '--rules', dir, '--port', '0');
    const [, url] = await server.says(/is at (http:\S+)/);
    await server.says(/rule not published: \S*wrong\.yaml:\d+:\d+ /);
    const second = await start('--data', data, '--rules', dir, '--port', '0').ended;
    expect(second).toMatchObject({ code: 3, output: expect.stringContaining(data) as string });

    const event = { id: 'e1', source: 'lms', type: 'Enrolled', learner: 'ana', course: 'C1', time: '2026-03-01' };
    const answer = await fetch(`${url}/v1/events`, { method: 'POST', headers: { ...AS_ADMIN, 'content-type': 'application/json' }, body: JSON.stringify(event) });
    expect(await answer.json()).toMatchObject({ recorded: 1 });
    server.child.kill('SIGTERM');
    expect(await server.ended).toMatchObject({ code: 0 });

    const again = start('--data', data, '--rules', dir, '--port', '0');
    const [, next] = await again.says(/is at (http:\S+)/);
    const repeated = await fetch(`${next}/v1/events`, { method: 'POST', headers: { ...AS_ADMIN, 'content-type': 'application/json' }, body: JSON.stringify(event) });
    expect(await repeated.json()).toMatchObject({ duplicates: 1 });
    again.child.kill('SIGINT');
    expect(await again.ended).toMatchObject({ code: 0 });
  });

  it('says in one line what to do when the port is in use, and publishes nothing', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { code, output } = await start('--data', join(dir, 'other'), '--rules', dir, '--port', String(port)).ended;
    const full = await start('--data', join(dir, 'third'), '--rules', RULES, '--port', String(port)).ended;
    other.close();
    expect([code, full.code]).toEqual([4, 4]);
    const log = await openEmbeddedReader(join(dir, 'third'));
    expect(await log.head()).toBe(0);
    await log.close();
    expect(output).toContain(`proofmark: Port ${port} of 127.0.0.1 is in use.`);
    expect(output).not.toMatch(/^\s+at /m);
  });

  it.each([['--port', 'x'], ['--nope'], ['more'], ['--rules', '/does/not/exist']])('refuses wrong usage: %s %s', async (...args) => {
    const { code, output } = await start('--data', join(dir, 'unused'), ...args).ended;
    expect(code).toBe(2);
    expect(output).not.toMatch(/^\s+at /m);
  });

  it('says in one line what to do where its data cannot be', async () => {
    const file = join(dir, 'wrong.yaml');
    const { code, output } = await start('--data', file, '--rules', dir, '--port', '0').ended;
    expect(code).toBe(2);
    expect(output).toMatch(/^proofmark: The data directory \S+ is no directory .*\n$/);
  });

  it('helps', async () => {
    expect(await start('--help').ended).toMatchObject({ code: 0, output: expect.stringContaining('--demo') as string });
    expect(await start('--version').ended).toMatchObject({ code: 0, output: expect.stringMatching(/^\d+\.\d+\.\d+/) as string });
  });
});
