import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoggerService } from '@nestjs/common';
import { loadConfig } from './config.js';
import { ADMIN_KEY, AS_ADMIN } from './http/admin-under-test.js';
import { keepPublicUrl, publicUrlOf, servedUrl } from './public-url.js';
import { serve } from './serve.js';

const OLD = 'https://old.school.example';
const NEW = 'https://new.school.example';
const RULE = `
badge: present
name: { en: Present }
criteria-text: { en: One session }
course: C1
decides: as-soon-as-met
when-corrected: keep
criteria: { count: { of: attendance, at-least: 1 } }
`;
const EVENT = { id: '1', source: 'lms', type: 'AttendanceMarked', learner: 'ada', course: 'C1', activity: 's1', status: 'present', time: '2026-03-01T09:00:00Z' };

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'proofmark-url-'));
  writeFileSync(join(dir, 'present.yaml'), RULE);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** What a start under an address warns of; a badge is earned meanwhile where one is asked for. */
const warningsAt = async (publicUrl: string, earn = false): Promise<readonly string[]> => {
  const warnings: string[] = [];
  const nothing = (): void => undefined;
  const logger: LoggerService = { log: nothing, error: nothing, warn: (line: unknown) => void warnings.push(String(line)) };
  const server = await serve(loadConfig({}, { dataDir: join(dir, 'data'), rulesDirs: [dir], port: 0, publicUrl, adminKey: ADMIN_KEY }), logger);
  if (earn) await fetch(`${server.url}/v1/events`, { method: 'POST', headers: { ...AS_ADMIN, 'content-type': 'application/json' }, body: JSON.stringify(EVENT) });
  await server.engine.followers.settle();
  await server.stop();
  return warnings;
};

describe('the public address', () => {
  it('is announced once when it becomes another than credentials name, with what follows', async () => {
    expect(await warningsAt(OLD)).toEqual([]);
    expect(await warningsAt(NEW)).toEqual([]); // nothing was issued yet
    expect(await warningsAt(OLD, true)).toEqual([]);
    expect(await warningsAt(OLD)).toEqual([]);
    expect(await warningsAt(NEW)).toEqual([expect.stringMatching(/name https:\/\/old\.school\.example; from now on they name https:\/\/new\.school\.example\..*keys reissue/) as string]);
    expect(await warningsAt(NEW)).toEqual([]);
  }, 120_000);

  it('is kept, and refused where what is kept is none', async () => {
    expect(await publicUrlOf(dir, undefined, 3000)).toBe('http://localhost:3000');
    expect([await keepPublicUrl(dir, OLD), await keepPublicUrl(dir, OLD), await keepPublicUrl(dir, NEW)]).toEqual([undefined, undefined, OLD]);
    expect([readFileSync(join(dir, 'public-url'), 'utf8'), await publicUrlOf(dir, undefined, 3000), await servedUrl(dir, undefined, 3000)]).toEqual([`${NEW}\n`, NEW, NEW]);
    for (const text of ['nonsense', 'http://[::1]:3000', 'file:///etc']) {
      writeFileSync(join(dir, 'public-url'), text);
      for (const find of [publicUrlOf, servedUrl]) await expect(find(dir, undefined, 3000)).rejects.toMatchObject({ code: 'USAGE', message: expect.stringContaining(text) as string });
    }
  });
});
