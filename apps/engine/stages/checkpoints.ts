import { ProofmarkError } from '#domain/errors.js';
import type { Collection, GenerationWriter, ReadModelStore, Write } from '#projections/read-model.js';
import { FOLLOWED_LOG } from '../followed-log.js';

/** How far the log was followed by what has no read model of its own; kept beside the checkpoints of the projections. */
export interface Checkpoints {
  /** The position of the one that is furthest behind; -1 where one has not begun. */
  least(names: readonly string[]): Promise<number>;
  /** Moves them to a position, never back, and notes which log it is a position of. */
  move(names: readonly string[], position: number, log?: readonly Write[]): Promise<void>;
  /** Moves one to a position together with writes to its own collections; neither where another process has moved it further. */
  moveWith(name: string, position: number, writes: readonly Write[]): Promise<void>;
}

/** A checkpoint as it is registered: a projection that no fold writes to. */
export interface RegisteredCheckpoint {
  readonly name: string;
  readonly version: number;
  readonly collections: readonly Collection[];
}

/** Beside this one it is noted which log they all follow. */
const LOG: RegisteredCheckpoint = { name: 'awarding', version: 1, collections: [FOLLOWED_LOG] };

/** All checkpoints, to register: those of shares of the deciding, which are names alone, and others. */
export const checkpointsToRegister = (deciding: readonly string[], others: readonly RegisteredCheckpoint[]): readonly RegisteredCheckpoint[] => [
  LOG,
  ...deciding.filter((name) => name !== LOG.name).map((name) => ({ name, version: 1, collections: [] })),
  ...others,
];

/** Does what another process may be doing in the same moment: then it is looked at again. */
const unlessTaken = async (work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ProofmarkError && error.code === 'CONCURRENT_CHANGE')) throw error;
  }
};

/** The checkpoints that were registered with the read models. */
export const checkpointsIn = async (readModels: ReadModelStore, names: readonly string[]): Promise<Checkpoints> => {
  // One of an earlier shape is taken up as it is: nothing shows it, so that nobody has to wait until it has caught up.
  for (let building = true; building; ) {
    building = false;
    for (const { projection, state } of await readModels.generations(names)) {
      if (state !== 'building') continue;
      building = true;
      await unlessTaken(() => readModels.promote(projection));
    }
  }
  let places = new Map<string, GenerationWriter>();
  const look = async (): Promise<void> => {
    places = new Map((await readModels.generations(names)).map((generation) => [generation.projection, generation]));
  };
  await look();
  const placeOf = (name: string): GenerationWriter => {
    const place = places.get(name);
    if (!place) throw new Error(`the read models have no place for the checkpoint of ${name}`);
    return place;
  };
  /** Another process may have moved the same checkpoints meanwhile; they only ever go forward, so trying again is right. */
  const moving = async (batches: () => Parameters<ReadModelStore['apply']>[0]): Promise<void> => {
    for (;;) {
      try {
        return await readModels.apply(batches());
      } catch (error) {
        if (!(error instanceof ProofmarkError && error.code === 'CONCURRENT_CHANGE')) throw error;
        await look();
      }
    }
  };
  return {
    least: async (names) => Math.min(...(await Promise.all(names.map((name) => placeOf(name).checkpoint())))),
    move: async (names, checkpoint, log = []) => {
      const moved = log.length > 0 ? new Set([LOG.name, ...names]) : names;
      await moving(() => [...moved].map((name) => ({ generation: placeOf(name), writes: name === LOG.name ? log : [], checkpoint })));
    },
    moveWith: (name, checkpoint, writes) => moving(() => [{ generation: placeOf(name), writes, checkpoint }]),
  };
};
