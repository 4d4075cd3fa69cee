import { resolve } from 'node:path';
import { loadConfig } from './config.js';

describe('the configuration', () => {
  it('has a default for everything', () => {
    expect(loadConfig({ HOME: '/root' })).toEqual({ requestsPerSecond: { address: 50, person: 20, key: 200 }, host: '127.0.0.1', port: 3000, dataDir: resolve('data'), rulesDirs: [resolve('rules')], tenant: 'default', verifyOnline: false, smallGroup: 5 });
  });

  it('reads every variable', () => {
    const env = {
      PROOFMARK_HOST: '0.0.0.0', PROOFMARK_PORT: '0', PROOFMARK_DATA: '/d', PROOFMARK_RULES: '/r, /s', PROOFMARK_TENANT: 'school-1',
      PROOFMARK_MAX_LOG_BYTES: '1000000', PROOFMARK_SOURCES: '/sources.yaml',
      PROOFMARK_URL: 'https://badges.school.example/x/', PROOFMARK_KEY_PASSPHRASE_FILE: '/pass', PROOFMARK_SMALL_GROUP: '10', PROOFMARK_VERIFY: 'online', PROOFMARK_OB_API: 'read-only',
      PROOFMARK_TRUSTED_PROXIES: '10.0.0.2, 192.168.7.0/24,fd00::/8',
    };
    expect(loadConfig(env)).toEqual({
      requestsPerSecond: { address: 50, person: 20, key: 200 }, host: '0.0.0.0', port: 0, dataDir: '/d', rulesDirs: ['/r', '/s'], tenant: 'school-1', maxLogBytes: 1_000_000, sourcesFile: '/sources.yaml',
      publicUrl: 'https://badges.school.example/x', keyPassphraseFile: '/pass', smallGroup: 10, verifyOnline: true, obApi: 'read-only', trustedProxies: ['10.0.0.2', '192.168.7.0/24', 'fd00::/8'],
    });
  });

  it('takes an empty variable for one that is not set', () => {
    const env = { PROOFMARK_HOST: '', PROOFMARK_PORT: '', PROOFMARK_DATA: '', PROOFMARK_RULES: '', PROOFMARK_TENANT: '', PROOFMARK_MAX_LOG_BYTES: '', PROOFMARK_SOURCES: '' };
    expect(loadConfig(env)).toEqual(loadConfig({}));
  });

  it('takes 0 and 1 alike for telling of groups of any size', () => {
    expect(['0', '1', '3'].map((text) => loadConfig({ PROOFMARK_SMALL_GROUP: text }).smallGroup)).toEqual([0, 0, 3]);
  });

  it('lets explicit settings win', () => {
    expect(loadConfig({ PROOFMARK_PORT: '1', PROOFMARK_TENANT: 'a' }, { port: 2, tenant: 'b', dataDir: 'x' })).toMatchObject({ port: 2, tenant: 'b', dataDir: resolve('x') });
  });

  it.each([
    ['PROOFMARK_PORT', '65536'], ['PROOFMARK_PORT', '-1'], ['PROOFMARK_PORT', '80.5'], ['PROOFMARK_PORT', 'http'], ['PROOFMARK_PORT', ' '], ['PROOFMARK_MAX_LOG_BYTES', '10'],
    ['PROOFMARK_TENANT', 'a b'], ['PROOFMARK_TENANT', '../x'], ['PROOFMARK_PROT', '80'], ['PROOFMARK_URL', 'badges.school.example'], ['PROOFMARK_URL', 'ftp://x'], ['PROOFMARK_VERIFY', 'yes'], ['PROOFMARK_URL', 'https://[2001:db8::7]/x'], ['PROOFMARK_URL', 'http://[::1]:3000'],
    ['PROOFMARK_OB_API', 'write'], ['PROOFMARK_SMALL_GROUP', '2'], ['PROOFMARK_SMALL_GROUP', '21'], ['PROOFMARK_SMALL_GROUP', 'off'],
    ['PROOFMARK_TRUSTED_PROXIES', 'proxy.example'], ['PROOFMARK_TRUSTED_PROXIES', '10.0.0.2/33'], ['PROOFMARK_TRUSTED_PROXIES', '10.0.0.2,'], ['PROOFMARK_TRUSTED_PROXIES', '10.0.0.0/8/8'],
    ['PROOFMARK_TRUSTED_PROXIES', 'fd00::/129'], ['PROOFMARK_TRUSTED_PROXIES', '1'], ['PROOFMARK_TRUSTED_PROXIES', 'loopback'],
  ])('refuses %s=%s by name', (name, value) => {
    expect(() => loadConfig({ [name]: value })).toThrow(expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(name === 'PROOFMARK_TENANT' ? value : name) as string }) as Error);
  });
});

