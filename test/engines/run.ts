// Runs the suites of the real engines: "npm run test:engines". See docs/engines.md.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STARTED_HERE, type EngineVariable } from './describe-on.js';
import { startEventStore } from './eventstore.js';
import { startFerretDb } from './ferretdb.js';
import { startKafka } from './kafka.js';
import type { Skipped, Started } from './started.js';

interface Engine {
  readonly name: string;
  /** Names its address; where it is set nothing is started. */
  readonly variable: EngineVariable;
  readonly start: (dir: string) => Promise<Started | Skipped>;
}

const ENGINES: readonly Engine[] = [
  { name: 'Kafka', variable: 'KAFKA_BROKERS', start: startKafka },
  { name: 'EventStoreDB', variable: 'EVENTSTORE_URI', start: startEventStore },
  { name: 'MongoDB', variable: 'MONGODB_URI', start: startFerretDb },
];

const HELP = `Usage: npm run test:engines -- [path patterns and options of jest]

Runs the contract and fault suites (*.engines-test.ts) against real engines: those that these variables name,
else what can be started on this machine, on loopback, with data in a temporary directory:

${ENGINES.map(({ name, variable }) => `  ${variable.padEnd(16)} ${name}`).join('\n')}

FAULT_CYCLES=n repeats faults n times. Suites of engines that are not there say so and are skipped.`;

const jest = (args: readonly string[], env: Readonly<Record<string, string | undefined>>): Promise<number> =>
  new Promise((resolve) => {
    const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
    const child = spawn(process.execPath, [...flags, '-c', 'jest.engines.config.js', ...args], { stdio: 'inherit', env });
    // Ctrl+C reaches jest by itself; a signal to this process alone does not.
    const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
    process.on('SIGINT', pass).on('SIGTERM', pass);
    child.once('exit', (code) => {
      process.off('SIGINT', pass).off('SIGTERM', pass);
      resolve(code ?? 130);
    });
  });

const main = async (args: readonly string[]): Promise<number> => {
  const dir = mkdtempSync(join(tmpdir(), 'proofmark-engines-'));
  const started: Started[] = [];
  const env: Record<string, string | undefined> = { ...process.env };
  let interrupted = false;
  const interrupt = (): void => {
    interrupted = true;
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    for (const { name, variable, start } of ENGINES) {
      if (interrupted) return 130;
      if (env[variable]) {
        console.log(`${name}: ${variable}=${env[variable]}`);
        continue;
      }
      const engine = await start(join(dir, name.toLowerCase()));
      if ('skipped' in engine) {
        console.log(engine.skipped);
        continue;
      }
      started.push(engine);
      console.log(`${name}: ${engine.label} at ${engine.address}`);
      env[variable] = engine.address;
      env[STARTED_HERE] = [env[STARTED_HERE], variable].filter(Boolean).join(',');
    }
    return interrupted ? 130 : await jest(args, env);
  } finally {
    await Promise.allSettled(started.map(({ stop }) => stop()));
    rmSync(dir, { recursive: true, force: true });
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
};

const args = process.argv.slice(2);
if (args.includes('--help') || args.includes('-h')) console.log(HELP);
else process.exitCode = await main(args);
