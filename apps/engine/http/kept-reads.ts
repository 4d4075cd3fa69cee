import { Injectable } from '@nestjs/common';
import type { Engine } from '../engine.js';
import { InjectEngine } from './engine-token.js';

/** So many answers are kept; the one that was asked for longest ago goes first. */
const MOST_KEPT = 200;

interface Kept {
  readonly checkpoints: string;
  readonly value: Promise<unknown>;
}

/** What is worked out from many rows of read models is kept for as long as these have not moved on. */
@Injectable()
export class KeptReads {
  readonly #kept = new Map<string, Kept>();

  constructor(@InjectEngine() private readonly engine: Engine) {}

  /** What `make` comes to, on these projections as they are now or later; `key` says which of all answers it is. */
  async of<T>(projections: readonly string[], key: string, make: () => Promise<T>): Promise<T> {
    const { readModels } = this.engine;
    // Taken before anything is read, so that what is kept shows at least this.
    const checkpoints = (await Promise.all(projections.map((name) => readModels.checkpoint(name)))).join();
    let kept = this.#kept.get(key);
    this.#kept.delete(key);
    if (kept?.checkpoints !== checkpoints) kept = { checkpoints, value: make() };
    const { value } = kept;
    this.#kept.set(key, kept);
    if (this.#kept.size > MOST_KEPT) this.#kept.delete(this.#kept.keys().next().value ?? key);
    value.catch(() => this.#kept.delete(key)); // what failed is asked again
    return (await value) as T;
  }
}
