#!/usr/bin/env node
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { messageOf, ProofmarkError } from '#domain/errors.js';
import { loadConfig, VARIABLES, type EngineConfig } from './config.js';
import { runDemo } from './demo/demo.js';
import { SECOND_SCHOOL } from './demo/second-school.js';
import { keepHeapSmall } from './heap.js';
import { logLines } from './log-lines.js';
import { serve, type Server } from './serve.js';
import { VERSION } from './version.js';

/** What the process's exit code says. */
const EXIT = { ok: 0, failed: 1, usage: 2, locked: 3, portInUse: 4 } as const;
const DRAIN_MS = 10_000;

interface Options {
  readonly demo?: boolean;
  readonly data?: string;
  readonly rules?: readonly string[];
  readonly host?: string;
  readonly port?: number;
}

keepHeapSmall();

const print = (text: string): void => void process.stdout.write(text);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);
const logger = logLines((line) => print(`${line}\n`), complain, () => new Date());

const portOf = (text: string): number => {
  const port = Number(text);
  if (text === '' || !Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError('It must be a whole number from 0 to 65535.');
  return port;
};

const explicit = ({ data, rules, host, port }: Options): Partial<EngineConfig> => ({
  ...(data !== undefined && { dataDir: data }),
  ...(rules !== undefined && { rulesDirs: rules }),
  ...(host !== undefined && { host }),
  ...(port !== undefined && { port }),
});

/** The exit code of a failed start, and a line that says what to do. */
const failureOf = (error: unknown, { host, port }: Pick<EngineConfig, 'host' | 'port'>): readonly [code: number, line: string] => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'USAGE':
      return [EXIT.usage, messageOf(error)];
    case 'STORE_LOCKED':
      return [EXIT.locked, messageOf(error)];
    case 'EADDRINUSE':
      return [EXIT.portInUse, `Port ${port} of ${host} is in use. Stop what listens there, or choose another port with --port.`];
    case 'EACCES':
      return [EXIT.failed, `This user may not listen on port ${port} of ${host}. Choose a port from 1024 with --port.`];
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return [EXIT.usage, `${host} is no address of this machine. Choose one with --host.`];
    default:
      return [EXIT.failed, error instanceof ProofmarkError ? error.message : error instanceof Error ? (error.stack ?? error.message) : messageOf(error)];
  }
};

/** Stops once at a signal; a second signal, or ten seconds, end the process at once. */
const stopAtSignals = (server: Server, demo: AbortController): void => {
  let stopping = false;
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (stopping) process.exit(EXIT.failed);
    stopping = true;
    logger.log(`${signal}: finishing what is under way; everything acknowledged is kept`, 'engine');
    setTimeout(() => process.exit(EXIT.failed), DRAIN_MS).unref();
    demo.abort(new Error('the engine is stopping'));
    try {
      await server.stop();
      process.exit(EXIT.ok);
    } catch (error) {
      logger.error(error, 'engine');
      process.exit(EXIT.failed);
    }
  };
  process.on('SIGTERM', (signal) => void stop(signal));
  process.on('SIGINT', (signal) => void stop(signal));
};

/** Today's date in Seoul, where the demo's school is. */
const todayInSeoul = (): string => new Date(Date.now() + 9 * 3_600_000).toISOString().slice(0, 10);

/** The demo sends events with a key of its own, and has a second school where its rules are at hand and no tenants are named. */
const forDemo = (given: EngineConfig): EngineConfig => {
  const rules = given.rulesDirs.map((dir) => join(dir, SECOND_SCHOOL)).filter((dir) => existsSync(dir));
  return {
    ...given,
    adminKey: given.adminKey ?? randomBytes(32).toString('base64url'),
    ...(!given.tenants && rules.length > 0 && { tenants: [{ tenant: SECOND_SCHOOL, rulesDirs: rules }] }),
  };
};

const demonstrate = async (server: Server, key: string, signal: AbortSignal): Promise<void> => {
  try {
    await runDemo({ baseUrl: server.url, key, print, signal, today: todayInSeoul(), tty: process.stdout.isTTY, secondSchool: server.engine.others.some(({ config }) => config.tenant === SECOND_SCHOOL) });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
};

const start = async (options: Options): Promise<void> => {
  let config: EngineConfig | undefined;
  try {
    const given = loadConfig(process.env, { ...explicit(options), ...(options.demo && { demo: true }) });
    config = options.demo ? forDemo(given) : given;
    const server = await serve(config, logger);
    const demo = new AbortController();
    stopAtSignals(server, demo);
    // What does not pass by itself: whoever runs the engine starts it anew, and nothing acknowledged is lost. One that is alone
    // on its data goes on answering, since nobody else does.
    const endWith = (what: string) => (error: unknown): void => {
      logger.error(`${what}: ${messageOf(error)}`, 'engine');
      process.exit(EXIT.failed);
    };
    const { deliveries, followers } = server.engine;
    deliveries?.done.catch(endWith('Taking in from Kafka has ended'));
    if (config.kafka) followers.done.catch(endWith('Following the log has ended'));
    print(`\nProofmark ${VERSION} is at ${server.url}\nIts data are in ${config.dataDir}. Stop it with Ctrl+C.\n\n`);
    for (const { tenant, link } of server.firstLinks) print(`Nobody administers ${tenant === config.tenant ? 'it' : tenant} yet. Whoever opens this link, once, becomes the administrator:\n  ${link}\n\n`);
    if (options.demo) await demonstrate(server, config.adminKey ?? '', demo.signal);
  } catch (error) {
    const [code, line] = failureOf(error, config ?? { host: '', port: 0 });
    complain(`proofmark: ${line}`);
    process.exit(code);
  }
};

process.on('unhandledRejection', (reason) => {
  logger.error(reason, 'engine');
  process.exit(EXIT.failed);
});

const variables = Object.entries(VARIABLES).map(([name, sets]) => `  ${name.padEnd(34)} ${sets}`);

await new Command('proofmark-engine')
  .description('The Proofmark engine: takes learning events in, decides awards, and shows them. It needs nothing but Node.')
  .version(VERSION)
  .option('--demo', 'stream a generated class term through the intake, so that there is something to look at, and let whoever comes choose a role; on this machine alone')
  .option('--data <dir>', 'data directory (default: ./data)')
  .option('--rules <dir...>', 'directories of rule files (default: ./rules)')
  .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
  .option('--port <number>', 'port to listen on (default: 3000)', portOf)
  .addHelpText('after', `\nEnvironment:\n${variables.join('\n')}\n\nExit codes: 0 stopped; 1 failed; 2 wrong usage; 3 the data directory is in use by another process; 4 the port is in use.`)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.ok : EXIT.usage))
  .action(start)
  .parseAsync();
