import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProofmarkError } from '#domain/errors.js';
import { openEmbeddedReadModels } from '#projections/embedded.js';
import type { ReadModelStore } from '#projections/read-model.js';
import { patientReadModels } from './patient-read-models.js';

const COUNTED = { name: 'counted', version: 1, collections: [{ name: 'counter', columns: { id: 'text', hits: 'integer' }, key: ['id'] }] } as const;

/** Read models of which every other call finds nobody, writers' included. */
const everyOtherAway = (readModels: ReadModelStore): ReadModelStore => {
  let calls = 0;
  const flaky = <T extends object>(target: T): T =>
    new Proxy(target, {
      get: (whole, name) => {
        const member: unknown = Reflect.get(whole, name);
        if (typeof member !== 'function' || name === 'close') return member;
        return async (...args: readonly unknown[]): Promise<unknown> => {
          calls += 1;
          if (calls % 2 === 1) throw new ProofmarkError('STORE_UNAVAILABLE', 'away');
          const answer: unknown = await Reflect.apply(member as (...args: readonly unknown[]) => Promise<unknown>, whole, args);
          return answer;
        };
      },
    });
  const away = flaky(readModels);
  const awayToo = async (): ReturnType<ReadModelStore['generations']> => (await away.generations()).map((writer) => ({ ...writer, checkpoint: () => flaky(writer).checkpoint() }));
  const originals = async (batches: Parameters<ReadModelStore['apply']>[0]): Promise<void> => {
    const known = await readModels.generations();
    await away.apply(batches.map((batch) => ({ ...batch, generation: known.find(({ generation }) => generation === batch.generation.generation) ?? batch.generation })));
  };
  return { ...readModels, generations: awayToo, register: (projections) => away.register(projections), apply: originals, count: (name) => away.count(name) };
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
