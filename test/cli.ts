import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '../apps/cli/main.js');

/** What a run of the program printed and how it ended. */
export interface Run {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A run that is under way. */
export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Run>;
}

/** Under what a run takes place. */
export interface Surroundings {
  /** Beside this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** A file, which it reads as its standard input. */
  readonly stdin?: string;
}

/** Starts the real command-line program; `ended` resolves when it has. */
export const startIn = ({ env, stdin }: Surroundings, ...args: readonly string[]): Started => {
  const input = stdin === undefined ? undefined : openSync(stdin, 'r');
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: [input ?? 'ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  if (input !== undefined) closeSync(input);
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Run>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, ended };
};

/** Starts the program as it is; `ended` resolves when it has. */
export const start = (...args: readonly string[]): Started => startIn({}, ...args);

/** Runs the real command-line program to its end. */
export const proofmark = (...args: readonly string[]): Promise<Run> => start(...args).ended;
