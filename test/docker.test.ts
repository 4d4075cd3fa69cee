import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { loadConfig, VARIABLES } from '#engine/config.js';

/* The files in docker/ cannot be started everywhere; what can be known of them without that is held here. */

const root = join(import.meta.dirname, '..', '..');
const textOf = (name: string): string => readFileSync(join(root, 'docker', name), 'utf8');

interface Service {
  readonly image?: string;
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly healthcheck?: object;
  readonly restart?: string;
  readonly read_only?: boolean;
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}
const compose = (name: string): Compose => parse(textOf(name), { merge: true }) as Compose;
const COMPOSE = ['engines.yaml', 'proofmark.yaml'];
const [engines, system] = COMPOSE.map(compose) as [Compose, Compose];

/** The variables of a .env file: those that have to be set, and those that stand there as comments, with their defaults. */
const sample = new Map([...textOf('env.sample').matchAll(/^(#?)([A-Z_]+)=(.*)$/gm)].map(([, comment, name, value]) => [name, comment ? value : undefined]));
/** A value as compose would have it, with what is to be set being "set". */
const filledIn = (text: string): string => text.replaceAll(/\$\{([A-Z_]+)(?::-([^}]*)|:\?[^}]*)?\}/g, (_all, _name, otherwise?: string) => otherwise ?? 'set');

describe('the compose files', () => {
  it('set what the engine knows, to what it takes', () => {
    for (const { environment } of [system.services['worker'], system.services['web']] as readonly Service[]) {
      const env = Object.fromEntries(Object.entries(environment ?? {}).map(([name, value]) => [name, filledIn(String(value))]));
      expect(Object.keys(env).filter((name) => !(name in VARIABLES))).toEqual([]);
      const config = loadConfig({ ...env, PROOFMARK_URL: 'https://badges.school.example' });
      expect(config).toMatchObject({ eventStoreUri: expect.any(String) as string, mongodb: { database: 'proofmark' }, kafka: { brokers: ['kafka:9092'] } });
    }
  });

  it('divide all roles among the services', () => {
    const roles = ['worker', 'web'].flatMap((name) => String(system.services[name]?.environment?.['PROOFMARK_ROLES']).split(','));
    expect([...new Set(roles)].sort()).toEqual(['decide', 'intake', 'issue', 'project', 'web']);
  });

  it('make the topics that the engine uses', () => {
    const { kafka } = loadConfig({ PROOFMARK_KAFKA_BROKERS: 'kafka:9092' });
    const made = [...textOf('engines.yaml').matchAll(/make --topic (\S+) --partitions (\S+)/g)].map(([, topic]) => topic);
    expect(made.sort()).toEqual([...(kafka?.topics ?? []), kafka?.courseTopic, kafka?.deadLetterTopic, kafka?.badgesTopic, kafka?.sharesTopic].sort());
  });

  it.each(COMPOSE)('ask for nothing that env.sample does not name, and have no password: %s', (name) => {
    const text = textOf(name);
    for (const [, variable, otherwise] of text.matchAll(/(?<!\$)\$\{([A-Z_]+)(?::-([^}]*))?[^}]*\}/g)) {
      expect([variable, sample.has(variable as string)]).toEqual([variable, true]);
      expect([variable, otherwise]).toEqual([variable, sample.get(variable as string)]);
    }
    expect(text.match(/password|secret|passphrase/gi)?.length).toBeGreaterThan(0);
    expect([...text.matchAll(/^\s*[A-Z_]*(?:PASSWORD|SECRET)[A-Z_]*:\s+(?!\$\{[A-Z_]+:\?)\S+/gm)].map(([found]) => found)).toEqual([]);
  });

  it('leave empty what must not have a default', () => {
    expect([...textOf('env.sample').matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value])).toEqual([['MONGODB_PASSWORD', ''], ['KAFKA_CLUSTER_ID', ''], ['KEY_PASSPHRASE_FILE', ''], ['PUBLIC_URL', '']]);
  });

  it('say of each server when it is well, where its data are, and that only this machine reaches it', () => {
    for (const [name, { healthcheck, volumes, ports = [], restart }] of Object.entries(engines.services)) {
      if (restart === 'no') continue;
      expect([name, healthcheck !== undefined]).toEqual([name, true]);
      for (const volume of volumes ?? []) expect(engines.volumes).toHaveProperty([volume.split(':')[0] as string]);
      expect(volumes?.length).toBeGreaterThan(0);
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    }
    expect(system.services['worker']).toMatchObject({ read_only: true, deploy: { replicas: 3 } });
  });
});

describe('the image', () => {
  it('runs the engine as somebody without rights, from what it copies', () => {
    const stages = textOf('Dockerfile').split(/^FROM /m);
    const last = stages.at(-1) ?? '';
    expect(last.indexOf('USER node')).toBeGreaterThan(0);
    expect(last.indexOf('USER node')).toBeLessThan(last.indexOf('CMD ["node", "--max-semi'));
    expect(last).toContain('HEALTHCHECK');
    for (const [, variable] of textOf('Dockerfile').matchAll(/(PROOFMARK_[A-Z_]+)=/g)) expect(VARIABLES).toHaveProperty([variable as string]);
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly scripts: Readonly<Record<string, string>> };
    expect(scripts['start']).toContain('dist/apps/engine/main.js');
  });
});
