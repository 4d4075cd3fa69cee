import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Restartable } from './started.js';

const PROGRAM = join(import.meta.dirname, 'eventstore-stand-in/main.js');
const READY_MS = 30_000;

const launch = async (dir: string, port: number): Promise<{ readonly child: ChildProcess; readonly port: number }> => {
  const child = fork(PROGRAM, [dir, String(port)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] });
  const [message] = (await Promise.race([
    once(child, 'message', { signal: AbortSignal.timeout(READY_MS) }),
    once(child, 'exit').then(([code]) => {
      throw new Error(`The stand-in of EventStoreDB ended at its start (exit code ${code}).`);
    }),
  ])) as [{ readonly port: number }];
  child.channel?.unref();
  child.unref();
  return { child, port: message.port };
};

const end = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.ref();
  child.kill(signal);
  await once(child, 'exit');
};

/** Starts the stand-in of EventStoreDB's wire protocol (no real server can be had without one that is installed). */
export const startEventStore = async (dir: string): Promise<Restartable> => {
  mkdirSync(dir, { recursive: true });
  let { child, port } = await launch(dir, 0);
  return {
    address: `esdb://127.0.0.1:${port}?tls=false`,
    label: "a stand-in of EventStoreDB's wire protocol (not a server)",
    kill: () => end(child, 'SIGKILL'),
    start: async () => {
      ({ child, port } = await launch(dir, port));
    },
    stop: () => end(child, 'SIGTERM'),
  };
};
