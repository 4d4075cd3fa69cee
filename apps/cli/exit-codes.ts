/** What the process's exit code says. */
export const EXIT = {
  /** Everything was done. */
  ok: 0,
  /** It failed; what was acknowledged is kept. */
  failed: 1,
  /** The command line makes no sense. */
  usage: 2,
  /** Another process writes to the data directory. */
  locked: 3,
  /** Done, but some deliveries became dead letters. */
  deadLetters: 4,
  /** What was asked for does not exist. */
  notFound: 5,
  /** Stopped by a signal; what was counted is recorded. */
  interrupted: 130,
} as const;
