import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readProofmark } from '#intake/proofmark-format.js';
import { openEngine } from './composition.js';
import { loadConfig } from './config.js';
import type { Engine } from './engine.js';

const send = async (engine: Engine, learner: string): Promise<void> => {
  const raw = JSON.stringify({ id: `e-${learner}`, source: 'lms', type: 'Enrolled', learner, course: 'C1', time: '2026-03-01' });
  await engine.intake.submit([{ raw, format: 'proofmark', origin: 'test', mapped: readProofmark(raw) }]);
  await engine.followers.settle();
};
const learners = async (engine: Engine): Promise<readonly unknown[]> =>
  (await engine.readModels.find('roster', { where: { tenant: 'default', course: 'C1' } })).map(({ learner }) => learner);

describe('read models beside a log', () => {
  let dir = '';
  const open = () => openEngine(loadConfig({}, { dataDir: dir, rulesDirs: [] }));
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'proofmark-followed-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('go on where they were when the log is the same', async () => {
    const first = await open();
    await send(first, 'ana');
    await first.close();
    const second = await open();
    await send(second, 'ben');
    expect(await learners(second)).toEqual(['ana', 'ben']);
    await second.close();
  });

  it('are made anew when their file is damaged', async () => {
    const first = await open();
    await send(first, 'ana');
    await first.close();
    for (const name of readdirSync(dir).filter((file) => file.startsWith('read-models.db'))) rmSync(join(dir, name));
    writeFileSync(join(dir, 'read-models.db'), Buffer.alloc(8192, 'no database'));
    const second = await open();
    await second.followers.settle();
    expect(await learners(second)).toEqual(['ana']);
    await second.close();
  });

  it('are made anew when the log was replaced, shorter or longer', async () => {
    const first = await open();
    for (const learner of ['ana', 'ben', 'cho']) await send(first, learner);
    await first.close();
    for (const name of readdirSync(dir).filter((file) => file.startsWith('events.'))) rmSync(join(dir, name));
    const second = await open();
    expect(await learners(second)).toEqual([]);
    for (const learner of ['dan', 'eve', 'fay', 'gus']) await send(second, learner);
    expect(await learners(second)).toEqual(['dan', 'eve', 'fay', 'gus']);
    await second.close();
  });
});
