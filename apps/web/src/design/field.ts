/** How a field to write in, or to choose from, looks. */
export const FIELD = 'min-h-11 w-full rounded-card border border-quiet/50 bg-paper px-3';
