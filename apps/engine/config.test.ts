import { resolve } from 'node:path';
import { loadConfig } from './config.js';

describe('the configuration', () => {
  it('has a default for everything', () => {
    expect(loadConfig({ HOME: '/root' })).toEqual({ host: '127.0.0.1', port: 3000, dataDir: resolve('data'), rulesDirs: [resolve('rules')], tenant: 'default', verifyOnline: false });
  });

  it('reads every variable', () => {
    const env = {
      PROOFMARK_HOST: '0.0.0.0', PROOFMARK_PORT: '0', PROOFMARK_DATA: '/d', PROOFMARK_RULES: '/r, /s', PROOFMARK_TENANT: 'school-1',
      PROOFMARK_MAX_LOG_BYTES: '1000000', PROOFMARK_SOURCES: '/sources.yaml',
      PROOFMARK_URL: 'https://badges.school.example/x/', PROOFMARK_KEY_PASSPHRASE_FILE: '/pass', PROOFMARK_VERIFY: 'online', PROOFMARK_OB_API: 'read-only',
      PROOFMARK_TRUSTED_PROXIES: '10.0.0.2, 192.168.7.0/24,fd00::/8',
    };
    expect(loadConfig(env)).toEqual({
      host: '0.0.0.0', port: 0, dataDir: '/d', rulesDirs: ['/r', '/s'], tenant: 'school-1', maxLogBytes: 1_000_000, sourcesFile: '/sources.yaml',
      publicUrl: 'https://badges.school.example/x', keyPassphraseFile: '/pass', verifyOnline: true, obApi: 'read-only', trustedProxies: ['10.0.0.2', '192.168.7.0/24', 'fd00::/8'],
    });
  });

  it('takes an empty variable for one that is not set', () => {
    const env = { PROOFMARK_HOST: '', PROOFMARK_PORT: '', PROOFMARK_DATA: '', PROOFMARK_RULES: '', PROOFMARK_TENANT: '', PROOFMARK_MAX_LOG_BYTES: '', PROOFMARK_SOURCES: '' };
    expect(loadConfig(env)).toEqual(loadConfig({}));
  });

  it('lets explicit settings win', () => {
    expect(loadConfig({ PROOFMARK_PORT: '1', PROOFMARK_TENANT: 'a' }, { port: 2, tenant: 'b', dataDir: 'x' })).toMatchObject({ port: 2, tenant: 'b', dataDir: resolve('x') });
  });

  it.each([
    ['PROOFMARK_PORT', '65536'], ['PROOFMARK_PORT', '-1'], ['PROOFMARK_PORT', '80.5'], ['PROOFMARK_PORT', 'http'], ['PROOFMARK_PORT', ' '], ['PROOFMARK_MAX_LOG_BYTES', '10'],
    ['PROOFMARK_TENANT', 'a b'], ['PROOFMARK_TENANT', '../x'], ['PROOFMARK_PROT', '80'], ['PROOFMARK_URL', 'badges.school.example'], ['PROOFMARK_URL', 'ftp://x'], ['PROOFMARK_VERIFY', 'yes'], ['PROOFMARK_URL', 'https://[2001:db8::7]/x'], ['PROOFMARK_URL', 'http://[::1]:3000'],
    ['PROOFMARK_OB_API', 'write'], 
    ['PROOFMARK_TRUSTED_PROXIES', 'proxy.example'], ['PROOFMARK_TRUSTED_PROXIES', '10.0.0.2/33'], ['PROOFMARK_TRUSTED_PROXIES', '10.0.0.2,'], ['PROOFMARK_TRUSTED_PROXIES', '10.0.0.0/8/8'],
    ['PROOFMARK_TRUSTED_PROXIES', 'fd00::/129'], ['PROOFMARK_TRUSTED_PROXIES', '1'], ['PROOFMARK_TRUSTED_PROXIES', 'loopback'],
  ])('refuses %s=%s by name', (name, value) => {
    expect(() => loadConfig({ [name]: value })).toThrow(expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(name === 'PROOFMARK_TENANT' ? value : name) as string }) as Error);
  });
});
