import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, openSync, closeSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheOf } from './cache.js';
import { freePorts } from './free-ports.js';
import type { Restartable, Skipped } from './started.js';

const run = promisify(execFile);

const VERSION = '3.9.1';
const SLF4J = '1.7.36';
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
const LABEL = `Apache Kafka ${VERSION} (KRaft, one broker)`;
const HEAP = '384m';
const START_MS = 90_000;

/** A broker on loopback that was started here. */
export interface StartedKafka extends Restartable {
  /** A listener with TLS and SASL (PLAIN, SCRAM-SHA-256, SCRAM-SHA-512); present where it was asked for. */
  readonly secured?: { readonly address: string; readonly certificate: string; readonly username: string; readonly password: string };
}

export interface KafkaStartOptions {
  /** Also listens with TLS and SASL. */
  readonly secured?: boolean;
}

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>proofmark</groupId><artifactId>kafka-broker</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${VERSION}</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>${SLF4J}</version></dependency>
  </dependencies>
</project>
`;

const missing = async (program: string, arg: string): Promise<boolean> =>
  run(program, [arg]).then(
    () => false,
    () => true,
  );

/** The broker's jar files, fetched by Maven at the first time; the reason why there are none otherwise. */
const jars = async (): Promise<{ readonly jars: string } | Skipped> => {
  if (await missing('java', '-version')) return { skipped: 'Kafka: skipped, since there is no java on this machine' };
  const cache = cacheOf(`kafka-${VERSION}`);
  const lib = join(cache, 'lib');
  if (existsSync(lib)) return { jars: lib };
  if (await missing('mvn', '-v')) return { skipped: 'Kafka: skipped, since there is no mvn on this machine to fetch the broker with' };
  mkdirSync(cache, { recursive: true });
  const fresh = join(cache, `fresh-${randomBytes(4).toString('hex')}`);
  mkdirSync(fresh);
  try {
    writeFileSync(join(fresh, 'pom.xml'), POM);
    await run('mvn', ['-q', '-B', '-f', join(fresh, 'pom.xml'), COPY, `-DoutputDirectory=${join(fresh, 'lib')}`, '-DincludeScope=runtime'], { timeout: 600_000 });
    // All or nothing, also where two runs fetch at once.
    if (!existsSync(lib)) renameSync(join(fresh, 'lib'), lib);
    return { jars: lib };
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\n').slice(-1);
    return { skipped: `Kafka: skipped, since mvn could not fetch the broker (${reason})` };
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
};

interface Ports {
  readonly plain: number;
  readonly controller: number;
  readonly secured: number | undefined;
}

const USER = 'proofmark';

const properties = (dir: string, { plain, controller, secured }: Ports, password: string): string => {
  const listeners = [`PLAINTEXT://127.0.0.1:${plain}`, ...(secured ? [`SASL_SSL://127.0.0.1:${secured}`] : [])];
  const login = `username="${USER}" password="${password}"`;
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@127.0.0.1:${controller}`,
    'controller.listener.names=CONTROLLER',
    `listeners=${[...listeners, `CONTROLLER://127.0.0.1:${controller}`].join(',')}`,
    `advertised.listeners=${listeners.join(',')}`,
    'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL',
    'inter.broker.listener.name=PLAINTEXT',
    `log.dirs=${join(dir, 'data')}`,
    'auto.create.topics.enable=false',
    'offsets.topic.replication.factor=1',
    'offsets.topic.num.partitions=2',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    'transaction.state.log.num.partitions=2',
    'group.initial.rebalance.delay.ms=0',
    'num.network.threads=2',
    'num.io.threads=2',
    'log.cleaner.dedupe.buffer.size=16777216',
    ...(secured
      ? [
          'sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
          `listener.name.sasl_ssl.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required ${login} user_${USER}="${password}";`,
          'listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;',
          'listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;',
          `ssl.keystore.location=${join(dir, 'broker.p12')}`,
          'ssl.keystore.type=PKCS12',
          `ssl.keystore.password=${password}`,
        ]
      : []),
    '',
  ].join('\n');
};

/** A key of the broker's own; resolves to its certificate. */
const certificate = async (dir: string, password: string): Promise<string> => {
  const store = ['-keystore', join(dir, 'broker.p12'), '-storetype', 'PKCS12', '-storepass', password, '-alias', 'broker'];
  await run('keytool', ['-genkeypair', '-keyalg', 'EC', '-groupname', 'secp256r1', '-dname', 'CN=localhost', '-ext', 'san=ip:127.0.0.1,dns:localhost', '-validity', '30', ...store]);
  const { stdout } = await run('keytool', ['-exportcert', '-rfc', ...store]);
  return stdout;
};

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
  });

/**
 * Starts a real Kafka broker on loopback, on free ports, with all that it writes below the directory; or says in one line
 * why there can be none. The broker comes from Maven, at the first time only.
 */
export const startKafka = async (dir: string, { secured: wantsSecured = false }: KafkaStartOptions = {}): Promise<StartedKafka | Skipped> => {
  const found = await jars();
  if ('skipped' in found) return found;
  const password = randomBytes(12).toString('hex');
  const ports = await freePorts(3);
  const [plain = 0, controller = 0, third = 0] = ports;
  const secured = wantsSecured ? third : undefined;
  const config = join(dir, 'server.properties');
  const log = join(dir, 'broker.log');
  mkdirSync(dir, { recursive: true });
  writeFileSync(config, properties(dir, { plain, controller, secured }, password));
  const cert = secured ? await certificate(dir, password) : '';
  const classpath = ['-cp', join(found.jars, '*'), '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn'];
  const scram = secured ? ['256', '512'].flatMap((bits) => ['--add-scram', `SCRAM-SHA-${bits}=[name=${USER},password=${password}]`]) : [];
  // Of the 16 bytes of an id the first are fixed: one that began with a hyphen would be taken for an option.
  const id = Buffer.concat([Buffer.from('proof'), randomBytes(11)]).toString('base64url');
  await run('java', [...classpath, 'kafka.tools.StorageTool', 'format', '-t', id, '-c', config, ...scram]);

  let child: ChildProcess | undefined;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ending = child;
    child = undefined;
    if (!ending) return;
    ending.kill(signal);
    const force = setTimeout(() => ending.kill('SIGKILL'), 20_000);
    await ended(ending);
    clearTimeout(force);
  };
  const start = async (): Promise<void> => {
    const out = openSync(log, 'a');
    const flags = [`-Xms${HEAP}`, `-Xmx${HEAP}`, '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
    const starting = spawn('java', [...flags, ...classpath, 'kafka.Kafka', config], { stdio: ['ignore', out, out] });
    closeSync(out);
    child = starting;
    const deadline = Date.now() + START_MS;
    while (!(await answers(plain))) {
      if (starting.exitCode !== null || starting.signalCode !== null || Date.now() > deadline) {
        await end('SIGKILL');
        throw new Error(`The Kafka broker did not start:\n${readFileSync(log, 'utf8').slice(-2_000)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  await start();
  return {
    address: `127.0.0.1:${plain}`,
    label: LABEL,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    start,
    ...(secured && { secured: { address: `127.0.0.1:${secured}`, certificate: cert, username: USER, password } }),
  };
};
