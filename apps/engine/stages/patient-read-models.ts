import { setTimeout as sleep } from 'node:timers/promises';
import { ProofmarkError } from '#domain/errors.js';
import type { GenerationWriter, ReadModelStore } from '#projections/read-model.js';

const PAUSE_MS = 500;

/** The same read models for those who have nothing better to do than wait while they cannot be reached; others see the error. */
export const patientReadModels = (readModels: ReadModelStore, signal: AbortSignal): ReadModelStore => {
  const patiently = <Args extends readonly unknown[], Result>(call: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      for (;;) {
        try {
          return await call(...args);
        } catch (error) {
          if (!(error instanceof ProofmarkError && error.code === 'STORE_UNAVAILABLE')) throw error;
          await sleep(PAUSE_MS, undefined, { signal });
        }
      }
    };
  /** Stores know the writers that they gave. */
  const originals = new WeakMap<GenerationWriter, GenerationWriter>();
  const patient = (writer: GenerationWriter): GenerationWriter => {
    const waiting = { ...writer, checkpoint: patiently(() => writer.checkpoint()) };
    originals.set(waiting, writer);
    return waiting;
  };
  return {
    get: patiently((collection, key) => readModels.get(collection, key)),
    find: patiently((collection, query) => readModels.find(collection, query)),
    count: patiently((collection, where) => readModels.count(collection, where)),
    checkpoint: patiently((projection) => readModels.checkpoint(projection)),
    projections: patiently(() => readModels.projections()),
    register: patiently((projections) => readModels.register(projections)),
    generations: patiently(async (projections) => (await readModels.generations(projections)).map(patient)),
    rebuild: patiently((projection) => readModels.rebuild(projection)),
    promote: patiently((projection) => readModels.promote(projection)),
    apply: patiently((batches) => readModels.apply(batches.map((batch) => ({ ...batch, generation: originals.get(batch.generation) ?? batch.generation })))),
    close: () => readModels.close(),
  };
};
