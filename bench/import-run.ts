import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { atEnd } from './at-end.js';
import type { OwnAccount } from './own-account.js';

const PROGRAM = join(import.meta.dirname, '../apps/cli/main.js');
const OWN_ACCOUNT = pathToFileURL(join(import.meta.dirname, 'own-account.js')).href;
const TIMEOUT_MS = 10 * 60_000;

export interface ImportRun extends OwnAccount {
  readonly sent: number;
  /** Events a second from the first byte read until everything is decided and shown, as the program states it. */
  readonly eventsPerSecond: number;
  /** From the start of the process to its end, opening, publishing the rules and closing included. */
  readonly seconds: number;
  readonly awards: number;
}

/** The flags of Node in the first line of the program: what it runs with when it is started by its name. */
const nodeFlags = (): readonly string[] => {
  const [first = ''] = readFileSync(PROGRAM, 'utf8').split('\n', 1);
  return /^#!.*\bnode\s+(.*)$/.exec(first)?.[1]?.trim().split(/\s+/) ?? [];
};

const collect = (stream: unknown): (() => string) => {
  let text = '';
  (stream as Readable).setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  return () => text;
};

const number = (text: string, pattern: RegExp): number => {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`"proofmark import" printed no ${String(pattern)}:\n${text}`);
  return Number(found.replaceAll(',', ''));
};

/** Imports a file with the real program, in a process of its own. `profileInto` has a CPU profile of each thread written. */
export const runImport = async (options: {
  readonly file: string;
  readonly rules: string;
  readonly dataDir: string;
  readonly profileInto?: string;
}): Promise<ImportRun> => {
  const { file, rules, dataDir, profileInto } = options;
  const profile = profileInto === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileInto}`];
  const flags = [...nodeFlags(), ...profile, `--import=${OWN_ACCOUNT}`];
  const started = performance.now();
  const child = spawn(
    process.execPath,
    [...flags, PROGRAM, 'import', file, '--format', 'oulad', '--data', dataDir, '--rules', rules],
    { stdio: ['ignore', 'pipe', 'pipe', 'pipe'], timeout: TIMEOUT_MS, killSignal: 'SIGKILL' },
  );
  const ended = atEnd(() => void child.kill('SIGKILL'));
  const [out, err, account] = [child.stdout, child.stderr, child.stdio[3]].map(collect);
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  ended();
  const seconds = (performance.now() - started) / 1000;
  const stdout = out?.() ?? '';
  if (code !== 0) throw new Error(`"proofmark import" ended with ${code ?? 'a signal'}:\n${stdout}${err?.() ?? ''}`);
  const awards = [...stdout.matchAll(/^badge .* of ([\d,]+) ever awarded$/gm)].map(([, count = '']) => Number(count.replaceAll(',', '')));
  return {
    sent: number(stdout, /^sent +([\d,]+)$/m),
    eventsPerSecond: number(stdout, /^in [\d.]+ s, ([\d,]+) events\/s/m),
    seconds,
    ...(JSON.parse(account?.() ?? '') as OwnAccount),
    awards: awards.reduce((sum, count) => sum + count, 0),
  };
};
