import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { messageOf } from '#domain/errors.js';
import { cacheOf } from './cache.js';
import { freePort } from './free-ports.js';
import type { Restartable, Skipped } from './started.js';

/*
 * FerretDB speaks MongoDB's wire protocol and keeps documents in SQLite. Not its last release: since 1.20 its own SQLite
 * queries cannot use its index on _id, so that it reads the collection to find a document, and in 1.24 an update command
 * of a hundred statements waits for itself for ever.
 */
const MODULE = 'github.com/FerretDB/FerretDB';
const VERSION = 'v1.17.0';
const SUM = 'h1:D3EQdaDZiUALylZ88otF6pC5pD7NV+Mn9VM9yrHQTYs=';
const [BUILD_MS, START_MS, STOP_MS] = [900_000, 60_000, 10_000];

const run = promisify(execFile);

/** The program, built once from its Go module with the versions and sums that the module itself pins. */
const build = async (): Promise<string> => {
  const cache = cacheOf('ferretdb');
  const binary = join(cache, VERSION);
  if (existsSync(binary)) return binary;
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, 'building-'));
  try {
    const { stdout } = await run('go', ['mod', 'download', '-json', `${MODULE}@${VERSION}`], { cwd: work, timeout: BUILD_MS });
    const { Dir, Sum } = JSON.parse(stdout) as { Dir: string; Sum: string };
    if (Sum !== SUM) throw new Error(`the module's sum is ${Sum}, not ${SUM}`);
    // The module leaves out one generated file, without which the program refuses to start; the module cache is read-only.
    const source = join(work, 'source');
    await run('cp', ['-R', Dir, source]);
    await run('chmod', ['-R', 'u+w', source]);
    writeFileSync(join(source, 'build', 'version', 'version.txt'), `${VERSION}\n`);
    await run('go', ['build', '-o', join(work, 'ferretdb'), './cmd/ferretdb'], { cwd: source, timeout: BUILD_MS, maxBuffer: 2 ** 26 });
    renameSync(join(work, 'ferretdb'), binary);
    return binary;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
};

const answers = async (port: number): Promise<boolean> => {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false; // not yet, or not any more
  } finally {
    socket.destroy();
  }
};

/** Starts FerretDB on a free port of the loopback interface with its data in `dir`, or says in words why it cannot. */
export const startFerretDb = async (dir: string): Promise<Restartable | Skipped> => {
  let binary: string;
  try {
    binary = await build();
  } catch (thrown) {
    const missing = (thrown as NodeJS.ErrnoException).code === 'ENOENT';
    const why = missing ? 'there is no Go on this machine to build it with' : (messageOf(thrown).trim().split('\n').at(-1) ?? '');
    return { skipped: `FerretDB ${VERSION} could not be built: ${why}` };
  }
  const port = await freePort();
  mkdirSync(dir, { recursive: true });
  let server: ChildProcess | undefined;

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ending = server;
    server = undefined;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = once(ending, 'exit');
    ending.kill(signal);
    const late = new AbortController();
    await Promise.race([ended, pause(STOP_MS, undefined, { signal: late.signal }).then(() => ending.kill('SIGKILL'), () => undefined)]);
    await ended;
    late.abort();
  };
  const start = async (): Promise<void> => {
    const started = spawn(
      binary,
      [
        // a commit outlives a kill of the process with this too; only a power cut could take the last ones. It is not to give up on a slow machine
        '--handler=sqlite', `--sqlite-url=file:${dir}/?_pragma=synchronous(normal)&_pragma=busy_timeout(60000)`, `--state-dir=${dir}`, `--listen-addr=127.0.0.1:${port}`,
        '--debug-addr=-', '--telemetry=disable', '--log-level=ERROR',
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    server = started;
    const until = Date.now() + START_MS;
    while (!(await answers(port))) {
      if (started.exitCode !== null || Date.now() > until) throw new Error('FerretDB did not start.');
      await pause(20);
    }
  };
  process.once('exit', () => server?.kill('SIGKILL'));
  await start();
  return {
    address: `mongodb://127.0.0.1:${port}`,
    label: `FerretDB ${VERSION.slice(1)} (MongoDB wire protocol on SQLite)`,
    start,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
};
