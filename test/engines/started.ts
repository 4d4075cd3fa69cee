/** A server that was started for tests: where it is, what it is, and how to end it. */
export interface Started {
  /** As the variable that names one has it. */
  readonly address: string;
  readonly label: string;
  /** Ends it in peace. */
  readonly stop: () => Promise<void>;
}

/** One that can fail and come back, at the same address and with the same data. */
export interface Restartable extends Started {
  /** Ends it at once, as a crash would (SIGKILL). */
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
}

/** Why there is none, in one line. */
export interface Skipped {
  readonly skipped: string;
}
