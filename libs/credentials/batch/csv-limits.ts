/** What a file of rows may hold. */
export const CSV_LIMITS = {
  bytes: 50_000_000,
  rows: 100_000,
  columns: 100,
  /** Characters of a cell. */
  cell: 10_000,
} as const;
