/** Formats of import files. */
export const FORMATS = ['proofmark', 'oulad'] as const;
export type Format = (typeof FORMATS)[number];
