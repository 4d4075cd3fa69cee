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
  /** The badge that was verified is no badge of its issuer, or does not hold yet. */
  invalid: 10,
  /** It held until a time that has passed. */
  expired: 11,
  suspended: 12,
  revoked: 13,
  /** Who made it, or whether it still counts, could not be found out. */
  cannotBeTold: 14,
  /** It is of a kind that is not verified here. */
  unsupported: 15,
  /** Stopped by a signal; what was counted is recorded. */
  interrupted: 130,
} as const;
