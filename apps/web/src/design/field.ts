/** How a field to write in, or to choose from, looks, whatever its width. */
export const BOX = 'min-h-11 rounded-card border border-quiet/50 bg-paper px-3';
/** The same, as wide as there is room. */
export const FIELD = `${BOX} w-full`;
