import type { Collection, GenerationWriter, ReadModelStore, Write } from '#projections/read-model.js';
import { FOLLOWED_LOG } from '../followed-log.js';

/** How far the log was followed by what has no read model of its own; kept beside the checkpoints of the projections. */
export interface Marks {
  /** The position of the one that is furthest behind; -1 where one has not begun. */
  least(names: readonly string[]): Promise<number>;
  /** Moves them to a position, never back, together with writes that note which log it is a position of. */
  move(names: readonly string[], position: number, log?: readonly Write[]): Promise<void>;
}

/** How marks are registered: projections without collections, but for the one beside which it is noted which log they follow. */
export const markNames = (names: readonly string[]): readonly { readonly name: string; readonly version: number; readonly collections: readonly Collection[] }[] =>
  [...new Set([LOG, ...names])].map((name) => ({ name, version: 1, collections: name === LOG ? [FOLLOWED_LOG] : [] }));

const LOG = 'awarding';

/** The marks that were registered with the read models. */
export const marksIn = async (readModels: ReadModelStore): Promise<Marks> => {
  const places = new Map<string, GenerationWriter>((await readModels.generations()).map((generation) => [generation.projection, generation]));
  const placeOf = (name: string): GenerationWriter => {
    const place = places.get(name);
    if (!place) throw new Error(`the read models have no place for the checkpoint of ${name}`);
    return place;
  };
  return {
    least: async (names) => Math.min(...(await Promise.all(names.map((name) => placeOf(name).checkpoint())))),
    move: async (names, checkpoint, log = []) => {
      const moved = log.length > 0 ? new Set([LOG, ...names]) : names;
      await readModels.apply([...moved].map((name) => ({ generation: placeOf(name), writes: name === LOG ? log : [], checkpoint })));
    },
  };
};
