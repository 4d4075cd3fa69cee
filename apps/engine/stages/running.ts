/** A part of the work that runs until it is stopped. */
export interface Running {
  /** Resolves when what was under way has ended. */
  stop(): Promise<void>;
}
