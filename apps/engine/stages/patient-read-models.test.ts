import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProofmarkError } from '#domain/errors.js';
import { openEmbeddedReadModels } from '#projections/embedded.js';
import type { GenerationWriter, ReadModelStore } from '#projections/read-model.js';
import { patientReadModels } from './patient-read-models.js';

const COUNTED = { name: 'counted', version: 1, collections: [{ name: 'counter', columns: { id: 'text', hits: 'integer' }, key: ['id'] }] } as const;

/** Read models of which every other call finds nobody, writers' included; they know the writers that they gave. */
const everyOtherAway = (readModels: ReadModelStore): ReadModelStore => {
  let calls = 0;
  const given = new WeakSet<GenerationWriter>();
  const orAway = <T>(answer: () => Promise<T>): Promise<T> => {
    calls += 1;
    return calls % 2 === 1 ? Promise.reject(new ProofmarkError('STORE_UNAVAILABLE', 'away')) : answer();
  };
  return {
    ...readModels,
    register: (projections) => orAway(() => readModels.register(projections)),
    count: (name) => orAway(() => readModels.count(name)),
    generations: () =>
      orAway(async () => {
        const writers = (await readModels.generations()).map((writer) => ({ ...writer, checkpoint: () => orAway(() => writer.checkpoint()) }));
        for (const writer of writers) given.add(writer);
        return writers;
      }),
    apply: (batches) =>
      orAway(() => {
        if (!batches.every(({ generation }) => given.has(generation))) throw new Error('these are not the writers that were given');
        return readModels.apply(batches);
      }),
  };
};

describe('patient read models', () => {
  let dir: string;
  beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'proofmark-patient-'))));
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('wait for a database that is away, whatever is asked of it, checkpoints of writers included', async () => {
    const store = openEmbeddedReadModels({ dir });
    const patient = patientReadModels(everyOtherAway(store), new AbortController().signal);
    await patient.register([COUNTED]);
    const [generation] = await patient.generations();
    if (!generation) throw new Error('no generation');
    expect(await generation.checkpoint()).toBe(-1);
    await patient.apply([{ generation, writes: [{ op: 'add', collection: 'counter', key: { id: 'a' }, add: { hits: 1 } }], checkpoint: 3 }]);
    expect([await generation.checkpoint(), await patient.count('counter')]).toEqual([3, 1]);
    await store.close();
  });

  it('wait no longer than they are wanted', async () => {
    const end = new AbortController();
    const never = { count: () => Promise.reject(new ProofmarkError('STORE_UNAVAILABLE', 'away')) };
    const asked = patientReadModels(never as unknown as ReadModelStore, end.signal).count('counter');
    end.abort();
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
  });
});
