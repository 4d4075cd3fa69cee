/** What decides which of two reports is newer. */
export interface Versioned {
  /** A sequence that the source gives. */
  readonly version?: number | undefined;
  /** Event time, epoch milliseconds. */
  readonly time?: number | undefined;
  /** The source's id of the event. */
  readonly id: string;
}

/** Older first: by explicit version, then event time, then id. Total within a source, hence independent of arrival. */
export const compareVersions = (a: Versioned, b: Versioned): number => {
  if (a.version !== b.version) return (a.version ?? -1) - (b.version ?? -1);
  const at = a.time ?? -Infinity;
  const bt = b.time ?? -Infinity;
  if (at !== bt) return at - bt;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
};

/** True when `a` is a strictly newer version of the same fact than `b`. */
export const supersedes = (a: Versioned, b: Versioned): boolean => compareVersions(a, b) > 0;
