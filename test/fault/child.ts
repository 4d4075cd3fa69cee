import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A program beside the tests, under way. */
export interface Child {
  readonly process: ChildProcess;
  /** Every line of its standard output so far. */
  readonly lines: string[];
  /** Resolves when a line satisfies the condition, or at the end of the output. */
  until(condition: (line: string) => boolean): Promise<void>;
  /** Resolves when it has ended and its output was read, to its exit code; null after a signal. */
  readonly ended: Promise<number | null>;
}

/** Starts a program beside the tests, behind the command `before` if given (as in "strace -f"), with more in its environment. */
export const startChild = (file: string, args: readonly string[], before: readonly string[] = [], environment: Readonly<Record<string, string>> = {}): Child => {
  const [command = '', ...rest] = [...before, process.execPath, fileURLToPath(new URL(file, import.meta.url)), ...args];
  const child = spawn(command, rest, { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const watchers = new Set<(line: string | undefined) => void>();
  const tell = (line: string | undefined): void => watchers.forEach((watcher) => watcher(line));
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => {
    lines.push(line);
    tell(line);
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)));
  void ended.then(() => tell(undefined));
  return {
    process: child,
    lines,
    ended,
    until: (condition) =>
      new Promise((resolve) => {
        const watcher = (line: string | undefined): void => {
          if (line !== undefined && !condition(line)) return;
          watchers.delete(watcher);
          resolve();
        };
        watchers.add(watcher);
        if (child.exitCode !== null || lines.some(condition)) watcher(undefined);
      }),
  };
};

/** The numbers i of the lines "ack i". */
export const acknowledged = (lines: readonly string[]): number[] =>
  lines.filter((line) => line.startsWith('ack ')).map((line) => Number(line.slice(4)));