describe('the engines', () => {
  const kafka = { PROOFMARK_KAFKA_BROKERS: 'a:9092, b:9092' };
  const stores = { PROOFMARK_EVENTSTORE_URI: 'esdb://admin:p@ss@events:2113?tls=false', PROOFMARK_MONGODB_URI: 'mongodb://u:p@db:27017' };

  it('are embedded unless the environment names others', () => {
    expect(loadConfig({})).not.toHaveProperty('kafka');
    expect(loadConfig({})).not.toHaveProperty('roles');
  });

  it('have names for their topics that fit together', () => {
    expect(loadConfig({ ...kafka, ...stores })).toMatchObject({
      eventStoreUri: stores.PROOFMARK_EVENTSTORE_URI,
      mongodb: { uri: stores.PROOFMARK_MONGODB_URI, database: 'proofmark' },
      kafka: { brokers: ['a:9092', 'b:9092'], group: 'proofmark', topics: ['learning-events'], courseTopic: 'course-events', deadLetterTopic: 'learning-events-dead-letters', badgesTopic: 'badges', sharesTopic: 'proofmark-shares', signatures: 'optional' },
    });
  });

  it('can do without some topics, and with a certificate and a password', () => {
    const env = { ...kafka, PROOFMARK_KAFKA_COURSE_TOPIC: 'none', PROOFMARK_KAFKA_BADGES_TOPIC: 'none', PROOFMARK_KAFKA_CA_FILE: '/ca.pem', PROOFMARK_KAFKA_SASL: 'scram-sha-512', PROOFMARK_KAFKA_USERNAME: 'u', PROOFMARK_KAFKA_PASSWORD: 'p' };
    const settings = loadConfig(env).kafka;
    expect(settings).toMatchObject({ tls: { caFile: '/ca.pem' }, sasl: { mechanism: 'scram-sha-512', username: 'u', password: 'p' } });
    expect(Object.keys(settings ?? {})).not.toEqual(expect.arrayContaining(['courseTopic']));
    expect(Object.keys(settings ?? {})).not.toEqual(expect.arrayContaining(['badgesTopic']));
  });

  it('may require that messages are signed', () => {
    expect(loadConfig({ ...kafka, PROOFMARK_KAFKA_SIGNATURES: 'required' }).kafka).toMatchObject({ signatures: 'required' });
  });

  it('may be divided into roles where the stores are in common', () => {
    expect(loadConfig({ ...stores, PROOFMARK_ROLES: 'web, decide' }).roles).toEqual(['decide', 'web']);
    expect(() => loadConfig({ PROOFMARK_ROLES: 'web' })).toThrow(/PROOFMARK_EVENTSTORE_URI and PROOFMARK_MONGODB_URI/);
  });

  it.each([
    ['PROOFMARK_ROLES', { ...stores, PROOFMARK_ROLES: 'decide,wbe' }],
    ['PROOFMARK_EVENTSTORE_URI', { PROOFMARK_EVENTSTORE_URI: 'http://admin:secret@x' }],
    ['PROOFMARK_MONGODB_URI', { PROOFMARK_MONGODB_URI: 'db:27017' }],
    ['PROOFMARK_MONGODB_DATABASE', { PROOFMARK_MONGODB_DATABASE: 'a b' }],
    ['PROOFMARK_KAFKA_BROKERS', { PROOFMARK_KAFKA_BROKERS: 'kafka' }],
    ['PROOFMARK_KAFKA_TOPICS', { ...kafka, PROOFMARK_KAFKA_TOPICS: 'a,b c' }],
    ['PROOFMARK_KAFKA_SIGNATURES', { ...kafka, PROOFMARK_KAFKA_SIGNATURES: 'yes' }],
    ['PROOFMARK_KAFKA_TLS', { ...kafka, PROOFMARK_KAFKA_TLS: 'yes' }],
    ['PROOFMARK_KAFKA_SASL', { ...kafka, PROOFMARK_KAFKA_SASL: 'gssapi' }],
    ['PROOFMARK_KAFKA_USERNAME', { ...kafka, PROOFMARK_KAFKA_SASL: 'plain' }],
    ['PROOFMARK_KAFKA_', { ...kafka, PROOFMARK_KAFKA_BADGES_TOPIC: 'learning-events' }],
  ])('refuses what makes no sense by name: %s', (name, env) => {
    expect(() => loadConfig(env)).toThrow(expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(name) as string }) as Error);
    expect(() => loadConfig(env)).not.toThrow(/secret/);
  });
});
