import type { EventStore } from '#event-store/event-store.js';
import type { ProjectionState } from '#projections/progress.js';
import type { Projection } from '#projections/projection.js';
import type { ReadModelStore } from '#projections/read-model.js';
import { runProjections } from '#projections/runner.js';
import type { Running } from './running.js';

/** With what read models are built. */
export interface ProjectingOptions {
  readonly store: EventStore;
  readonly readModels: ReadModelStore;
  readonly projections: readonly Projection[];
  readonly batchSize: number;
  readonly onProgress: (states: readonly ProjectionState[]) => void;
  /** Told once, when it has ended though nobody stopped it. */
  readonly onFailure: (error: unknown) => void;
}

/** Read models, being built. */
export interface Projecting extends Running {
  rebuild(projection: string): Promise<void>;
  look(): void;
}

/** Folds the log into the read models of these projections. */
export const startProjecting = ({ onFailure, ...options }: ProjectingOptions): Projecting => {
  const stop = new AbortController();
  const run = runProjections({ ...options, signal: stop.signal });
  const ended = run.done.catch((error: unknown) => {
    if (!stop.signal.aborted) onFailure(error);
  });
  return {
    rebuild: (projection) => run.rebuild(projection),
    look: () => run.look(),
    stop: async () => {
      stop.abort();
      await ended;
    },
  };
};
