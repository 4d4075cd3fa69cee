/** What the address of the batches says: which one is open. */
export interface BatchesSearch {
  readonly batch?: string;
}

/** What an address asks of the batches; what makes no sense there is left out. */
export const batchesSearch = ({ batch }: Readonly<Record<string, unknown>>): BatchesSearch => (typeof batch === 'string' && batch !== '' ? { batch } : {});
