import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { proofmark, startIn } from './cli.js';

describe('dead letters that are sent again by command', () => {
  let dir = '';
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'proofmark-letters-'));
    mkdirSync(join(dir, 'rules'));
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it('are all but those whose sender was not entitled, unless their reason is named', async () => {
    const at = ['--data', join(dir, 'data')];
    const [events, sources] = [join(dir, 'events.ndjson'), join(dir, 'sources.yaml')];
    writeFileSync(events, `${JSON.stringify({ id: 'e1', source: 'lab', type: 'Enrolled', learner: 'ada', course: 'c', time: '2026-03-01' })}\n{\n`);
    writeFileSync(sources, 'lms: ["*"]\n');
    const { stdout } = await startIn({ env: { PROOFMARK_SOURCES: sources } }, 'import', events, ...at, '--rules', join(dir, 'rules')).ended;
    expect(stdout).toContain('forbidden-source');
    expect((await proofmark('dead-letters', 'replay', ...at)).stdout).toContain('0 of 1 replayed.');
    expect((await proofmark('dead-letters', 'replay', '--reason', 'forbidden-source', ...at)).stdout).toContain('1 of 1 replayed.');
  });
});
