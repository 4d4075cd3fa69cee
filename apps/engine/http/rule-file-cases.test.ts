import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverUnderTest, type ServerUnderTest } from './server-under-test.js';

const rule = (badge: string): string => `badge: ${badge}\nname: { en: ${badge} }\ncriteria-text: { en: One }\ncourse: C1\ndecides: as-soon-as-met\nwhen-corrected: review\ncriteria: { count: { of: missions, at-least: 1 } }\n`;
const dir = mkdtempSync(join(tmpdir(), 'proofmark-cases-'));
let server: ServerUnderTest;
beforeAll(async () => {
  writeFileSync(join(dir, 'a.yaml'), `# one more than there-twice\n${rule('there')}`);
  writeFileSync(join(dir, 'a.cases.yaml'), '# of there\ncases: []\n');
  writeFileSync(join(dir, 'b.yml'), rule('there-twice'));
  writeFileSync(join(dir, 'b.cases.yml'), '# of there-twice\n');
  writeFileSync(join(dir, 'c.yaml'), rule('alone'));
  server = await serverUnderTest({ rulesDirs: [dir] });
});
afterAll(async () => {
  await server.close();
  rmSync(dir, { recursive: true });
});

describe('GET /v1/rules/{badge}/cases', () => {
  it.each([['there', '# of there\ncases: []\n'], ['there-twice', '# of there-twice\n']])('has the example cases beside the file of %s', async (badge, cases) => {
    const { status, body } = await server.get(`/v1/rules/${badge}/cases`);
    expect([status, body]).toEqual([200, { badge, cases }]);
  });

  it.each(['alone', 'nobody', 'yaml'])('says where there are none (%s)', async (badge) => {
    expect((await server.get(`/v1/rules/${badge}/cases`)).status).toBe(404);
  });
});
